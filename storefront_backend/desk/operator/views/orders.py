"""Orders over all houses: the list, and one order with all that is known of it."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse

from storefront_backend.catalog.models import Brand
from storefront_backend.desk.operator.order_file import order_context
from storefront_backend.desk.operator.seat import OperatorSeat, operator_page, operator_render
from storefront_backend.desk.operator.words import WORDS
from storefront_backend.desk.pages import filters, paged
from storefront_backend.desk.words import WORDS as DESK_WORDS
from storefront_backend.orders.models import Fulfillment, Order


@operator_page("orders.view_order", "GET")
def listed(request: HttpRequest, seat: OperatorSeat) -> HttpResponse:
    """Newest first, by number, mail address, SKU or tracking; by state, flag, market and house."""
    wanted = filters(request, "search", "state", "flag", "market", "brand")
    rows = found(wanted).prefetch_related("lines__brand")
    context = {
        "page": paged(request, rows),
        "wanted": wanted,
        "states": DESK_WORDS["order"],
        "flags": WORDS["flag"],
        "markets": settings.MARKETS,
        "brands": Brand.objects.values_list("slug", flat=True),
    }
    return operator_render(request, seat, "orders.html", context)


def found(wanted: dict[str, str]) -> QuerySet[Order]:
    """The orders that fit."""
    rows = Order.objects.order_by("-created_at", "-pk")
    if text := wanted["search"]:
        parcels = Fulfillment.objects.filter(tracking=text).values("order")
        rows = rows.filter(
            Q(number__startswith=text)
            | Q(email__icontains=text)
            | Q(lines__sku__iexact=text)
            | Q(pk__in=parcels)
        ).distinct()
    if wanted["state"]:
        rows = rows.filter(state=wanted["state"])
    if wanted["flag"]:
        rows = (
            rows.exclude(flag="") if wanted["flag"] == "any" else rows.filter(flag=wanted["flag"])
        )
    if wanted["market"]:
        rows = rows.filter(market=wanted["market"])
    if wanted["brand"]:
        rows = rows.filter(fulfillments__brand__slug=wanted["brand"]).distinct()
    return rows


@operator_page("orders.view_order", "GET")
def one(request: HttpRequest, seat: OperatorSeat, number: str) -> HttpResponse:
    """Lines, payments, ledger, parcels, papers, letters and what happened when."""
    return order_page(request, seat, order_row(number))


def order_row(number: str) -> Order:
    """Raises Http404."""
    row = Order.objects.filter(number=number).first()
    if row is None:
        raise Http404(number)
    return row


def order_page(
    request: HttpRequest, seat: OperatorSeat, row: Order, *, problem: str = ""
) -> HttpResponse:
    """The order's page; 422 with a problem."""
    context = {**order_context(row), "problem": problem, "given": request.POST}
    status = 422 if problem else 200
    return operator_render(request, seat, "order.html", context, status=status)
