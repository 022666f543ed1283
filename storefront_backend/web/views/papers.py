"""Invoices, packing lists and credit notes: to who holds the order's token, and to the brand."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from i18n.locales import text_in
from storefront_backend import wiring
from storefront_backend.accounts.models import User
from storefront_backend.accounts.rights import Act, may
from storefront_backend.catalog.models import Brand
from storefront_backend.commerce.documents import (
    Paper,
    PaperKind,
    Seller,
    check_seller,
    credit_note,
    parcel_paper,
)
from storefront_backend.commerce.errors import InvalidRequest, NotFound
from storefront_backend.commerce.orders import Order
from storefront_backend.web.papers.sheet import pdf
from storefront_backend.web.places import ShopRequest


@require_safe
@never_cache
def for_shopper(
    request: ShopRequest, market: str, language: str, token: UUID, kind: str, number: str
) -> HttpResponse:
    """A paper of the order whose token it is."""
    try:
        order = wiring.orders().get(str(token))
    except NotFound:
        raise Http404(token) from None
    if order.market != market:
        raise Http404(token)
    return _answer(order, kind, number, _brand_of(order, number))


@require_safe
@never_cache
@login_required
def for_brand(request: HttpRequest, kind: str, number: str) -> HttpResponse:
    """A paper of a brand's own parcel or refund, to its members and to operators.

    To others there is none.
    """
    try:
        order = wiring.orders().get(number.partition("-")[0])
    except NotFound:
        raise Http404(number) from None
    brand = _brand_of(order, number)
    user = request.user
    assert isinstance(user, User)  # who is not has been sent to sign in
    if not may(user, brand, Act.READ_ORDERS):
        raise Http404(number)
    return _answer(order, kind, number, brand)


def _brand_of(order: Order, number: str) -> str:
    numbered = {parcel.number: parcel.brand for parcel in order.fulfillments}
    numbered |= {refund.number: refund.brand for refund in order.refunds}
    if number not in numbered:
        raise Http404(number)
    return numbered[number]


def _answer(order: Order, kind: str, number: str, brand: str) -> HttpResponse:
    book = wiring.rulebook()
    try:
        paper = _paper(PaperKind(kind), order, number, brand)
        check_seller(paper, book)
    except (NotFound, ValueError):
        raise Http404(number) from None
    except InvalidRequest as error:
        text = f"{error.message}. {error.hint}."
        return HttpResponse(text, status=409, content_type="text/plain; charset=utf-8")
    country = book.market(order.market).market.country
    response = HttpResponse(pdf(paper, country), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{kind}-{number}.pdf"'
    response["X-Robots-Tag"] = "noindex"
    return response


def _paper(kind: PaperKind, order: Order, number: str, brand: str) -> Paper:
    row = Brand.objects.get(slug=brand)
    seller = Seller(
        slug=row.slug,
        name=text_in(row.names, order.language),
        legal_name=row.legal_name,
        address=row.address,
    )
    if kind is PaperKind.CREDIT_NOTE:
        return credit_note(order, number, seller)
    return parcel_paper(kind, order, number, seller)
