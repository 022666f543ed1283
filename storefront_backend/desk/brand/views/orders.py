"""The brand's part of orders: to send, and sent."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from i18n.addresses import CheckedAddress
from storefront_backend import wiring
from storefront_backend.aftersale import brand_orders
from storefront_backend.aftersale.brand_orders import BrandOrder
from storefront_backend.commerce.errors import CommerceError, NotFound
from storefront_backend.desk.brand.seat import Seat, brand_page, desk_render
from storefront_backend.scope.database import as_shop

_ON_A_PAGE = 30
_LONGEST = 80  # of a tracking number


@brand_page("GET")
def listed(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Newest first; `?all=1` shows those already sent, too."""
    everything = request.GET.get("all") == "1"
    found = brand_orders.page(
        seat.brand.slug,
        waiting=not everything,
        after=request.GET.get("after", "")[:40],
        limit=_ON_A_PAGE + 1,
    )
    shown = found[:_ON_A_PAGE]
    context = {
        "orders": [_line(each) for each in shown],
        "everything": everything,
        "next": shown[-1].order.number if len(found) > len(shown) else "",
    }
    return desk_render(request, seat, "desk/brand/orders.html", context)


@brand_page("GET")
def one(request: HttpRequest, seat: Seat, number: str) -> HttpResponse:
    """One order: whom to send what, with its papers."""
    return _order_page(request, seat, _order(seat, number))


@brand_page("POST")
def send(request: HttpRequest, seat: Seat, number: str) -> HttpResponse:
    """The parcel has left; its number tells the shopper where it is."""
    found = _order(seat, number)
    tracking = request.POST.get("tracking", "").strip()
    if not tracking or len(tracking) > _LONGEST or not tracking.isprintable():
        return _order_page(request, seat, found, problem=_("Enter the parcel's tracking number."))
    try:
        # The order is several brands' and the shopper's: the engine settles it as the shop.
        with as_shop():
            wiring.orders().fulfil(
                number,
                brand=seat.brand.slug,
                tracking=tracking,
                carrier=request.POST.get("carrier", "").strip()[:60],
            )
    except CommerceError as error:
        return _order_page(request, seat, _order(seat, number), problem=error.message)
    messages.success(request, _("The parcel is marked as sent, and the shopper is told."))
    return redirect("brand-desk:order", seat.brand.slug, number)


def _order(seat: Seat, number: str) -> BrandOrder:
    try:
        return brand_orders.one(seat.brand.slug, number)
    except NotFound:
        raise Http404(number) from None


def _order_page(
    request: HttpRequest, seat: Seat, found: BrandOrder, *, problem: str = ""
) -> HttpResponse:
    address = found.order.shipping_address
    lines = CheckedAddress(address.country, address.to_json(), ()).lines()
    context = {
        **_line(found),
        "address": list(lines),
        "phone": address.phone,
        "lines": [{"line": line, "pieces": found.pieces(line.id)} for line in found.order.lines],
        "problem": problem,
        "tracking": request.POST.get("tracking", ""),
    }
    status = 422 if problem else 200
    return desk_render(request, seat, "desk/brand/order.html", context, status=status)


def _line(found: BrandOrder) -> dict[str, Any]:
    waiting = sum(found.pieces(line.id)["waiting"] for line in found.order.lines)
    return {
        "order": found.order,
        "state": found.state,
        "on_hold": found.on_hold,
        "waiting": waiting,
        "to_send": bool(waiting) and not found.on_hold,
    }
