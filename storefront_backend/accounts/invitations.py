"""Invitations to a brand: made, sent again, revoked, accepted.

open        neither accepted nor revoked; one an address and brand, so a second is the first again
mailed      the outbox makes the token as it writes the letter; only its digest is stored, and a
            later letter's token takes an earlier one's place
accepted    by an account with the invitation's address: one that is made then, or one that is
            signed in. The role is the invitation's
expired     after a week; it may be sent again

Rights are the caller's to check. Everything here runs as the shop, for the brand whose id is given.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from storefront_backend.accounts.models import BrandMembership, Invitation, User
from storefront_backend.commerce.errors import CommerceError, InvalidRequest
from storefront_backend.commerce.mail_address import checked_address
from storefront_backend.scope.database import as_shop
from storefront_backend.throttle.limiter import take

OPEN_FOR = timedelta(days=7)
MOST_OPEN = 50


class NotPossible(CommerceError):
    """Something about people that cannot be done; `code` says why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def invite(
    brand: int, email: str, role: str, *, language: str, by: User | None, now: datetime
) -> Invitation:
    """Invite an address, or change an open invitation and send it again.

    Raises InvalidRequest, NotPossible (already_member, too_many_invitations), TooManyRequests.
    """
    address = checked_address(email).lower()
    if role not in BrandMembership.Role.values:
        raise InvalidRequest("There is no such role", field="role")
    with as_shop():
        if BrandMembership.objects.filter(brand_id=brand, user__email=address).exists():
            raise NotPossible("already_member", f"{address} belongs to the brand already")
        others = open_ones(brand, now).exclude(email=address)
        if others.count() >= MOST_OPEN:
            raise NotPossible("too_many_invitations", f"{MOST_OPEN} invitations are open")
        take("invitation", str(brand))
        row, _ = Invitation.objects.update_or_create(
            brand_id=brand,
            email=address,
            accepted_at=None,
            revoked_at=None,
            defaults=_wanted(now) | {"role": role, "language": language, "invited_by": by},
            create_defaults=_wanted(now)
            | {"role": role, "language": language, "invited_by": by, "created_at": now},
        )
    return row


def send_again(brand: int, key: int, now: datetime) -> bool:
    """Mail an open invitation once more, with another week; False where it is not open."""
    with as_shop():
        rows = _unsettled(brand).filter(pk=key)
        if not rows.exists():
            return False
        take("invitation", str(brand))
        return bool(rows.update(**_wanted(now)))


def revoke(brand: int, key: int, now: datetime) -> bool:
    """Take an invitation back: its link is void at once. False where it is not open."""
    with as_shop():
        return bool(_unsettled(brand).filter(pk=key).update(revoked_at=now, mail_wanted_at=None))


def revoke_those_of(brand: int, person: User, now: datetime) -> int:
    """Those that somebody sent who may no longer send any; returns how many."""
    return _unsettled(brand).filter(invited_by=person).update(revoked_at=now, mail_wanted_at=None)


def open_ones(brand: int, now: datetime) -> QuerySet[Invitation]:
    """Those that can be accepted."""
    return _unsettled(brand).filter(expires_at__gt=now)


def new_token(key: int) -> str:
    """A fresh token for an invitation's letter; earlier ones are void."""
    token = secrets.token_urlsafe(32)
    Invitation.objects.filter(pk=key).update(token_digest=_digest(token))
    return token


def read(token: str, now: datetime) -> Invitation | None:
    """The invitation that a link opens; None where it is not open, or forged."""
    if not token:
        return None
    rows = Invitation.objects.select_related("brand", "invited_by")
    return rows.filter(_OPEN, token_digest=_digest(token), expires_at__gt=now).first()


def accept(token: str, user: User, now: datetime) -> BrandMembership | None:
    """Join the brand with one's account; None where the link is dead or for another address."""
    with transaction.atomic():
        row = _locked(token, now)
        if row is None or row.email != user.email:
            return None
        return _join(row, user, now)


def make_account(
    token: str, *, name: str, password: str | None, now: datetime
) -> BrandMembership | None:
    """An account for the invitation's address, and its place at the brand.

    None where the link is dead, or the address has an account: then that one has to sign in.
    Without a password the account gets a passkey next.
    """
    try:
        with transaction.atomic():
            row = _locked(token, now)
            if row is None or User.objects.filter(email=row.email).exists():
                return None
            user = User.objects.create_user(
                row.email, password, first_name=name, language=row.language
            )
            return _join(row, user, now)
    except IntegrityError:  # made by another request meanwhile
        return None


def _join(row: Invitation, user: User, now: datetime) -> BrandMembership:
    Invitation.objects.filter(pk=row.pk).update(accepted_at=now, mail_wanted_at=None)
    return BrandMembership.objects.get_or_create(
        brand=row.brand, user=user, defaults={"role": row.role}
    )[0]


def _locked(token: str, now: datetime) -> Invitation | None:
    found = read(token, now)
    if found is None:
        return None
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("brand")
    return rows.filter(_OPEN, pk=found.pk, token_digest=_digest(token)).first()


_OPEN = Q(accepted_at=None, revoked_at=None)


def _unsettled(brand: int) -> QuerySet[Invitation]:
    return Invitation.objects.filter(_OPEN, brand_id=brand)


def _wanted(now: datetime) -> dict[str, object]:
    return {"expires_at": now + OPEN_FOR, "mail_wanted_at": now, "undeliverable": ""}


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
