"""Signing in with a password: limited in one place, for every page that asks for one.

What is counted are wrong passwords: a right one undoes its count. A stranger's tries are
counted by client, by client and account, and by account. A device that signed in to the account
before, with its second factor where there is one, carries a cookie that says so, and is counted
by itself alone: strangers who try an account, from however many addresses, never keep its owner
waiting there. (OWASP calls it a device cookie.)
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.core import signing
from django.http import HttpRequest, HttpResponse

from storefront_backend.throttle.client import UNKNOWN, client_group
from storefront_backend.throttle.errors import TooManyRequests
from storefront_backend.throttle.limiter import credit_back, reset, take

COOKIE = "known-device"
_SALT = "accounts.known-device"
_KEPT = 400 * 86_400  # seconds, as long as browsers keep any cookie
_SIGNED_IN = "_signed_in_account"


class LimitedSignIn(ModelBackend):
    """Django's backend behind the limits. Raises TooManyRequests."""

    def authenticate(  # type: ignore[override] # the stubs bind the user's class to the base
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **given: Any,
    ) -> AbstractBaseUser | None:
        """The account, if the password is its own."""
        account = (username or given.get("email") or "").strip().lower()
        if not account or password is None:
            return None
        limits = _limits(request, account)
        for kind, *key in limits:
            take(kind, *key)
        user = super().authenticate(request, username=account, password=password)
        if user is None:
            return None
        for kind, *key in limits:
            # Two parts: this client or device at this account, whose earlier slips are forgiven.
            (reset if len(key) == 2 else credit_back)(kind, *key)
        return user

    async def aauthenticate(  # type: ignore[override] # as above
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **given: Any,
    ) -> AbstractBaseUser | None:
        """The same for asynchronous views: Django's own would pass the limits by."""
        return await sync_to_async(self.authenticate)(request, username, password, **given)


def remember_device(request: HttpRequest, response: HttpResponse) -> None:
    """Give the device its cookie in the answer that signs it in."""
    account = getattr(request, _SIGNED_IN, None)
    if account is None:
        return
    response.set_cookie(
        COOKIE,
        signing.dumps([_digest(account), secrets.token_urlsafe(9)], salt=_SALT),
        max_age=_KEPT,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def mark_signed_in(request: HttpRequest, account: str) -> None:
    """A person is signed in, with every factor that the account asks for: the device is known."""
    setattr(request, _SIGNED_IN, account)


def count_code(request: HttpRequest, account: str) -> Callable[[], None]:
    """Count a code of a second factor; call what is returned where it was right.

    Raises TooManyRequests. Whoever tries codes knows the password, so strangers are counted
    together for the account, and a known device by itself: it never waits for them.
    """
    device = _device(request, account)
    limit = ("code-device", account, device) if device else ("code-account", account)
    take(*limit)
    return lambda: reset(*limit)


def use_up(account: str, code: str) -> bool:
    """Whether a time-based code had not been used yet. One is worth one sign-in (RFC 6238, 5.2)."""
    try:
        take("code-once", account, code)
    except TooManyRequests:
        return False
    return True


def _limits(request: HttpRequest | None, account: str) -> list[tuple[str, ...]]:
    device = None if request is None else _device(request, account)
    if device:
        return [("sign-in-device", account, device)]
    client = UNKNOWN if request is None else client_group(request)
    return [
        ("sign-in-pair", account, client),
        ("sign-in-client", client),
        ("sign-in-account", account),
    ]


def _device(request: HttpRequest, account: str) -> str | None:
    try:
        known, device = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_KEPT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return str(device) if known == _digest(account) else None


def _digest(account: str) -> str:
    """The cookie names no address to who else uses the device."""
    return hashlib.sha256(account.encode()).hexdigest()[:24]
