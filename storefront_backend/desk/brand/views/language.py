"""The desk's language, kept in this browser."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from storefront_backend.desk.brand.seat import Seat, brand_page
from storefront_backend.desk.languages import remember_language


@brand_page("GET")
def choose(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Remember the choice in this browser, and go back to where it was made."""
    back = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("brand-desk:overview", args=(seat.brand.slug,))
    response = HttpResponseRedirect(back)
    remember_language(request, response, request.GET.get("to", ""))
    return response
