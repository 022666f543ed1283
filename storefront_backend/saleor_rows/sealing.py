"""Secrets at rest: sealed with a key derived from SECRET_KEY, so that a dump alone opens nothing.

SECRET_KEY_FALLBACKS open what an earlier key has sealed; the next `seal` uses the new one.
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class CannotOpen(Exception):
    """Sealed with a SECRET_KEY that is no longer known: the secret must be entered again."""


_SALEOR = "saleor tokens"


def seal(secret: str, purpose: str = _SALEOR) -> str:
    """The secret, unreadable without SECRET_KEY and for any other purpose."""
    return _box(purpose).encrypt(secret.encode()).decode()


def unseal(sealed: str, purpose: str = _SALEOR) -> str:
    """The secret again. Raises CannotOpen."""
    try:
        return _box(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise CannotOpen("SECRET_KEY has changed since this secret was sealed") from None


def _box(purpose: str) -> MultiFernet:
    known = [str(settings.SECRET_KEY), *map(str, settings.SECRET_KEY_FALLBACKS)]
    return MultiFernet([Fernet(_derived(secret, purpose)) for secret in known])


def _derived(secret: str, purpose: str) -> bytes:
    # One key a purpose: this one opens nothing that sessions or signed addresses are made with.
    kdf = HKDF(SHA256(), length=32, salt=None, info=f"pavilion {purpose}".encode())
    return base64.urlsafe_b64encode(kdf.derive(secret.encode()))
