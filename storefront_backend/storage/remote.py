"""Files at other people's addresses, fetched without becoming a way into our own network.

| attempt                                    | so                                                |
|--------------------------------------------|---------------------------------------------------|
| http, another port, a password             | refused before anything is resolved               |
| a name with a private or special address   | refused; every address of the name must be public |
| a name that changes its address (rebinding)| the address that was checked is the one connected |
| a redirect to any of these                 | checked as the first one; at most three           |
| a slow or endless answer                   | ended at `SECONDS` or at the size that is allowed |
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from urllib.parse import urljoin, urlsplit

import httpcore
import httpx

from storefront_backend.commerce.errors import CommerceError, ProviderUnavailable

SECONDS = 60.0
_HOPS = 3
_TIMEOUTS = {"connect": 5.0, "read": 10.0, "write": 5.0, "pool": 5.0}
_HEADERS = [("Accept", "image/*"), ("Accept-Encoding", "identity"), ("User-Agent", "Pavilion")]
_HINT = "Use a public https address that leads to the file itself."
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

type Resolve = Callable[[str, int], list[str]]


class AddressRefused(CommerceError):
    """An address that is never fetched, or that does not hold the file."""

    code = "address_refused"


def resolved(host: str, port: int) -> list[str]:
    """The addresses of a name, as the system says them."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise ProviderUnavailable(f"{host} is not known", hint=_HINT) from None
    return [str(place[4][0]) for place in found]


def is_public(address: str) -> bool:
    """Whether an address is anybody's on the internet; those that wrap another count as that."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour
        if found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if found.teredo is not None:
            return False
    return found.is_global and not found.is_multicast


class _PublicOnly(httpcore.NetworkBackend):
    """Connects to addresses that it has checked itself, and by nothing but TCP."""

    def __init__(self, resolve: Resolve, inner: httpcore.NetworkBackend) -> None:
        self._resolve = resolve
        self._inner = inner

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = self._resolve(host, port)
        if not addresses or not all(map(is_public, addresses)):
            raise AddressRefused(f"{host} is not a public address", field="url", hint=_HINT)
        return self._inner.connect_tcp(addresses[0], port, timeout, local_address, socket_options)

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        raise AddressRefused("Only public addresses are fetched", field="url", hint=_HINT)

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(seconds)


@dataclass(frozen=True, slots=True)
class RemoteFiles:
    """Fetches; `inner` and `resolve` are for tests."""

    inner: httpcore.NetworkBackend = field(default_factory=httpcore.SyncBackend)
    resolve: Resolve = resolved

    def fetch(self, url: str, target: BinaryIO, most_bytes: int) -> None:
        """Write what is at an https address into a file.

        Raises AddressRefused where trying again will not help, ProviderUnavailable where it may.
        """
        until = time.monotonic() + SECONDS
        with httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(),
            max_keepalive_connections=0,  # each request resolves and checks anew
            network_backend=_PublicOnly(self.resolve, self.inner),
        ) as pool:
            for _ in range(_HOPS + 1):
                here = _checked(url)
                leads_to = _once(pool, here, target, most_bytes, until)
                if not leads_to:
                    return
                url = urljoin(here, leads_to)
        raise AddressRefused(
            f"The address redirects more than {_HOPS} times", field="url", hint=_HINT
        )


def _checked(url: str) -> str:
    """The address as it is sent, letters of other scripts escaped."""
    try:
        url = str(httpx.URL(url))
        parts = urlsplit(url)
        port = parts.port
    except (ValueError, httpx.InvalidURL):
        raise AddressRefused("That is no address", field="url", hint=_HINT) from None
    bare = parts.username is None and parts.password is None and port in (None, 443)
    if parts.scheme != "https" or not parts.hostname or not bare:
        raise AddressRefused(
            "Only https addresses without a password or a port are fetched", field="url", hint=_HINT
        )
    return url


def _once(
    pool: httpcore.ConnectionPool, url: str, target: BinaryIO, most_bytes: int, until: float
) -> str:
    """One request; where the answer leads to, empty when the file was written."""
    host = urlsplit(url).hostname or ""
    try:
        with pool.stream(
            "GET", url, headers=[("Host", host), *_HEADERS], extensions={"timeout": _TIMEOUTS}
        ) as answer:
            headers = {name.lower(): value for name, value in answer.headers}
            if answer.status in (301, 302, 303, 307, 308):
                return headers.get(b"location", b"").decode("latin-1") or "http:"
            _check_status(answer.status)
            _write(answer.iter_stream(), target, most_bytes, until)
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
        raise ProviderUnavailable(
            f"{host} could not be read: {type(error).__name__}", hint=_HINT
        ) from error
    return ""


def _check_status(status: int) -> None:
    if status >= 500 or status == 429:
        raise ProviderUnavailable(f"The server answers {status}", hint="It is tried again.")
    if status != 200:
        raise AddressRefused(f"The server answers {status}", field="url", hint=_HINT)


def _write(chunks: Iterable[bytes], target: BinaryIO, most_bytes: int, until: float) -> None:
    size = 0
    target.seek(0)
    target.truncate()
    for chunk in chunks:
        size += len(chunk)
        if size > most_bytes:
            raise AddressRefused(
                f"The file has more than {most_bytes >> 20} MB", field="url",
                hint="Export it smaller.",
            )  # fmt: skip
        if time.monotonic() > until:
            raise ProviderUnavailable("The server sends too slowly", hint="It is tried again.")
        target.write(chunk)
