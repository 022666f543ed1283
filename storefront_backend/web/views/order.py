"""The order as it was sold. Its token is the key, as on a receipt."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from i18n.addresses import CheckedAddress
from storefront_backend import wiring
from storefront_backend.orders.models import Order
from storefront_backend.web.places import ShopRequest
from storefront_backend.web.price import price_rows


@require_safe
@never_cache
def show(request: ShopRequest, market: str, language: str, token: UUID) -> HttpResponse:
    """Lines, landed cost, parcels and address, all frozen at the sale."""
    number = Order.objects.filter(token=token, market=market).values_list("number", flat=True)
    if not number:
        raise Http404(token)
    order = wiring.orders().get(number[0])
    address = order.shipping_address
    printed = CheckedAddress(address.country, address.to_json(), ()).lines()
    return render(
        request,
        "web/order.html",
        {"order": order, "price": price_rows(order.cost), "address_lines": printed},
    )
