"""Fetching other people's addresses never becomes a way into our own network."""

from __future__ import annotations

import io

import httpcore
import pytest

from storefront_backend.commerce.errors import ProviderUnavailable
from storefront_backend.storage.remote import AddressRefused, RemoteFiles, is_public

PUBLIC = "93.184.215.14"
OK = [b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n", b"ring"]


class Line(httpcore.MockBackend):
    """A network that plays answers and notes where it was connected to."""

    def __init__(self, *answers: list[bytes]) -> None:
        super().__init__([])
        self.answers = list(answers)
        self.connected: list[tuple[str, int]] = []

    def connect_tcp(self, host: str, port: int, *rest: object) -> httpcore.NetworkStream:
        self.connected.append((host, port))
        return httpcore.MockStream(list(self.answers.pop(0)))


def fetched(line: Line, url: str = "https://lotus.example/ring.jpg", **names: str) -> bytes:
    file = io.BytesIO()
    RemoteFiles(line, lambda host, port: [names.get(host.split(".")[0], PUBLIC)]).fetch(
        url, file, 100
    )
    return file.getvalue()


def redirect(to: str) -> list[bytes]:
    return [f"HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode()]


def test_the_address_that_was_checked_is_the_one_connected_to() -> None:
    line = Line(OK)
    assert fetched(line) == b"ring"
    assert line.connected == [(PUBLIC, 443)]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.8", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "::1", "fd00::1", "fe80::1%eth0", "::ffff:10.0.0.8",
        "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "not an address",
    ],
)  # fmt: skip
def test_private_and_special_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", [PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)


def test_a_name_that_leads_inside_is_refused_before_it_is_connected() -> None:
    line = Line(OK)
    with pytest.raises(AddressRefused):
        fetched(line, lotus="169.254.169.254")
    assert line.connected == []


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    line = Line(OK)
    with pytest.raises(AddressRefused):
        RemoteFiles(line, lambda host, port: [PUBLIC, "10.0.0.8"]).fetch(
            "https://lotus.example/ring.jpg", io.BytesIO(), 100
        )
    assert line.connected == []


@pytest.mark.parametrize(
    "url",
    [
        "http://lotus.example/ring.jpg",
        "https://lotus.example:8443/ring.jpg",
        "https://user:word@lotus.example/ring.jpg",
        "file:///etc/passwd",
        "https:///ring.jpg",
        "https://[::1/ring.jpg",
    ],
)
def test_other_schemes_ports_and_passwords_are_refused(url: str) -> None:
    line = Line(OK)
    with pytest.raises(AddressRefused):
        fetched(line, url)
    assert line.connected == []


@pytest.mark.parametrize(
    "to", ["http://lotus.example/", "https://inside.example/", "gopher://x/", ""]
)
def test_a_redirect_is_checked_as_the_first_address(to: str) -> None:
    line = Line(redirect(to), OK)
    with pytest.raises(AddressRefused):
        fetched(line, inside="10.0.0.8")
    assert line.connected == [(PUBLIC, 443)]


def test_a_redirect_to_another_public_place_is_followed() -> None:
    assert fetched(Line(redirect("https://cdn.example/ring.jpg"), OK)) == b"ring"


def test_redirects_in_a_circle_end() -> None:
    line = Line(*[redirect("https://lotus.example/ring.jpg")] * 9)
    with pytest.raises(AddressRefused):
        fetched(line)
    assert len(line.connected) <= 4


def test_more_bytes_than_allowed_are_not_kept() -> None:
    long = [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"c8\r\n" + b"x" * 200]
    with pytest.raises(AddressRefused):
        fetched(Line(long))


@pytest.mark.parametrize(("status", "error"), [(404, AddressRefused), (503, ProviderUnavailable)])
def test_a_refusal_is_final_and_a_fault_is_tried_again(status: int, error: type) -> None:
    with pytest.raises(error):
        fetched(Line([f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n".encode()]))
