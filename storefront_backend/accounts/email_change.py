"""Another address for an account: the old one and the new one both confirm it.

asked       the wish is written down, and each address is mailed a link of its own
confirmed   by one: nothing changes yet
made good   by both, in any order, within a day. The address may have got an account of another
            person's meanwhile, or have had one all along: then nothing changes, and nobody is told
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction

from storefront_backend.accounts.models import EmailChange, User, record_address
from storefront_backend.commerce.mail_address import checked_address

TIME = timedelta(hours=24)
OLD, NEW = "old", "new"
_SALT = "accounts.email-change"


def ask(user: User, email: str, now: datetime) -> EmailChange | None:
    """Write the wish down; None where it is the address already. Raises InvalidRequest."""
    new = checked_address(email).lower()
    if new == user.email:
        return None
    return EmailChange.objects.update_or_create(
        user=user,
        defaults={
            "old": user.email,
            "new": new,
            "expires_at": now + TIME,
            "old_confirmed_at": None,
            "new_confirmed_at": None,
        },
    )[0]


def cancel(user: User) -> None:
    """Forget the wish: its links are void."""
    EmailChange.objects.filter(user=user).delete()


def link_of(change: EmailChange, side: str) -> str:
    """The token for one of the two addresses."""
    return signing.dumps([change.pk, side, change.old, change.new], salt=_SALT, compress=True)


def read(token: str, now: datetime) -> tuple[EmailChange, str] | None:
    """The wish that a link is about, and the side that it confirms; None for a dead link."""
    try:
        key, side, old, new = signing.loads(token, salt=_SALT, max_age=TIME)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    rows = EmailChange.objects.select_related("user").filter(pk=key, old=old, new=new)
    change = rows.filter(expires_at__gt=now, user__email=old, user__is_active=True).first()
    return None if change is None else (change, str(side))


def confirm(token: str, now: datetime) -> bool | None:
    """Confirm one side. True: the address is changed; False: the other side is missing, or the
    address cannot be had; None: the link is dead."""
    with transaction.atomic():
        found = read(token, now)
        if found is None:
            return None
        user = User.objects.select_for_update().get(pk=found[0].user_id)
        change = EmailChange.objects.filter(pk=found[0].pk).first()
        if change is None or user.email != change.old:
            return None
        setattr(change, f"{found[1]}_confirmed_at", now)
        change.save(update_fields=[f"{found[1]}_confirmed_at"])
        if change.old_confirmed_at is None or change.new_confirmed_at is None:
            return False
        if User.objects.filter(email=change.new).exists():
            return False
        user.email = change.new
        user.save(update_fields=("email",))
        record_address(user)
        change.delete()
        return True
