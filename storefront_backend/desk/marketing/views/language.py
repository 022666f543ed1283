"""The desk's language, kept in this browser."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from storefront_backend.desk.languages import remember_language
from storefront_backend.desk.marketing.seat import MarketingSeat, marketing_page


@marketing_page("GET")
def choose(request: HttpRequest, seat: MarketingSeat) -> HttpResponse:
    """Remember the choice, and go back to where it was made."""
    back = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("marketing-desk:start")
    response = HttpResponseRedirect(back)
    remember_language(request, response, request.GET.get("to", ""))
    return response
