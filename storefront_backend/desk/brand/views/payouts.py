"""What the brand is owed, what it was paid, and the statement of each payout. For owners alone."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.text import slugify

from i18n.locales import text_in
from storefront_backend.accounts.rights import Act
from storefront_backend.desk.brand.payout_files import csv_of, pdf_of
from storefront_backend.desk.brand.seat import Seat, brand_page, desk_render
from storefront_backend.desk.pages import paged
from storefront_backend.orders.models import LedgerMovement
from storefront_backend.selling.ledger import dues
from storefront_backend.selling.payout_statements import PayoutStatement, payout_statements


@brand_page("GET", act=Act.READ_PAYOUTS)
def listed(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Balances, what was sold since the last payout, and every payout."""
    found = payout_statements(seat.scope.rows(LedgerMovement))
    context = {
        "dues": dues(seat.brand.slug),
        "running": [each for each in found if each.payout_id is None and each.lines],
        "page": paged(request, [each for each in found if each.payout_id is not None]),
    }
    return desk_render(request, seat, "desk/brand/payouts.html", context)


@brand_page("GET", act=Act.READ_PAYOUTS)
def one(request: HttpRequest, seat: Seat, payout_id: int) -> HttpResponse:
    """A payout's statement."""
    context = {"statement": _statement(seat, payout_id)}
    return desk_render(request, seat, "desk/brand/payout.html", context)


@brand_page("GET", act=Act.READ_PAYOUTS)
def file(request: HttpRequest, seat: Seat, payout_id: int, kind: str) -> HttpResponse:
    """The same as CSV or PDF."""
    statement = _statement(seat, payout_id)
    if kind == "csv":
        response = HttpResponse(csv_of(statement), content_type="text/csv; charset=utf-8")
    else:
        house = seat.brand.legal_name or text_in(seat.brand.names, seat.language)
        body = pdf_of(statement, house or seat.brand.slug, seat.language)
        response = HttpResponse(body, content_type="application/pdf")
    name = slugify(statement.reference) or str(payout_id)
    response["Content-Disposition"] = f'attachment; filename="payout-{name}.{kind}"'
    return response


def _statement(seat: Seat, payout_id: int) -> PayoutStatement:
    for each in payout_statements(seat.scope.rows(LedgerMovement)):
        if each.payout_id == payout_id:
            return each
    raise Http404(payout_id)
