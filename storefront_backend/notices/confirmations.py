"""Addresses confirm a back-in-stock notice by a mail, so that no one signs up a stranger.

requested    a row without `confirmed_at`
mailed       `confirm_mailed_at`: the address was sent its link. One mail lists all requests;
             RATE_LIMITS' `notice-mail` bounds how many an address gets, from any client
confirmed    the link's page was used; only now a notice may be sent
given up     not confirmed in time: the row is deleted

Every mail carries a link that stops all notices to its address.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.core import signing
from django.db.models import Max, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from i18n.locales import language, text_in
from storefront_backend.notices.letter import Letter
from storefront_backend.orders.models import BackInStockNotice
from storefront_backend.throttle.errors import TooManyRequests
from storefront_backend.throttle.limiter import take

TIME_TO_CONFIRM = timedelta(days=7)
_CONFIRM, _STOP = "notices.confirm", "notices.stop"


def confirm_token(rows: Sequence[BackInStockNotice]) -> str:
    """Opens the confirmation of these rows, all of one address."""
    return signing.dumps([row.pk for row in rows], salt=_CONFIRM)


def stop_token(email: str) -> str:
    """Opens the page that stops all notices to the address. It never expires."""
    return signing.dumps(email, salt=_STOP)


def page_of(public_url: str, notice: BackInStockNotice, path: str) -> str:
    """The address of a page in the notice's market and language."""
    place = f"{notice.market}/{language(notice.language).django}"
    return f"{public_url.rstrip('/')}/{place}/{path}"


def with_stop_link(public_url: str, notice: BackInStockNotice, letter: Letter) -> Letter:
    """The letter with the link that stops all notices to its address, for people and programs."""
    link = page_of(public_url, notice, f"notices/stop/?t={stop_token(notice.email)}")
    with translation.override(language(notice.language).django):
        stop_them = _("To stop these messages: %(address)s") % {"address": link}
    # RFC 8058: one click in the mail program, which posts to the address.
    headers = {
        "List-Unsubscribe": f"<{link}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return replace(letter, text=f"{letter.text}\n\n{stop_them}\n", headers=headers)


def waiting_for(token: str) -> list[BackInStockNotice]:
    """What a link is about and can still be confirmed, or was; none for a dead link."""
    try:
        keys = signing.loads(token, salt=_CONFIRM, max_age=TIME_TO_CONFIRM)
    except signing.BadSignature:
        return []
    rows = BackInStockNotice.objects.filter(pk__in=keys, sent_at=None)
    return list(rows.select_related("variant__product"))


def confirm(token: str, now: datetime) -> int:
    """Confirm; returns how many notices will be sent. Again is once."""
    keys = [row.pk for row in waiting_for(token)]
    BackInStockNotice.objects.filter(pk__in=keys, confirmed_at=None).update(confirmed_at=now)
    return len(keys)


def stop(token: str) -> bool:
    """Delete all notices of an address; False for a forged token."""
    try:
        email = signing.loads(token, salt=_STOP)
    except signing.BadSignature:
        return False
    BackInStockNotice.objects.filter(email=email, sent_at=None).delete()
    return True


@dataclass(frozen=True, slots=True)
class AskedToConfirm:
    """An address that has to confirm its notices; one letter lists all of them."""

    public_url: str
    name: str = "confirm-notice"

    def due(self, now: datetime, most: int) -> Sequence[int]:
        """The newest unmailed row of each address: it includes those before it."""
        newest = _not_mailed().order_by().values("email").annotate(newest=Max("pk"))
        return list(newest.order_by("newest").values_list("newest", flat=True)[:most])

    def write(self, key: int) -> Letter | None:
        """One letter about everything that was requested for the address up to that row."""
        rows = list(_up_to(key).select_related("variant__product"))
        if not rows:
            return None
        try:
            take("notice-mail", rows[0].email)
        except TooManyRequests:
            return None  # later, with all other requests until then
        return self._letter(rows[0].email, rows)

    def sent(self, key: int, now: datetime) -> None:
        """What was requested since has a letter of its own."""
        _up_to(key).update(confirm_mailed_at=now)

    def refused(self, key: int, now: datetime, why: str) -> None:
        """A wish whose address takes no mail is forgotten, with all others of that address."""
        email = BackInStockNotice.objects.filter(pk=key).values("email")
        BackInStockNotice.objects.filter(email__in=email, confirmed_at=None).delete()

    def _letter(self, email: str, rows: Sequence[BackInStockNotice]) -> Letter:
        last = rows[-1]
        link = page_of(self.public_url, last, f"notices/confirm/?t={confirm_token(rows)}")
        names = dict.fromkeys(text_in(row.variant.product.names, last.language) for row in rows)
        with translation.override(language(last.language).django):
            subject = _("Please confirm: tell me when it is back")
            said = [
                _("You asked us to tell you when these pieces are back:"),
                "\n".join(f"– {name}" for name in names),
                _("Confirm it here: %(address)s") % {"address": link},
                _("If you did not ask for this, you can ignore this message."),
            ]
        return with_stop_link(self.public_url, last, Letter(email, subject, "\n\n".join(said)))


def forget_unconfirmed(now: datetime) -> int:
    """Delete what was not confirmed in time; returns how many."""
    late = BackInStockNotice.objects.filter(
        confirmed_at=None, sent_at=None, created_at__lt=now - TIME_TO_CONFIRM
    )
    return late.delete()[0]


def _up_to(key: int) -> QuerySet[BackInStockNotice]:
    email = BackInStockNotice.objects.filter(pk=key).values("email")[:1]
    return _not_mailed().filter(email=email, pk__lte=key)


def _not_mailed() -> QuerySet[BackInStockNotice]:
    return BackInStockNotice.objects.filter(confirmed_at=None, confirm_mailed_at=None, sent_at=None)
