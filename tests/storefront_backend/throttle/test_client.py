"""The client's address is taken from our own proxies, and from no other sender."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from storefront_backend.throttle.client import client_address, client_group

PROXY, OTHER_PROXY, CLIENT = "10.0.0.2", "10.0.0.3", "203.0.113.7"


def address(peer: str, **headers: str) -> str:
    return client_address(RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers))


@pytest.fixture
def behind_proxies(settings: Settings) -> Settings:
    settings.TRUSTED_PROXIES = ["10.0.0.0/29"]
    return settings


@pytest.mark.parametrize(
    ("peer", "header", "found"),
    [
        (PROXY, CLIENT, CLIENT),
        (PROXY, f"{CLIENT}, {OTHER_PROXY}", CLIENT),
        (PROXY, f"1.1.1.1, {CLIENT}", CLIENT),  # the left entry was forged by the client
        (PROXY, f"1.1.1.1, {CLIENT}, {OTHER_PROXY}", CLIENT),
        (PROXY, f"{OTHER_PROXY}, {CLIENT}", CLIENT),
        (CLIENT, "1.1.1.1", CLIENT),  # no proxy of ours: its header counts for nothing
        (PROXY, "", PROXY),
        (PROXY, "nonsense", PROXY),
        (PROXY, f"{CLIENT}, nonsense", PROXY),
        (PROXY, f"{CLIENT}:51234", CLIENT),
        (PROXY, "[2001:db8::1]:443", "2001:db8::1"),
        (PROXY, f"::ffff:{CLIENT}", CLIENT),
        (f"::ffff:{PROXY}", CLIENT, CLIENT),
        (PROXY, "fe80::1%eth0", "fe80::1"),
        (PROXY, OTHER_PROXY, OTHER_PROXY),
    ],
)
def test_forwarded_addresses_are_read_from_the_right_through_trusted_hops(
    behind_proxies: Settings, peer: str, header: str, found: str
) -> None:
    assert address(peer, **{"X-Forwarded-For": header}) == found


def test_without_trusted_proxies_no_header_is_read(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = []
    headers = {"X-Forwarded-For": "1.1.1.1", "Forwarded": "for=1.1.1.1"}
    assert address("127.0.0.1", **headers) == "127.0.0.1"


def test_the_header_that_the_proxy_does_not_write_is_ignored(behind_proxies: Settings) -> None:
    both = {"X-Forwarded-For": "1.1.1.1", "Forwarded": f"for={CLIENT}"}
    assert address(PROXY, **both) == "1.1.1.1"
    behind_proxies.PROXY_HEADER = "forwarded"
    assert address(PROXY, **both) == CLIENT


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ('for="[2001:db8:cafe::17]:4711"', "2001:db8:cafe::17"),
        (f"for=1.1.1.1;proto=http, proto=https;for={CLIENT};by={PROXY}", CLIENT),
        (f'for="1.1.1.1, {OTHER_PROXY}", For={CLIENT}', CLIENT),
        (f"for={CLIENT}, for={OTHER_PROXY}", CLIENT),
        ("for=_hidden", PROXY),
        ("proto=https", PROXY),
    ],
)
def test_the_standard_header_is_read_the_same_way(
    behind_proxies: Settings, header: str, found: str
) -> None:
    behind_proxies.PROXY_HEADER = "forwarded"
    assert address(PROXY, Forwarded=header) == found


def test_a_socket_has_no_peer_and_is_trusted_only_where_that_is_said(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = []
    assert address("", **{"X-Forwarded-For": CLIENT}) == "unknown"
    settings.TRUSTED_PROXIES = ["unix"]
    assert address("", **{"X-Forwarded-For": f"1.1.1.1, {CLIENT}"}) == CLIENT


def test_an_ipv6_client_is_counted_by_its_network(settings: Settings) -> None:
    def group(peer: str) -> str:
        return client_group(RequestFactory().get("/", REMOTE_ADDR=peer))

    assert group("2001:db8:1:2::1") == group("2001:db8:1:2:ffff::9") == "2001:db8:1:2::/64"
    assert group("2001:db8:1:3::1") != group("2001:db8:1:2::1")
    assert group("203.0.113.7") == "203.0.113.7"
