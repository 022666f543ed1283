"""Where a person is signed in, and signing out elsewhere.

The list (allauth's UserSession) is for people to read. What ends every session at once is the
salt in the account's session hash: a session that is in no list ends, too.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest

from storefront_backend.accounts.models import User


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A place where somebody is signed in."""

    key: int
    device: str
    address: str
    since: datetime
    seen_at: datetime
    is_this: bool


def listed(request: HttpRequest, user: User) -> list[SignedIn]:
    """This session first, then the newest."""
    rows = UserSession.objects.purge_and_list(user)
    found = [
        SignedIn(
            row.pk, row.user_agent, row.ip, row.created_at, row.last_seen_at,
            row.session_key == request.session.session_key,
        )
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda each: (not each.is_this, -each.seen_at.timestamp()))


def end_one(user: User, key: int) -> bool:
    """End one of the person's sessions; False where it is over already, or another's."""
    row = UserSession.objects.filter(user=user, pk=key).first()
    if row is None:
        return False
    row.end()
    return True


def end_others(request: HttpRequest, user: User) -> None:
    """Sign out everywhere else."""
    end_all(user)
    update_session_auth_hash(request, user)
    UserSession.objects.create_from_request(request)


def end_all(user: User) -> None:
    """Sign out everywhere. `user` carries the new salt afterwards."""
    user.session_salt = secrets.token_urlsafe(16)
    User.objects.filter(pk=user.pk).update(session_salt=user.session_salt)
    UserSession.objects.filter(user=user).delete()
