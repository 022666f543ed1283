"""The people of a brand: their roles, and leaving. A brand always has an owner.

Rights are the caller's to check. Everything here runs as the shop, for the brand whose id is given.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from storefront_backend.accounts.invitations import NotPossible, revoke_those_of
from storefront_backend.accounts.models import BrandMembership, User
from storefront_backend.accounts.second_factor import with_factor
from storefront_backend.accounts.sessions import end_all
from storefront_backend.commerce.errors import InvalidRequest
from storefront_backend.scope.database import as_shop

_OWNER = BrandMembership.Role.OWNER


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a brand."""

    user: User
    role: str
    has_factor: bool


def people_of(brand: int) -> list[Person]:
    """Owners first, then by address."""
    with as_shop():
        rows = list(BrandMembership.objects.filter(brand_id=brand).select_related("user"))
        safe = with_factor([row.user_id for row in rows])
    order = list(BrandMembership.Role.values)
    rows.sort(key=lambda row: (order.index(row.role), row.user.email))
    return [Person(row.user, row.role, row.user_id in safe) for row in rows]


def change_role(brand: int, user_id: int, role: str, now: datetime) -> bool:
    """Give a person another role; False for an outsider. Raises InvalidRequest, NotPossible."""
    if role not in BrandMembership.Role.values:
        raise InvalidRequest("There is no such role", field="role")
    with as_shop(), transaction.atomic():
        row = _locked(brand, user_id, stays_owner=role == _OWNER)
        if row is None:
            return False
        BrandMembership.objects.filter(pk=row.pk).update(role=role)
        if role != _OWNER:
            revoke_those_of(brand, row.user, now)
    return True


def remove(brand: int, user_id: int, now: datetime) -> bool:
    """Take a person's access away, with their sessions and the invitations that they sent.

    False for an outsider. Raises NotPossible.
    """
    with as_shop(), transaction.atomic():
        row = _locked(brand, user_id, stays_owner=False)
        if row is None:
            return False
        row.delete()
        revoke_those_of(brand, row.user, now)
        end_all(row.user)
    return True


def _locked(brand: int, user_id: int, *, stays_owner: bool) -> BrandMembership | None:
    """The row, with all of the brand's locked: two owners cannot remove each other at once."""
    rows = BrandMembership.objects.select_for_update(of=("self",)).select_related("user")
    found = {row.user_id: row for row in rows.filter(brand_id=brand).order_by("pk")}
    row = found.get(user_id)
    owners = {key for key, each in found.items() if each.role == _OWNER}
    if row is not None and owners == {user_id} and not stays_owner:
        raise NotPossible("last_owner", "A brand must have an owner")
    return row
