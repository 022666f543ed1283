"""Who may do what: the one place that every page, mutation and paper asks.

                    brand's owner  editor  reader  operator with the right
READ_CATALOGUE            x          x       x
EDIT_CATALOGUE            x          x
PUBLISH                   x          x
READ_ORDERS               x          x       x     orders.view_order
EDIT_ORDERS               x          x             orders.change_order
READ_PAYOUTS              x                        orders.view_ledgermovement
READ_PEOPLE               x          x       x
MANAGE_PEOPLE             x

The people of a suspended house read and change nothing, whatever their role.

To outsiders the thing does not exist: they may not even learn its name. Members whose
role is too small get that as the reason. Closed accounts may do nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from django.db.models import Q, QuerySet

from storefront_backend.accounts.models import BrandMembership, User
from storefront_backend.commerce.errors import CommerceError, NotFound

_Role = BrandMembership.Role
_ALL = frozenset(_Role)
_WRITERS = frozenset({_Role.OWNER, _Role.EDITOR})
_OWNERS = frozenset({_Role.OWNER})


class Forbidden(CommerceError):
    """A member whose role is too small."""

    code = "forbidden"


@dataclass(frozen=True, eq=False)  # Enum would take acts with equal rules for one act
class _Rule:
    roles: frozenset[BrandMembership.Role]
    operators: str = ""  # the right that lets an operator do it for every brand


class Act(Enum):
    """What is done with what belongs to a brand."""

    READ_CATALOGUE = _Rule(_ALL)
    EDIT_CATALOGUE = _Rule(_WRITERS)
    PUBLISH = _Rule(_WRITERS)  # noqa: PIE796 - equal rules of different acts
    READ_ORDERS = _Rule(_ALL, "orders.view_order")
    EDIT_ORDERS = _Rule(_WRITERS, "orders.change_order")
    READ_PAYOUTS = _Rule(_OWNERS, "orders.view_ledgermovement")
    READ_PEOPLE = _Rule(_ALL)  # noqa: PIE796 - as above
    MANAGE_PEOPLE = _Rule(_OWNERS)


# What a suspended house's people may not do: they go on reading.
CHANGES = frozenset({Act.EDIT_CATALOGUE, Act.EDIT_ORDERS})
SUSPENDED = Q(brand__suspension__isnull=False)


def require(user: User, brand: str, act: Act) -> None:
    """Pass, or raise NotFound or Forbidden. `brand` is its slug, and need not exist."""
    if operates(user, act.value.operators):
        return
    found = memberships(user).filter(brand__slug=brand).annotate(is_suspended=SUSPENDED).first()
    if found is None:
        raise NotFound("Not found, or not yours")
    role = found.role
    if found.is_suspended and act in CHANGES:
        raise Forbidden("The house is suspended", hint="Ask the shop's operators.")
    if not allows(role, act):
        raise Forbidden("Your role does not allow this", hint="Ask an owner of the brand.")


def allows(role: str, act: Act) -> bool:
    """Whether a member with that role may do it for the brand."""
    return role in act.value.roles


def may(user: User, brand: str, act: Act) -> bool:
    """Whether `require` would pass."""
    try:
        require(user, brand, act)
    except (NotFound, Forbidden):
        return False
    return True


def memberships(user: User) -> QuerySet[BrandMembership]:
    """The brands that the person acts for; none for a closed account."""
    if not user.is_active:
        return BrandMembership.objects.none()
    return BrandMembership.objects.filter(user=user)


def operates(user: User, right: str) -> bool:
    """Whether this is an operator with that right, as "orders.view_order"."""
    return bool(right) and user.operates(right)


def is_operator(user: User) -> bool:
    """Whether this person works for the shop; what they may do there is `operates`."""
    return user.is_active and user.is_staff


def markets(user: User) -> bool:
    """Whether this person may work on campaigns: a marketer, or an operator with that right."""
    return user.is_active and (user.is_marketer or operates(user, "campaigns.change_campaign"))
