"""SHIPPING_LIST_METHODS_FOR_CHECKOUT: the ways that insure what is in the parcel."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse

from storefront_backend.saleor import shipping
from storefront_backend.selling.checkout_rows import options_for
from storefront_backend.webhooks.saleor_inbox import Body


def list_methods(came: Body) -> HttpResponse:
    """Cheapest first. Raises InvalidRequest."""
    asked = shipping.read_question(came.said)
    options = options_for(asked.market, asked.goods, asked.language)
    return JsonResponse(shipping.answer(options), safe=False)
