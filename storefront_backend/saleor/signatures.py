"""What a Saleor signs: webhook bodies (a detached JWS) and Dashboard tokens (a JWT).

Both are RS256 with a key from `/.well-known/jwks.json` of the Saleor that installed us. A webhook's
signature covers the body as it was sent, byte for byte (`b64: false`, RFC 7797); a body that was
parsed and written again no longer fits it. Nothing else is covered: neither the event's name nor
any other header, so these are trusted only where the body says the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import RSAKey
from joserfc.jws import CompactSignature, JWSRegistry, extract_compact, validate_compact
from joserfc.jwt import JWTClaimsRegistry

from storefront_backend.saleor.errors import NotGenuine, UnknownKey

_SMALLEST_KEY = 2048  # bits
_LEEWAY = 60  # seconds between two machines' clocks
_DETACHED = re.compile(r"[\w-]+\.\.[\w-]+", re.ASCII)


class _Registry(JWSRegistry):
    # As long as a webhook's body may be: see webhooks/saleor.py. The library's own is 128 KB.
    max_payload_length = 5 * 1024 * 1024


# The algorithm is ours to choose: a header that says "none" or "HS256" is a forgery.
_RS256 = _Registry(algorithms=["RS256"])


@lru_cache(maxsize=64)
def _imported(jwk: str) -> RSAKey:
    """A key by its JSON: to parse one takes twice as long as to verify a signature by it."""
    return RSAKey.import_key(json.loads(jwk))


@dataclass(frozen=True, slots=True)
class KeySet:
    """A Saleor's public keys by id."""

    keys: Mapping[str, RSAKey]

    @classmethod
    def read(cls, jwks: Mapping[str, Any]) -> KeySet:
        """From the JSON of `/.well-known/jwks.json`; keys for other uses are left out."""
        keys: dict[str, RSAKey] = {}
        for raw in jwks.get("keys", ()):
            if raw.get("kty") != "RSA" or raw.get("use", "sig") != "sig":
                continue
            try:
                key = _imported(json.dumps(raw, sort_keys=True))
            except (JoseError, ValueError):
                continue  # one that is broken must not take the others with it
            if key.public_key.key_size >= _SMALLEST_KEY:
                keys[str(raw.get("kid", ""))] = key
        return cls(keys)

    def verify_webhook(self, body: bytes, signature: str) -> None:
        """Whether this Saleor sent just these bytes. Raises UnknownKey, NotGenuine."""
        if not _DETACHED.fullmatch(signature):
            raise NotGenuine("The signature is not a detached JWS")
        sent = _extracted(signature, body)
        header = sent.headers()
        if header.get("b64") is not False or header.get("crit") != ["b64"]:
            raise NotGenuine("The signature is not detached and unencoded (b64: false)")
        self._verify(sent)

    def read_token(self, token: str, now: datetime) -> Mapping[str, Any]:
        """The claims of a Dashboard token that is in force. Raises UnknownKey, NotGenuine."""
        sent = _extracted(token)
        self._verify(sent)
        claims = _claims(sent)
        rules = JWTClaimsRegistry(now=int(now.timestamp()), leeway=_LEEWAY, exp={"essential": True})
        try:
            rules.validate(claims)
        except ExpiredTokenError:
            raise NotGenuine("The token has expired", hint="Load the page again") from None
        except JoseError as error:
            raise NotGenuine(f"The token is not valid: {error}") from None
        return claims

    def _verify(self, sent: CompactSignature) -> None:
        header = sent.headers()
        if header.get("alg") != "RS256":
            raise NotGenuine(f"Signed by {header.get('alg')!r} and not RS256")
        key = self.keys.get(str(header.get("kid", "")))
        if key is None:
            raise UnknownKey("Signed with a key that this Saleor has not shown us")
        try:
            genuine = validate_compact(sent, key, registry=_RS256)
        except (JoseError, ValueError) as error:
            raise NotGenuine(f"The signature is not valid: {error}") from None
        if not genuine:
            raise NotGenuine("The signature does not match the body")


def allowed_to(claims: Mapping[str, Any], api_url: str, app_id: str) -> Sequence[str]:
    """The permissions of the person behind a Dashboard token of ours. Raises NotGenuine."""
    if claims.get("iss") != api_url or claims.get("app") != app_id:
        raise NotGenuine("The token is for another Saleor or another app")
    return [str(name) for name in claims.get("user_permissions") or ()]


def _extracted(compact: str, body: bytes | None = None) -> CompactSignature:
    try:
        return extract_compact(compact.encode(), body, _RS256)
    except (JoseError, ValueError, TypeError) as error:
        raise NotGenuine(f"That is not a signature: {error}") from None


def _claims(sent: CompactSignature) -> dict[str, Any]:
    try:
        said = json.loads(sent.payload or b"")
    except ValueError:
        raise NotGenuine("The token holds no JSON") from None
    if not isinstance(said, dict):
        raise NotGenuine("The token holds no object")
    return said
