"""Which proxies are in front of the shop, as TRUSTED_PROXIES names them."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

# The server listens on a socket, so that its peer has no address and must be the proxy.
UNIX_SOCKET = "unix"

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def networks(words: Iterable[str]) -> tuple[Network, ...]:
    """The networks among them. Raises ValueError for what is no address or network."""
    return tuple(ipaddress.ip_network(word) for word in words if word != UNIX_SOCKET)
