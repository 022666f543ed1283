"""Who sent a request: the address of the client, also where proxies are in front of the shop.

Each proxy appends the address it was called from to X-Forwarded-For, so the header is read from
the right, and only as far as the hops are proxies of ours (TRUSTED_PROXIES). What comes
further left was sent by the client and may be invented. Exactly one header is read: a proxy that
writes one passes the other on as the client sent it.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from storefront_backend.proxies import UNIX_SOCKET, Network, networks

UNKNOWN = "unknown"
# A subscriber gets at least a /64 (RFC 6177), and may send from any address in it.
_IPV6_GROUP = 64
_BRACKETED = re.compile(r"\[(?P<address>[^\]]+)\](?::\w+)?")
_WITH_PORT = re.compile(r"(?P<address>[\d.]+):\w+")
_FORWARDED_FOR = re.compile(r'(?:^|;)\s*for\s*=\s*(?:"(?P<quoted>[^"]*)"|(?P<token>[^;\s]*))', re.I)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def client_address(request: HttpRequest) -> str:
    """The address of the client; "unknown" where neither the connection nor a proxy tells it."""
    trusted = networks(settings.TRUSTED_PROXIES)
    peer = _address(request.META.get("REMOTE_ADDR", ""))
    if peer is None and UNIX_SOCKET not in settings.TRUSTED_PROXIES:
        return UNKNOWN
    client = peer
    for hop in reversed(_hops(request)):
        if client is not None and not _within(client, trusted):
            break
        found = _address(hop)
        if found is None:  # "unknown" or nonsense: the proxy next to it is the last one known
            break
        client = found
    return UNKNOWN if client is None else str(client)


def client_group(request: HttpRequest) -> str:
    """What limits count: an IPv4 address, or the /64 that an IPv6 address is in."""
    address = client_address(request)
    if ":" not in address:
        return address
    return str(ipaddress.ip_network((address, _IPV6_GROUP), strict=False))


def _hops(request: HttpRequest) -> list[str]:
    if settings.PROXY_HEADER == "forwarded":
        elements = _split(request.headers.get("Forwarded", ""))
        found = (_FORWARDED_FOR.search(element) for element in elements)
        return [(each["quoted"] or each["token"] or "") if each else "" for each in found]
    header = request.headers.get("X-Forwarded-For", "")
    return header.split(",") if header else []


def _split(header: str) -> list[str]:
    """The elements of a Forwarded header; a comma inside quotes separates nothing."""
    return re.findall(r'(?:"[^"]*"|[^,"])+', header)


def _address(text: str) -> Address | None:
    """An address, with or without port and brackets; IPv4 written as IPv6 is IPv4."""
    text = text.strip()
    with_port = _BRACKETED.fullmatch(text) or _WITH_PORT.fullmatch(text)
    try:
        address = ipaddress.ip_address(with_port["address"] if with_port else text)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        return address.ipv4_mapped or ipaddress.IPv6Address(int(address))  # without its zone
    return address


def _within(address: Address, trusted: Iterable[Network]) -> bool:
    return any(address in network for network in trusted)


def client_of(request: HttpRequest) -> str:
    """What rows may keep of a client: 32 characters that lead back to no address.

    The same for the same client; empty where the address is unknown.
    """
    group = client_group(request)
    if group == UNKNOWN:
        return ""
    return salted_hmac("pavilion.client", group, algorithm="sha256").hexdigest()[:32]
