"""Reads a small document from a server that may be slow, down, or somebody else's."""

from __future__ import annotations

import httpx

from storefront_backend.commerce.errors import ProviderError, ProviderUnavailable

MOST_BYTES = 1_000_000
TIMEOUT = httpx.Timeout(10, connect=5)


def fetch(client: httpx.Client, url: str, headers: dict[str, str] | None = None) -> bytes:
    """The body of an answer of at most a megabyte.

    Raises ProviderUnavailable where asking again may help, ProviderError where it will not.
    """
    try:
        with client.stream("GET", url, headers=headers, follow_redirects=False) as answer:
            if answer.status_code >= 500 or answer.status_code == 429:
                raise ProviderUnavailable(f"The rate server answers {answer.status_code}")
            if answer.status_code != 200:
                raise ProviderError(
                    f"The rate server answers {answer.status_code}",
                    hint="Check the address and the key of the rate source",
                )
            body = bytearray()
            for chunk in answer.iter_bytes():
                body += chunk
                if len(body) > MOST_BYTES:
                    raise ProviderError(f"The rate server sends more than {MOST_BYTES} bytes")
            return bytes(body)
    except httpx.HTTPError as error:
        raise ProviderUnavailable(
            f"The rate server could not be read: {type(error).__name__}",
            hint="Prices stay as they are until it answers",
        ) from error
