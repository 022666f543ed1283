"""Second factors for tests: an app on an account, and the codes that it shows."""

from __future__ import annotations

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client

from storefront_backend.accounts.models import User

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "kapok-blossom-9"


def code_of(secret: str = SECRET, *, later: int = 0) -> str:
    """What the app shows now, or `later` steps of half a minute from now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def add_app(user: User) -> None:
    TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)


def recovery_codes(user: User) -> list[str]:
    row = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)
    return list(row.wrap().get_unused_codes())


def sign_in(client: Client, email: str, password: str = PASSWORD, code: str = "") -> None:
    """The desk's two steps."""
    client.post("/desk/sign-in/", {"login": email, "password": password})
    if code:
        client.post("/desk/sign-in/second-factor/", {"code": code})


def is_in(client: Client) -> bool:
    return client.get("/desk/account/").status_code == 200
