"""The desk's language, kept in this browser."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from storefront_backend.desk.languages import remember_language


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Remember the choice, and go back to where it was made."""
    back = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("brand-desk:entrance")
    response = HttpResponseRedirect(back)
    remember_language(request, response, request.GET.get("to", ""))
    return response
