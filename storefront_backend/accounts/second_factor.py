"""Second factors: who has one, who must, and whether a session has proved it.

| what counts                                 | what does not                           |
|---------------------------------------------|-----------------------------------------|
| an authenticator app (TOTP), a passkey      | recovery codes alone: they stand in for |
|                                             | a factor that is lost                   |

An account with a factor is signed in only by a session that has proved one, whichever door the
session came in by: `SecondFactorMiddleware` asks `is_proved` for every request.
"""

from __future__ import annotations

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from storefront_backend.accounts.models import BrandMembership, User
from storefront_backend.accounts.sessions import end_all

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_factor(user: User) -> bool:
    """Whether the account has an app or a passkey."""
    return bool(Authenticator.objects.filter(user=user, type__in=FACTORS).exists())


def with_factor(user_ids: list[int]) -> frozenset[int]:
    """Which of these accounts have one."""
    found = Authenticator.objects.filter(user__in=user_ids, type__in=FACTORS)
    return frozenset(found.values_list("user_id", flat=True))


def is_proved(request: HttpRequest, user: User) -> bool:
    """Whether this session has proved a factor, where the account has one."""
    records = get_authentication_records(request, user)
    return any(each.get("method") == "mfa" for each in records) or not has_factor(user)


def prove(request: HttpRequest, user: User, kind: str) -> None:
    """The session has just proved a factor by adding it to the account."""
    record_authentication(request, user, "mfa", type=kind, reauthenticated=True)


def must_have_one(user: User) -> bool:
    """Owners, marketers and operators; everybody else may."""
    if settings.SECOND_FACTOR != "required":
        return False
    if user.is_staff or user.is_superuser or user.is_marketer:
        return True
    owns = BrandMembership.objects.filter(user=user, role=BrandMembership.Role.OWNER)
    return owns.exists()


def owes_one(user: User) -> bool:
    """Whether the account must have a factor and has none."""
    return must_have_one(user) and not has_factor(user)


def remove_all(user: User) -> int:
    """Remove a person's factors and end their sessions: their phone is lost, and their codes too.

    Only after an operator has made sure who asks. Returns how many factors there were.
    """
    with transaction.atomic():
        rows = Authenticator.objects.filter(user=user)
        count = int(rows.filter(type__in=FACTORS).count())
        rows.delete()
        end_all(user)
    return count
