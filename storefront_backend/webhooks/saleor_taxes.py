"""CHECKOUT_CALCULATE_TAXES and ORDER_CALCULATE_TAXES: the landed cost as Saleor takes it.

Where we cannot say it we answer with an error, and never with less: Saleor then keeps untaxed
totals and makes no order of them, and a checkout of ours is not shown (saleor_sync.sales).
"""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse

from storefront_backend import wiring
from storefront_backend.saleor import taxes
from storefront_backend.webhooks.saleor_inbox import Body


def calculate(came: Body) -> HttpResponse:
    """Net and gross of every line. Raises NotListed, InvalidRequest, StaleRates."""
    base = taxes.read_base(came.said)
    cost, ids = wiring.taxed(base)
    return JsonResponse(taxes.answer(base, cost, ids))
