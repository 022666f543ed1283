"""Sends addresses a mail to confirm that they want to be notified when a piece is back."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.tasks import task

from storefront_backend import wiring
from storefront_backend.notices import back_in_stock, confirmations


def ask_for_notice(sku: str, email: str, *, market: str, language: str) -> None:
    """Store the request and send a confirmation mail. Raises NotFound, InvalidRequest."""
    back_in_stock.ask(sku, email, market=market, language=language, now=wiring.now())
    transaction.on_commit(partial(send_confirmations.enqueue))


@task(queue_name="default")
def send_confirmations() -> int:
    """Mail new requests at once, before the next sweep would."""
    return wiring.outbox().send_named("confirm-notice")


@task(queue_name="default")
def forget_unconfirmed() -> int:
    """Delete what was not confirmed in time."""
    return confirmations.forget_unconfirmed(wiring.now())
