"""SHIPPING_LIST_METHODS_FOR_CHECKOUT: the ways that insure what is in the parcel."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse

from storefront_backend import wiring
from storefront_backend.saleor import shipping
from storefront_backend.webhooks.saleor_inbox import Body


def list_methods(came: Body) -> HttpResponse:
    """Cheapest first. Raises InvalidRequest."""
    requested = shipping.read_question(came.said)
    options = wiring.deliveries(requested.market, requested.goods, requested.language)
    return JsonResponse(shipping.answer(options), safe=False)
