"""A Saleor's private key: signs webhooks and Dashboard tokens as a real one does."""

from __future__ import annotations

import base64
import itertools
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

_count = itertools.count(1)


class SigningSaleor:
    """One key; `rotate` makes another."""

    def __init__(self, api_url: str = "http://saleor.test/graphql/", bits: int = 2048) -> None:
        self.api_url = api_url
        self._bits = bits
        self.rotate()

    def rotate(self) -> None:
        """From now on sign with a new key, and show only that one."""
        self._key = generate_private_key(65537, self._bits)
        self.kid = f"key-{next(_count)}"

    def jwks(self) -> dict[str, Any]:
        """What `/.well-known/jwks.json` says."""
        numbers = self._key.public_key().public_numbers()
        return {
            "keys": [
                {
                    "kty": "RSA",
                    "use": "sig",
                    "alg": "RS256",
                    "kid": self.kid,
                    "n": _text(numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8)),
                    "e": _text(numbers.e.to_bytes(3)),
                }
            ]
        }

    def sign(self, body: bytes, header: Mapping[str, Any] | None = None) -> str:
        """A detached JWS over the bytes."""
        head = {"alg": "RS256", "b64": False, "crit": ["b64"]} if header is None else header
        first = _text(json.dumps({**head, "kid": self.kid}).encode())
        return f"{first}..{self._signature(first.encode() + b'.' + body)}"

    def token(self, now: datetime, *, app: str, permissions: Sequence[str] = ()) -> str:
        """A Dashboard token, good for five minutes."""
        claims = {
            "iss": self.api_url,
            "app": app,
            "type": "thirdparty",
            "exp": int((now + timedelta(minutes=5)).timestamp()),
            "user_permissions": list(permissions),
        }
        parts = [
            _text(json.dumps(part).encode())
            for part in ({"alg": "RS256", "typ": "JWT", "kid": self.kid}, claims)
        ]
        signed = ".".join(parts)
        return f"{signed}.{self._signature(signed.encode())}"

    def _signature(self, signed: bytes) -> str:
        return _text(self._key.sign(signed, PKCS1v15(), SHA256()))


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
