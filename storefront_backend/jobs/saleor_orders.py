"""Orders that changed in a Saleor, and sales that are not told there yet.

An event says which order, and we read how it stands: events that come doubled, late or out of order
lead to the same rows.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from storefront_backend import wiring
from storefront_backend.commerce.errors import CommerceError, ProviderUnavailable
from storefront_backend.orders.models import Fulfillment, Order, TransactionEvent
from storefront_backend.saleor.orders import changed_since, read_order
from storefront_backend.saleor.transport import Saleor
from storefront_backend.saleor_rows.models import Installation, SaleorEvent, SaleorSale
from storefront_backend.saleor_rows.queries import working
from storefront_backend.saleor_sync.agreement import money_apart

log = structlog.get_logger(__name__)


def order_changed(event: SaleorEvent) -> None:
    """Bring one order into step. Raises CommerceError, and the event is done again later."""
    order = event.body.get("order") or {}
    if order.get("id"):
        bring_into_step(working(event.api_url), order["id"])


def bring_into_step(installation: Installation, order_id: str) -> None:
    """Whatever has happened to that order, on either side."""
    row = SaleorSale.objects.filter(api_url=installation.api_url, order_id=order_id).first()
    if row is None:
        theirs = read_order(wiring.saleor(installation), order_id)
        if not SaleorSale.objects.filter(token=theirs.sale or uuid.UUID(int=0)).exists():
            # Another storefront's, or one made by hand: taxed by us, and sent from there.
            log.info("an order of another storefront", number=theirs.number)
            return
        # Killed between Saleor's order and our note of it.
        row = wiring.sales().finish(theirs.sale)
    if row is not None and row.state == SaleorSale.State.SOLD:
        wiring.sales().agree(row)


def reconcile_orders(installation: Installation, overlap: timedelta = timedelta(hours=1)) -> int:
    """Compare orders that changed on either side since the last time, and bring them together.

    That is how lost webhooks and killed processes are made good. Money that still differs is noted
    on the sale, where the operator sees it. Returns how many orders were brought into step. Raises
    ProviderUnavailable; the next time begins where this one did.
    """
    began = timezone.now()
    saleor = wiring.saleor(installation)
    since = (installation.orders_read_at or installation.created_at) - overlap
    changed: dict[str, datetime | None] = dict(changed_since(saleor, since))
    changed |= dict.fromkeys(_changed_here(installation))
    done = 0
    for order_id, changed_at in changed.items():
        sale = SaleorSale.objects.filter(api_url=installation.api_url, order_id=order_id).first()
        if sale is not None and changed_at and sale.seen_at and sale.seen_at >= changed_at:
            continue
        try:
            bring_into_step(installation, order_id)
            _note_money(saleor, order_id)
            done += 1
        except ProviderUnavailable:
            raise
        except CommerceError as error:
            log.warning("order not in step", order=order_id, reason=error.message)
    Installation.objects.filter(pk=installation.pk).update(orders_read_at=began)
    return done


def _changed_here(installation: Installation) -> list[str]:
    """Saleor's ids of orders to which something has happened here since both were compared."""
    order = Order.objects.filter(checkout__token=OuterRef("token"))
    since = OuterRef("agreed_at")
    parcels = Fulfillment.objects.filter(
        order__checkout__token=OuterRef("token"), sent_at__gt=since
    )
    money = TransactionEvent.objects.filter(
        transaction__checkout__token=OuterRef("token"), recorded_at__gt=since
    )
    sales = SaleorSale.objects.filter(api_url=installation.api_url, state=SaleorSale.State.SOLD)
    due = sales.filter(Q(agreed_at=None) | Exists(parcels) | Exists(money), Exists(order))
    return list(due.exclude(order_id="").values_list("order_id", flat=True))


def _note_money(saleor: Saleor, order_id: str) -> None:
    sale = SaleorSale.objects.filter(api_url=saleor.url, order_id=order_id).first()
    order = Order.objects.filter(checkout__token=sale.token).first() if sale else None
    if sale is None or order is None:
        return
    apart = money_apart(order, read_order(saleor, order_id))
    if apart:
        log.error("money differs between the sides", order=order.number, apart=apart)
    if apart != sale.money_apart:
        SaleorSale.objects.filter(pk=sale.pk).update(money_apart=apart[:300])


def sweep_sales() -> int:
    """Finish and tell what was left; returns how many sales were looked at."""
    return wiring.sales().sweep(wiring.now()) if settings.SALEOR_API_URL else 0
