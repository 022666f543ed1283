"""Web and worker under one command, from an empty home to an open shop.

prepare   database → migrate → static files → demo
serve     web, worker; what ends is started again
stop      Ctrl-C or SIGTERM: everything ends within seconds, the database last
"""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType

from storefront_backend.running import leftovers, postgres
from storefront_backend.running.child import Child
from storefront_backend.running.errors import (
    AlreadyRunning,
    DatabaseUnavailable,
    PortTaken,
    RunningError,
    StepFailed,
)

PROJECT = Path(__file__).resolve().parents[2]
WEB_SERVER = "storefront_backend.running.web_server"  # gunicorn's configuration
PATIENCE = 8.0  # seconds web and worker get to finish what they are doing
WATCH_EVERY = 0.25  # seconds
DATABASE_EVERY = 2.0  # seconds
OPENING_PATIENCE = 60.0  # seconds until the first page must have been served
ANY = ("", "0.0.0.0", "::")  # noqa: S104 - compared with, not bound to


@dataclass(frozen=True)
class Place:
    """Where the shop runs: its home folder and the address it listens on."""

    home: Path
    host: str
    port: int
    embedded: bool  # no DATABASE_URL: we run the database too
    webhook_port: int = 0  # where a Saleor calls us; 0 where there is none

    @property
    def address(self) -> str:
        """What to type into a browser."""
        return self.address_of(self.port)

    def address_of(self, port: int) -> str:
        """The same on another port."""
        host = "127.0.0.1" if self.host in ANY else self.host
        return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def place_from(environment: Mapping[str, str]) -> Place:
    """Reads PAVILION_HOME, HOST, PORT, WEBHOOK_PORT and DATABASE_URL. Raises RunningError for a
    bad port."""
    port = _port("PORT", environment.get("PORT") or "8000")
    webhook_port = 0
    if environment.get("SALEOR_API_URL") or environment.get("SALEOR_TRUSTED_API_URLS"):
        webhook_port = _port("WEBHOOK_PORT", environment.get("WEBHOOK_PORT") or str(port + 1))
    return Place(
        home=Path(environment.get("PAVILION_HOME") or PROJECT / ".pavilion").absolute(),
        host=environment.get("HOST") or "127.0.0.1",
        port=port,
        embedded=not environment.get("DATABASE_URL"),
        webhook_port=webhook_port,
    )


def _port(name: str, text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise RunningError(f"{name} must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def say(line: str) -> None:
    """One plain line to the terminal that started us."""
    print(line, flush=True)


def main() -> int:
    """Runs Pavilion until it is stopped. Returns the exit code."""
    try:
        place = place_from(os.environ)
        with _stop_signals(), _only_supervisor(place.home):
            return _run(place)
    except _Stopped:
        say("Stopped.")
        return 0
    except RunningError as error:
        say(f"Pavilion cannot run: {error}")
        return 1


def _run(place: Place) -> int:
    inherited = _end_last_run(place.home)
    _require_free_port(place)
    if place.webhook_port:
        _require_free_port(replace(place, port=place.webhook_port), "WEBHOOK_PORT")
    owns = place.embedded and (inherited or not postgres.is_running(place.home))
    run = leftovers.new_run(owns_database=owns)
    run.save(place.home)
    environment = {**os.environ, leftovers.MARK: run.mark, "PAVILION_HOME": str(place.home)}
    environment["PYTHONUNBUFFERED"] = "1"
    if place.webhook_port and not environment.get("PUBLIC_URL"):
        environment.setdefault("WEBHOOK_URL", place.address_of(place.webhook_port))
    children = _children(place, environment)
    try:
        _prepare(place, environment)
        say("Opening the shop")
        for child in children:
            child.start()
        _await_opening(place, children)
        say(f"Pavilion is open at {place.address}  (Ctrl-C stops it)")
        _watch(place, children)
    finally:
        _shut(place, children, run)
    return 0


def _end_last_run(home: Path) -> bool:
    """Ends what a killed supervisor left; returns whether the database is left to us as well."""
    last = leftovers.last_run(home)
    if last is None:
        return False
    count = leftovers.end(last, patience=PATIENCE)
    if count:
        say(f"Ended {count} processes that an interrupted run had left behind")
    return last.owns_database


def _prepare(place: Place, environment: Mapping[str, str]) -> None:
    if place.embedded:
        say("Starting the database")
        postgres.ensure_running(place.home)
    command = [sys.executable, "-m", "storefront_backend.running.prepare"]
    process = subprocess.Popen(  # noqa: S603 - our own command
        command,
        env=dict(environment),
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    status = process.wait()
    if status != 0:
        raise StepFailed(
            f"Getting ready ended with exit code {status}.", "The reason is in the output above."
        )


def _children(place: Place, environment: Mapping[str, str]) -> list[Child]:
    host = f"[{place.host}]" if ":" in place.host else place.host

    def server(port: int, processes: str = "") -> list[str]:
        command = [sys.executable, "-m", "gunicorn", "--config", f"python:{WEB_SERVER}"]
        command += ["--bind", f"{host}:{port}", "--chdir", str(PROJECT)]
        return [*command, *(("--workers", processes) if processes else ())]

    web = server(place.port)
    worker = [sys.executable, str(PROJECT / "manage.py"), "work"]

    def resume() -> None:
        resume = [sys.executable, "-m", "storefront_backend.running.resume"]
        subprocess.run(  # noqa: S603 - our own command
            resume, env=dict(environment), cwd=PROJECT, check=False
        )

    children = [
        Child("web", web, environment),
        Child("worker", worker, environment, before_restart=resume),
    ]
    if place.webhook_port:
        # Saleor asks back before it answers a shopper, so its questions do not wait behind pages.
        hooks = server(place.webhook_port, environment.get("WEBHOOK_PROCESSES", "1"))
        children.append(Child("webhooks", hooks, environment))
    return children


def _await_opening(place: Place, children: Sequence[Child]) -> None:
    deadline = time.monotonic() + OPENING_PATIENCE
    while time.monotonic() < deadline:
        _report(children)
        if _serves(place.address):
            return
        time.sleep(WATCH_EVERY)
    say("The web server has not answered yet; what it says above may tell why.")


def _serves(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/health/live", timeout=5):  # noqa: S310 - our own
            return True
    except urllib.error.HTTPError as answer:
        return answer.code < 500
    except OSError:
        return False


def _watch(place: Place, children: Sequence[Child]) -> None:
    database_due = 0.0
    while True:
        _report(children)
        now = time.monotonic()
        if place.embedded and now >= database_due:
            database_due = now + DATABASE_EVERY
            _keep_database(place)
        time.sleep(WATCH_EVERY)


def _keep_database(place: Place) -> None:
    if postgres.is_running(place.home):
        return
    say("The database ended; starting it again")
    try:
        postgres.ensure_running(place.home)
    except DatabaseUnavailable as error:
        say(str(error))


def _report(children: Sequence[Child]) -> None:
    for child in children:
        news = child.watch()
        if news:
            say(news)


def _shut(place: Place, children: Sequence[Child], run: leftovers.Run) -> None:
    """Ends everything; a second Ctrl-C does not interrupt it, for it takes seconds at most."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    if any(child.process for child in children):
        say("Closing the shop")
    until = time.monotonic() + PATIENCE
    for child in children:
        child.terminate()
    for child in children:
        child.wait(until)
        child.kill()
    leftovers.end(run, patience=1)
    if run.owns_database:
        postgres.stop(place.home)
    run.forget(place.home)


def _require_free_port(place: Place, name: str = "PORT") -> None:
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((place.host, place.port))
        except OSError as error:
            raise PortTaken(
                f"{place.host}:{place.port} cannot be used ({error.strerror}).",
                "Stop what listens there, or take another port: "
                f"`{name}={place.port + 1} make run`.",
            ) from error


@contextmanager
def _only_supervisor(home: Path) -> Iterator[None]:
    home.mkdir(parents=True, exist_ok=True)
    handle = os.open(home / "run.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise AlreadyRunning(f"it already runs from {home}.") from error
    finally:
        os.close(handle)


class _Stopped(BaseException):
    """A signal to stop. No Exception, so that nothing on the way takes it for an error."""


@contextmanager
def _stop_signals() -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        raise _Stopped

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    yield
