"""The supervisor ends what is its own, restarts what ends, and says plainly what is in the way."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from storefront_backend.running import leftovers, supervisor
from storefront_backend.running.child import Child
from storefront_backend.running.errors import PortTaken, RunningError
from storefront_backend.running.supervisor import Place, place_from
from tests.patience import deadline, stretched

SLEEP = [sys.executable, "-c", "import time; time.sleep(300)"]


def process(mark: str | None = None) -> subprocess.Popen[bytes]:
    extra = {} if mark is None else {leftovers.MARK: mark}
    return subprocess.Popen(SLEEP, env={**os.environ, **extra})


def test_only_the_processes_of_the_interrupted_run_are_ended() -> None:
    ours, of_another_run = (
        leftovers.new_run(owns_database=True),
        leftovers.new_run(owns_database=True),
    )
    left, neighbour, stranger = process(ours.mark), process(of_another_run.mark), process()
    try:
        assert leftovers.end(ours, patience=stretched(5)) == 1
        assert left.poll() is not None
        assert neighbour.poll() is None
        assert stranger.poll() is None
    finally:
        for each in (left, neighbour, stranger):
            each.kill()
            each.wait()


def test_a_run_is_remembered_until_it_ends_cleanly(tmp_path: Path) -> None:
    run = leftovers.new_run(owns_database=True)
    run.save(tmp_path)
    assert leftovers.last_run(tmp_path) == run
    run.forget(tmp_path)
    assert leftovers.last_run(tmp_path) is None


def test_a_torn_note_of_the_last_run_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text('{"mark": "ab')
    assert leftovers.last_run(tmp_path) is None


def test_a_child_that_ends_starts_again_after_growing_pauses() -> None:
    child = Child("web", [sys.executable, "-c", "raise SystemExit(3)"], os.environ)
    pauses = []
    for _ in range(3):
        child.start()
        assert child.wait(deadline(20))
        news = child.watch()
        assert news is not None
        pauses.append(news)
    assert pauses[0] == "web ended (exit code 3); starting it again in 1 s"
    assert [news.rsplit("in ", 1)[1] for news in pauses] == ["1 s", "2 s", "4 s"]


def test_a_restart_runs_what_has_to_come_before_it() -> None:
    ran: list[str] = []
    child = Child("worker", SLEEP, os.environ, before_restart=lambda: ran.append("resumed"))
    child.start()
    assert ran == []
    child.kill()
    child.wait(deadline(20))
    child.watch()
    child.resumes = 0.0
    assert child.watch() == "worker started again"
    assert ran == ["resumed"]
    child.kill()
    child.wait(deadline(20))


def test_a_taken_port_is_refused_with_a_way_out(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        place = Place(tmp_path, "127.0.0.1", port, embedded=True)
        with pytest.raises(PortTaken, match=f"127.0.0.1:{port} cannot be used") as refused:
            supervisor._require_free_port(place)
    assert f"PORT={port + 1} make run" in refused.value.hint


@pytest.mark.parametrize(
    ("environment", "address"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"PORT": "80", "HOST": "0.0.0.0"}, "http://127.0.0.1:80"),
        ({"HOST": "::1"}, "http://[::1]:8000"),
        ({"PORT": "", "HOST": ""}, "http://127.0.0.1:8000"),
    ],
)
def test_the_address_follows_host_and_port(environment: dict[str, str], address: str) -> None:
    assert place_from(environment).address == address


@pytest.mark.parametrize(
    ("environment", "port"),
    [
        ({}, 0),
        ({"SALEOR_API_URL": "http://saleor.test/graphql/"}, 8001),
        ({"SALEOR_TRUSTED_API_URLS": "http://saleor.test/graphql/", "PORT": "80"}, 81),
        ({"SALEOR_API_URL": "http://saleor.test/graphql/", "WEBHOOK_PORT": "9000"}, 9000),
    ],
)
def test_a_saleor_is_answered_on_a_port_of_its_own(environment: dict[str, str], port: int) -> None:
    place = place_from(environment)
    names = [child.name for child in supervisor._children(place, environment)]
    assert place.webhook_port == port
    assert ("webhooks" in names) == bool(port)


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "80 "])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(RunningError, match="PORT must be a number from 1 to 65535"):
        place_from({"PORT": port})
