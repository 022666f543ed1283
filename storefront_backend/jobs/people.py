"""Invitations and changes of address, with the mails that they send."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.utils import translation

from storefront_backend import wiring
from storefront_backend.accounts import email_change, invitations
from storefront_backend.accounts.models import AccountMail, Invitation, User
from storefront_backend.catalog.models import Brand
from storefront_backend.jobs.account_mails import send_desk_mails
from storefront_backend.scope.database import as_shop

_OWNER = "owner"


def invite(brand: Brand, email: str, role: str, *, language: str, by: User | None) -> Invitation:
    """Invite somebody, and mail it. Raises what accounts.invitations.invite raises."""
    row = invitations.invite(brand.pk, email, role, language=language, by=by, now=wiring.now())
    _mail("invitation")
    return row


def invite_owner(brand: Brand, email: str, *, language: str = "en") -> Invitation:
    """An operator's: a brand's first owner, or another where the owners are gone."""
    return invite(brand, email, _OWNER, language=language, by=None)


def send_again(brand: Brand, key: int) -> bool:
    """Mail an invitation once more; False where it is not open."""
    sent = invitations.send_again(brand.pk, key, wiring.now())
    if sent:
        _mail("invitation")
    return sent


def ask_for_email_change(user: User, email: str) -> bool:
    """Mail both addresses; False where there is nothing to change. Raises InvalidRequest."""
    change = email_change.ask(user, email, wiring.now())
    if change is None:
        return False
    language = translation.get_language() or "en"
    for side, address in ((email_change.OLD, change.old), (email_change.NEW, change.new)):
        AccountMail.objects.create(
            kind=f"email_change_{side}",
            email=address,
            user=user,
            language=language,
            created_at=wiring.now(),
        )
    _mail("account")
    return True


def _mail(kind: str) -> None:
    with as_shop():
        transaction.on_commit(partial(send_desk_mails.enqueue, kind))
