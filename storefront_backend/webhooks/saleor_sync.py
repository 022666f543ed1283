"""Who answers the webhooks that a Saleor waits for, by the webhook's name in the manifest.

A handler takes the genuine body and answers within the milliseconds that a shopper waits; it raises
a CommerceError where it cannot, so that Saleor retries.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.http import HttpResponse

from storefront_backend.webhooks import saleor_payments, saleor_shipping, saleor_taxes
from storefront_backend.webhooks.saleor_inbox import Body

SYNC_HANDLERS: Mapping[str, Callable[[Body], HttpResponse]] = {
    "taxes": saleor_taxes.calculate,
    "shipping": saleor_shipping.list_methods,
    "payments": saleor_payments.sessions,
    "payment_requests": saleor_payments.requests,
}
