"""Orders that changed in a Saleor, and sales that are not told there yet.

An event says which order, and we read how it stands: events that come doubled, late or out of order
lead to the same rows.
"""

from __future__ import annotations

import uuid
from datetime import timedelta

import structlog
from django.conf import settings
from django.db.models import Min

from storefront_backend import wiring
from storefront_backend.commerce.errors import CommerceError, ProviderUnavailable
from storefront_backend.installations.models import Installation, SaleorEvent, SaleorSale
from storefront_backend.saleor.orders import changed_since, read_order

log = structlog.get_logger(__name__)


def order_changed(event: SaleorEvent) -> None:
    """Bring one order into step. Raises CommerceError, and the event is done again later."""
    order = event.body.get("order") or {}
    if order.get("id"):
        bring_into_step(event.installation, order["id"])


def bring_into_step(installation: Installation, order_id: str) -> None:
    """Whatever has happened to that order, on either side."""
    row = SaleorSale.objects.filter(installation=installation, order_id=order_id).first()
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
    """Look at every order that changed since we last saw one: how lost webhooks are made good."""
    seen = SaleorSale.objects.filter(installation=installation, state=SaleorSale.State.SOLD)
    since = seen.aggregate(at=Min("seen_at"))["at"] or installation.created_at
    done = 0
    for order_id, changed_at in changed_since(wiring.saleor(installation), since - overlap):
        if seen.filter(order_id=order_id, seen_at__gte=changed_at).exists():
            continue
        try:
            bring_into_step(installation, order_id)
            done += 1
        except ProviderUnavailable:
            raise
        except CommerceError as error:
            log.warning("order not in step", order=order_id, reason=error.message)
    return done


def sweep_sales() -> int:
    """Finish and tell what was left; returns how many sales were looked at."""
    return wiring.sales().sweep(wiring.now()) if settings.SALEOR_API_URL else 0
