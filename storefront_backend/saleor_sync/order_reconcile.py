"""Orders that changed in a Saleor, and what changed here and is not sent there yet.

An event says which order, and we read its state: handling is idempotent, so events that come
doubled, late or out of order lead to the same rows.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.utils import timezone

from storefront_backend.commerce.errors import CommerceError, ProviderUnavailable
from storefront_backend.orders.models import Order
from storefront_backend.saleor.orders import changed_since, read_order
from storefront_backend.saleor.transport import Saleor
from storefront_backend.saleor_rows.models import Installation, SaleorSale
from storefront_backend.saleor_sync.agreement import money_apart
from storefront_backend.saleor_sync.sales import Sales, changed_here

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class OrderSync:
    """`connect` gives a Saleor with the patience of a job."""

    connect: Callable[[Installation], Saleor]
    sales: Sales

    def synchronise(self, installation: Installation, order_id: str) -> None:
        """All that has happened to that order, on either side. Raises CommerceError."""
        row = _sale_of(installation.api_url, order_id)
        if row is None:
            theirs = read_order(self.connect(installation), order_id)
            if not SaleorSale.objects.filter(token=theirs.sale or uuid.UUID(int=0)).exists():
                # Another storefront's, or one made by hand: taxed by us, and sent from there.
                log.info("an order of another storefront", number=theirs.number)
                return
            # Killed between Saleor's order and our note of it.
            row = self.sales.finish(theirs.sale)
        if row is not None and row.state == SaleorSale.State.SOLD:
            self.sales.agree(row)

    def reconcile(self, installation: Installation, overlap: timedelta = timedelta(hours=1)) -> int:
        """Compare orders that changed on either side since the last time, and bring them together.

        That is how lost webhooks and killed processes are made good. Money that still differs is
        noted on the sale, where the operator sees it. Returns how many orders were brought into
        step. Raises ProviderUnavailable; the next time begins where this one did.
        """
        began = timezone.now()
        saleor = self.connect(installation)
        since = (installation.orders_read_at or installation.created_at) - overlap
        changed: dict[str, datetime | None] = dict(changed_since(saleor, since))
        changed |= dict.fromkeys(_changed_here(installation))
        done = 0
        for order_id, changed_at in changed.items():
            sale = _sale_of(installation.api_url, order_id)
            if sale is not None and changed_at and sale.seen_at and sale.seen_at >= changed_at:
                continue
            try:
                self.synchronise(installation, order_id)
                _note_money(saleor, order_id)
                done += 1
            except ProviderUnavailable:
                raise
            except CommerceError as error:
                log.warning("order not synced with saleor", order=order_id, reason=error.message)
        Installation.objects.filter(pk=installation.pk).update(orders_read_at=began)
        return done


def _sale_of(api_url: str, order_id: str) -> SaleorSale | None:
    return SaleorSale.objects.filter(api_url=api_url, order_id=order_id).first()


def _changed_here(installation: Installation) -> list[str]:
    """Saleor's ids of orders to which something has happened here since both were compared."""
    sales = SaleorSale.objects.filter(api_url=installation.api_url, state=SaleorSale.State.SOLD)
    due = changed_here(sales.filter(token__in=Order.objects.values("checkout__token")))
    return list(due.exclude(order_id="").values_list("order_id", flat=True))


def _note_money(saleor: Saleor, order_id: str) -> None:
    sale = _sale_of(saleor.url, order_id)
    order = Order.objects.filter(checkout__token=sale.token).first() if sale else None
    if sale is None or order is None:
        return
    apart = money_apart(order, read_order(saleor, order_id))
    if apart:
        log.error("money differs between the sides", order=order.number, apart=apart)
    if apart != sale.money_apart:
        SaleorSale.objects.filter(pk=sale.pk).update(money_apart=apart[:300])
