"""What a Saleor signs: webhook bodies (a detached JWS) and Dashboard tokens (a JWT).

Both are RS256 with a key from `/.well-known/jwks.json` of the Saleor that installed us. A webhook's
signature covers the body as it was sent, byte for byte (`b64: false`, RFC 7797); a body that was
parsed and written again no longer fits it. Nothing else is covered: neither the event's name nor
any other header, so these are believed only where the body says the same.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA256

from storefront_backend.saleor.errors import NotGenuine, UnknownKey

_SMALLEST_KEY = 2048  # bits
_LEEWAY = timedelta(minutes=1)  # between two machines' clocks


@dataclass(frozen=True, slots=True)
class KeySet:
    """A Saleor's public keys by id."""

    keys: Mapping[str, RSAPublicKey]

    @classmethod
    def read(cls, jwks: Mapping[str, Any]) -> KeySet:
        """From the JSON of `/.well-known/jwks.json`; keys for other uses are left out."""
        keys: dict[str, RSAPublicKey] = {}
        for raw in jwks.get("keys", ()):
            if raw.get("kty") != "RSA" or raw.get("use", "sig") != "sig":
                continue
            key = RSAPublicNumbers(e=_number(raw["e"]), n=_number(raw["n"])).public_key()
            if key.key_size >= _SMALLEST_KEY:
                keys[str(raw.get("kid", ""))] = key
        return cls(keys)

    def verify_webhook(self, body: bytes, signature: str) -> None:
        """Whether this Saleor sent just these bytes. Raises UnknownKey, NotGenuine."""
        try:
            head, between, end = signature.split(".")
        except ValueError:
            raise NotGenuine("The signature is not a JWS") from None
        if between:
            raise NotGenuine("The signature carries a body of its own")
        header = _json(head)
        if header.get("b64") is not False or header.get("crit") != ["b64"]:
            raise NotGenuine("The signature is not detached and unencoded (b64: false)")
        self._verify(header, head.encode() + b"." + body, end)

    def read_token(self, token: str, now: datetime) -> Mapping[str, Any]:
        """The claims of a Dashboard token that is in force. Raises UnknownKey, NotGenuine."""
        try:
            head, claims, end = token.split(".")
        except ValueError:
            raise NotGenuine("That is not a token") from None
        self._verify(_json(head), f"{head}.{claims}".encode(), end)
        said = _json(claims)
        expires = said.get("exp")
        if not isinstance(expires, (int, float)):
            raise NotGenuine("The token does not say when it ends")
        if datetime.fromtimestamp(expires, UTC) + _LEEWAY < now:
            raise NotGenuine("The token has run out", hint="Load the page again")
        return said

    def _verify(self, header: Mapping[str, Any], signed: bytes, signature: str) -> None:
        # The algorithm is ours to choose: a token that says "none" or "HS256" is a forgery.
        if header.get("alg") != "RS256":
            raise NotGenuine(f"Signed by {header.get('alg')!r} and not RS256")
        key = self.keys.get(str(header.get("kid", "")))
        if key is None:
            raise UnknownKey("Signed with a key that this Saleor has not shown us")
        try:
            key.verify(_bytes(signature), signed, PKCS1v15(), SHA256())
        except InvalidSignature:
            raise NotGenuine("The signature does not fit what was sent") from None


def allowed_to(claims: Mapping[str, Any], api_url: str, app_id: str) -> Sequence[str]:
    """The permissions of the person behind a Dashboard token of ours. Raises NotGenuine."""
    if claims.get("iss") != api_url or claims.get("app") != app_id:
        raise NotGenuine("The token is for another Saleor or another app")
    return [str(name) for name in claims.get("user_permissions") or ()]


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise NotGenuine("The signature is not base64url") from None


def _number(text: str) -> int:
    return int.from_bytes(_bytes(text), "big")


def _json(text: str) -> Mapping[str, Any]:
    try:
        said = json.loads(_bytes(text))
    except ValueError:
        raise NotGenuine("The signature's header is not JSON") from None
    if not isinstance(said, dict):
        raise NotGenuine("The signature's header is not an object")
    return said
