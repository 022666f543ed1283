"""The web server under clients that stall and requests that do not end."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.running.served import eventually, served

HEADERS = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
BODY = b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nsome"
NOTHING = b""


def test_sixty_stalled_connections_of_each_kind_keep_no_thread(tmp_path: Path) -> None:
    with served(tmp_path, "storefront_backend.wsgi:application") as shop, ExitStack() as stalled:
        for said in (HEADERS, BODY, NOTHING):
            for _ in range(60):
                stalled.enter_context(shop.connect()).sendall(said)
            assert [shop.get("/health/live")[0] for _ in range(10)] == [200] * 10
            assert {shop.get("/robots.txt")[0] for _ in range(10)} == {200}


def test_sixty_clients_that_do_not_read_keep_no_thread(tmp_path: Path) -> None:
    with served(tmp_path) as shop, ExitStack() as stalled:
        for _ in range(60):
            stalled.enter_context(shop.begin("/page"))
        assert [shop.get("/")[0] for _ in range(20)] == [200] * 20


def test_sixty_clients_that_do_not_read_a_part_of_a_large_file_keep_no_thread(
    tmp_path: Path,
) -> None:
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate(64 * 1024 * 1024)  # more than waitress keeps of an answer: 16 MB
    with served(tmp_path, PART_OF=str(large)) as shop, ExitStack() as stalled:
        for _ in range(60):
            stalled.enter_context(shop.begin("/part"))
        assert [shop.get("/")[0] for _ in range(20)] == [200] * 20


@pytest.mark.parametrize("path", ["/loop", "/regex", "/wait"])
def test_a_request_that_never_ends_costs_one_process_and_others_answer(
    path: str, tmp_path: Path
) -> None:
    with served(tmp_path, WEB_PROCESSES="2", WEB_REQUEST_SECONDS="2") as shop:
        before = shop.processes()
        with shop.begin(path):
            assert eventually(lambda: len(shop.processes() - before) == 1)
            assert eventually(lambda: len(shop.processes()) == 2)
            assert [shop.get("/")[0] for _ in range(10)] == [200] * 10
        assert len(before & shop.processes()) == 1


def test_a_request_that_never_ends_is_named_with_its_stack(tmp_path: Path) -> None:
    with served(tmp_path, WEB_PROCESSES="1", WEB_REQUEST_SECONDS="1") as shop:
        before = shop.processes()
        with shop.begin("/loop"):
            assert eventually(lambda: shop.processes().isdisjoint(before))
            assert eventually(lambda: shop.get("/")[0] == 200)
        log = shop.log.read_text()
    assert "replacing worker: /loop" in log
    assert "slow_shop.py" in log


def test_webhooks_are_answered_while_every_thread_of_the_shoppers_waits(tmp_path: Path) -> None:
    with served(tmp_path, WEB_PROCESSES="1", WEB_THREADS="2") as shop, ExitStack() as waiting:
        for _ in range(20):
            waiting.enter_context(shop.begin("/wait"))
        assert shop.get("/saleor/webhooks/taxes/")[0] == 200
        assert shop.get("/webhooks/stripe/")[0] == 200
        assert shop.get("/health/live")[0] == 200


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"x" * 40_000 + b"\r\n\r\n", b"431"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n", b"413"),
        (b"nonsense\r\n\r\n", b"400"),
    ],
    ids=["headers", "body", "nonsense"],
)
def test_what_is_too_long_is_refused_before_it_has_arrived(
    request_: bytes, status: bytes, tmp_path: Path
) -> None:
    with served(tmp_path, WEB_PROCESSES="1") as shop, shop.connect() as line:
        line.sendall(request_)
        assert line.recv(64).startswith((b"HTTP/1.0 " + status, b"HTTP/1.1 " + status))


def test_headers_that_drip_are_cut_off(tmp_path: Path) -> None:
    with served(tmp_path, WEB_PROCESSES="1") as shop, shop.connect() as line:
        line.sendall(HEADERS)
        line.settimeout(2)
        assert eventually(lambda: _is_cut(line))


def _is_cut(line: object) -> bool:
    try:
        line.sendall(b"x")  # type: ignore[attr-defined]
        return line.recv(1) == b""  # type: ignore[attr-defined]
    except TimeoutError:
        return False
    except OSError:
        return True
