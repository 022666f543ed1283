"""Asks addresses to confirm that they want to hear when a piece is back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.core.mail import EmailMessage
from django.db import transaction
from django.tasks import task
from django.utils import translation
from django.utils.translation import gettext as _

from i18n.locales import language as language_of
from i18n.locales import text_in
from storefront_backend import wiring
from storefront_backend.jobs.mailing import deliver, told
from storefront_backend.jobs.notices import page_of, with_stop_link
from storefront_backend.notices import back_in_stock as notices
from storefront_backend.notices import confirmations
from storefront_backend.orders.models import BackInStockNotice


def ask_for_notice(sku: str, email: str, *, market: str, language: str) -> None:
    """Remember the wish and have the address asked. Raises NotFound, InvalidRequest."""
    notices.ask(sku, email, market=market, language=language, now=wiring.now())
    transaction.on_commit(partial(send_confirmations.enqueue))


@task(queue_name="default")
def send_confirmations() -> dict[str, int]:
    """Mail what waits, also what an earlier call could not send; delete what is too old."""
    now = wiring.now()
    return {
        "sent": told(lambda: confirmations.ask_addresses(_send, now)),
        "forgotten": confirmations.forget_unconfirmed(now),
    }


def _send(email: str, rows: Sequence[BackInStockNotice]) -> None:
    deliver(_written(email, rows))


def _written(email: str, rows: Sequence[BackInStockNotice]) -> EmailMessage:
    last = rows[-1]
    spoken = language_of(last.language)
    link = page_of(last, f"notices/confirm/?t={confirmations.confirm_token(rows)}")
    names = dict.fromkeys(text_in(row.variant.product.names, last.language) for row in rows)
    with translation.override(spoken.django):
        subject = _("Please confirm: tell me when it is back")
        said = [
            _("You asked us to tell you when these pieces are back:"),
            "\n".join(f"– {name}" for name in names),
            _("Confirm it here: %(address)s") % {"address": link},
            _("If you did not ask for this, you can ignore this message."),
        ]
    return with_stop_link(EmailMessage(subject, "\n\n".join(said), to=[email]), last)
