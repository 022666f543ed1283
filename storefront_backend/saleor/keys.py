"""The public keys that a Saleor shows at a fixed address beside its API."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

import httpx

from storefront_backend.saleor.errors import SaleorUnavailable

_LONGEST = 64 * 1024  # bytes


def fetch_keys(api_url: str, http: httpx.Client | None = None) -> dict[str, Any]:
    """The JWKS of the Saleor of that API address. Raises SaleorUnavailable."""
    address = urljoin(api_url, "/.well-known/jwks.json")
    client = http or httpx.Client()
    try:
        answer = client.get(address, timeout=5, follow_redirects=False)
        answer.raise_for_status()
        said = answer.json() if len(answer.content) <= _LONGEST else None
    except (httpx.HTTPError, ValueError) as error:
        raise SaleorUnavailable(f"{address} returns no keys ({type(error).__name__})") from error
    finally:
        if http is None:
            client.close()
    if not isinstance(said, dict) or not isinstance(said.get("keys"), list):
        raise SaleorUnavailable(f"{address} returns something else than keys")
    return said
