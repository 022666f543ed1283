"""Who asked to hear of a piece has to confirm it by a mail, so that nobody signs up a stranger.

asked        a row without `confirmed_at`
mailed       `confirm_mailed_at`: the address was sent its link. One mail lists all that is asked
             for; RATE_LIMITS' `notice-mail` bounds how many an address gets, whoever asks
confirmed    the link's page was used; only now a notice may be sent
given up     not confirmed in time: the row is deleted

Every mail carries a link that stops all notices to its address.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.db.models import QuerySet

from storefront_backend.orders.mails import NotDeliverable
from storefront_backend.orders.models import BackInStockNotice
from storefront_backend.throttle.errors import TooManyRequests
from storefront_backend.throttle.limiter import take

TIME_TO_CONFIRM = timedelta(days=7)
_CONFIRM, _STOP = "notices.confirm", "notices.stop"
Send = Callable[[str, Sequence[BackInStockNotice]], None]


def confirm_token(rows: Sequence[BackInStockNotice]) -> str:
    """Opens the confirmation of these rows, all of one address."""
    return signing.dumps([row.pk for row in rows], salt=_CONFIRM)


def stop_token(email: str) -> str:
    """Opens the page that stops all notices to the address. It never expires."""
    return signing.dumps(email, salt=_STOP)


def asked_with(token: str) -> list[BackInStockNotice]:
    """What a link is about and can still be confirmed, or was; none for a dead link."""
    try:
        keys = signing.loads(token, salt=_CONFIRM, max_age=TIME_TO_CONFIRM)
    except signing.BadSignature:
        return []
    rows = BackInStockNotice.objects.filter(pk__in=keys, sent_at=None)
    return list(rows.select_related("variant__product"))


def confirm(token: str, now: datetime) -> int:
    """Confirm; returns how many notices will be sent. Again is once."""
    keys = [row.pk for row in asked_with(token)]
    BackInStockNotice.objects.filter(pk__in=keys, confirmed_at=None).update(confirmed_at=now)
    return len(keys)


def stop(token: str) -> bool:
    """Forget everything an address asked for; False for a forged token."""
    try:
        email = signing.loads(token, salt=_STOP)
    except signing.BadSignature:
        return False
    BackInStockNotice.objects.filter(email=email, sent_at=None).delete()
    return True


def ask_addresses(send: Send, now: datetime, *, most: int = 100) -> int:
    """Mail those who have to confirm; returns how many mails.

    `send` raises NotDeliverable where it is the address, which keeps no other waiting. A mail that
    was not sent for another reason is sent by a later call.
    """
    sent = 0
    for email in list(_unasked().order_by().values_list("email", flat=True).distinct()[:most]):
        try:
            take("notice-mail", email)
        except TooManyRequests:
            continue  # later, with whatever else is asked for until then
        rows = _claimed(email, now)
        if not rows:
            continue
        try:
            send(email, rows)
        except NotDeliverable as refusal:
            if refusal.for_good:
                _of(rows).delete()
            else:
                _of(rows).update(confirm_mailed_at=None)
            continue
        except BaseException:
            _of(rows).update(confirm_mailed_at=None)
            raise
        sent += 1
    return sent


def forget_unconfirmed(now: datetime) -> int:
    """Delete what was not confirmed in time; returns how many."""
    late = BackInStockNotice.objects.filter(
        confirmed_at=None, sent_at=None, created_at__lt=now - TIME_TO_CONFIRM
    )
    return late.delete()[0]


def _unasked() -> QuerySet[BackInStockNotice]:
    return BackInStockNotice.objects.filter(confirmed_at=None, confirm_mailed_at=None, sent_at=None)


def _claimed(email: str, now: datetime) -> list[BackInStockNotice]:
    """The rows to mail, marked before the mail goes: two workers never send the same."""
    with transaction.atomic():
        rows = list(
            _unasked()
            .filter(email=email)
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("variant__product")
        )
        _of(rows).update(confirm_mailed_at=now)
    return rows


def _of(rows: Sequence[BackInStockNotice]) -> QuerySet[BackInStockNotice]:
    return BackInStockNotice.objects.filter(pk__in=[row.pk for row in rows])
