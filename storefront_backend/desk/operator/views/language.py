"""The desk's language, kept in this browser."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from storefront_backend.desk.languages import COOKIE, DESK_LANGUAGES
from storefront_backend.desk.operator.seat import OperatorSeat, operator_page

_A_YEAR = 365 * 86_400


@operator_page("", "GET")
def choose(request: HttpRequest, seat: OperatorSeat) -> HttpResponse:
    """Remember the choice in this browser, and go back to where it was made."""
    back = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("operator-desk:overview")
    response = HttpResponseRedirect(back)
    wish = request.GET.get("to", "")
    if wish in DESK_LANGUAGES:
        response.set_cookie(
            COOKIE, wish, max_age=_A_YEAR, httponly=True, samesite="Lax", secure=request.is_secure()
        )
    return response
