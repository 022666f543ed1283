"""A shop on a Saleor that is kept in memory: our own webhooks answer it, signed and all."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from storefront_backend.jobs.saleor_orders import follow_sale, report_payment
from storefront_backend.saleor_rows.models import Installation, PaymentNews, SaleorSale
from tests.fakes.saleor_keys import SigningSaleor
from tests.fakes.saleor_sales import SellingSaleor
from tests.fakes.saleor_wire import TOKEN, URL

CHANNELS = (
    ("us", "USD"),
    ("de", "EUR"),
    ("jp", "JPY"),
    ("ae", "AED"),
    ("hk", "HKD"),
    ("gb", "GBP"),
)


class Wire:
    """From the Saleor to our webhooks. `broken` holds what comes back instead, by webhook."""

    def __init__(self, keys: SigningSaleor) -> None:
        self.keys = keys
        self.client = Client()
        self.broken: dict[str, Any] = {}
        self.said: list[tuple[str, Any]] = []

    def post(self, webhook: str, body: dict[str, Any], **headers: str) -> Any:
        """A signed webhook; the response."""
        return self.post_raw(webhook, json.dumps(body).encode(), **headers)

    def post_raw(self, webhook: str, raw: bytes, **headers: str) -> Any:
        """The same of a body that is written already."""
        return self.client.post(
            f"/saleor/webhooks/{webhook}",
            data=raw,
            content_type="application/json",
            headers={
                "Saleor-Api-Url": URL,
                "Saleor-Signature": self.keys.sign(raw),
                "Saleor-Event": webhook,
                **headers,
            },
        )

    def ask(self, webhook: str, body: dict[str, Any]) -> Any:
        """The answer as Saleor would read it; None where there is no good one."""
        if webhook in self.broken:
            return self.broken[webhook]
        response = self.post(webhook, body)
        said = response.json() if response.status_code == 200 else None
        self.said.append((webhook, said))
        return said


def work_off() -> None:
    """What the queue does: sales advance, and payments are reported. Idempotent."""
    for token in SaleorSale.objects.values_list("token", flat=True):
        follow_sale.func(str(token))
    for news in PaymentNews.objects.values_list("pk", flat=True):
        report_payment.func(news)


def selling_saleor(keys: SigningSaleor | None = None, **stock: int) -> tuple[SellingSaleor, Wire]:
    """An installed Saleor that sells in six markets, and its wire to us."""
    keys = keys or SigningSaleor()
    wire = Wire(keys)
    row = Installation(api_url=URL, state=Installation.State.ACTIVE, app_id="", keys=keys.jwks())
    row.token = TOKEN
    row.save()
    return SellingSaleor(wire.ask, CHANNELS, stock or None), wire
