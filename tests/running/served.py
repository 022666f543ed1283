"""A gunicorn of the product's own configuration, on a free port of this machine."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.patience import stretched

ROOT = Path(__file__).resolve().parents[2]
CONFIG = "python:storefront_backend.running.web_server"
SLOW_SHOP = "tests.running.slow_shop:application"


@dataclass
class Served:
    """Where it listens, and what it logs."""

    port: int
    log: Path
    arbiter: int = 0

    def connect(self) -> socket.socket:
        """A connection of a client that says what it likes."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=stretched(30))

    def get(self, path: str, seconds: float = 30) -> tuple[int, str]:
        """Status and body of one request on a connection of its own."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        try:
            line.request("GET", path)
            answer = line.getresponse()
            return answer.status, answer.read().decode()
        finally:
            line.close()

    def begin(self, path: str) -> socket.socket:
        """Send a request and do not wait for its answer."""
        line = self.connect()
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        return line

    def processes(self) -> set[int]:
        """The ids of the web processes that run now."""
        children = psutil.Process(self.arbiter).children()
        return {each.pid for each in children if each.status() != psutil.STATUS_ZOMBIE}


@contextmanager
def served(folder: Path, application: str = SLOW_SHOP, **settings: str) -> Iterator[Served]:
    """The server, until the block ends. Settings are environment variables."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--config", CONFIG, application]
    command += ["--bind", f"127.0.0.1:{port}", "--chdir", str(ROOT)]
    found = Served(port, folder / "server.log")
    with found.log.open("wb") as log:
        process = subprocess.Popen(command, env={**os.environ, **settings}, stderr=log)
        found.arbiter = process.pid
        try:
            _await(found, process)
            yield found
        finally:
            process.terminate()
            process.wait(stretched(60))


def eventually(holds: object, seconds: float = 90) -> bool:
    """Whether a condition comes to hold; as long as a loaded machine may need."""
    assert callable(holds)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if holds():
                return True
        except OSError:
            pass
        time.sleep(0.2)
    return False


def _await(found: Served, process: subprocess.Popen[bytes]) -> None:
    def answers() -> bool:
        assert process.poll() is None, found.log.read_text()
        return found.get("/health/live")[0] == 200

    assert eventually(answers), found.log.read_text()
