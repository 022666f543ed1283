"""Starts confined children: forked by a waiting host, or as a new interpreter.

    readers = Processes(("showroom.sandbox_tasks",))
    outcome = readers.run(Request("showroom.sandbox_tasks:read", path, folder, bounds))

Forking costs a tenth of starting Python and numpy. One host serves one child at a time; threads
that read at once start an interpreter each, and so does every file under bubblewrap, which has to
start the program itself.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from infra import confinement
from infra.confinement import ENVIRONMENT, Found, Kind
from infra.confinement.access import of_python
from infra.confinement.answers import said
from infra.confinement.child import NOT_CONFINED
from infra.confinement.errors import NotStarted
from infra.confinement.request import Outcome, Request, outcome_of

_CHILD_CODE = "import sys; from infra.confinement.child import main; sys.exit(main())"
_HOST_CODE = "import sys; from infra.confinement.host import main; sys.exit(main())"


class Processes:
    """The host, and the lock that lets one caller use it at a time; a fork of this gets its own.

    `loads` are the modules that the host has ready for its children. `prelude` is code that host
    and children run before anything else, out of the folder `prelude_at`; tests put their own
    tasks in. `offered` is for them, too.
    """

    def __init__(
        self,
        loads: Sequence[str] = (),
        prelude: str = "",
        offered: Found | None = None,
        prelude_at: Path | None = None,
    ) -> None:
        self._loads = tuple(loads)
        self._prelude = prelude
        self._prelude_at = () if prelude_at is None else (prelude_at,)
        self._offered = offered
        self._turn = threading.Lock()
        self._host = self._made()
        os.register_at_fork(after_in_child=self._after_fork)
        atexit.register(self.stop)

    def run(self, request: Request) -> Outcome:
        """How the child ended, after it was given all of its time at most.

        Raises NotStarted, which trying again may cure, or Unconfined.
        """
        try:
            status, words = self._ended(request)
        except TimeoutError:
            return Outcome.TOO_SLOW
        if status == NOT_CONFINED:
            raise NotStarted(f"A reader could not be confined ({_last_line(words)}).")
        return outcome_of(status, words)

    def _ended(self, request: Request) -> tuple[int, bytes]:
        offered = self._offered or confinement.chosen()
        forks = offered.kind is not Kind.BUBBLEWRAP and hasattr(os, "pidfd_open")
        if forks and self._turn.acquire(blocking=False):
            try:
                status = self._host.ask(request.line(offered), request.bounds.wall_seconds)
            finally:
                self._turn.release()
            if status is not None:
                return status, said(request.folder / "said")
        return self._run_fresh(request, offered)

    def stop(self) -> None:
        """End the host and the child it has."""
        self._host.stop()

    def _after_fork(self) -> None:
        self._turn = threading.Lock()  # a thread that held it does not live on this side
        self._host = self._made()

    def _made(self) -> _Host:
        return _Host([self._prelude + _HOST_CODE, *self._loads])

    def _run_fresh(self, request: Request, offered: Found) -> tuple[int, bytes]:
        command = [sys.executable, "-P", "-s", "-c", self._prelude + _CHILD_CODE]
        command += [request.line(offered), str(os.getpid())]
        given = (request.source, *request.companions, *self._prelude_at)
        access = of_python(*given, writable=[request.folder])
        try:
            child = subprocess.Popen(  # noqa: S603  our own interpreter and module
                confinement.wrapped(offered, command, access),
                cwd=request.folder,
                env=ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            raise NotStarted(f"No reader could be started ({error}).") from error
        try:
            _, words = child.communicate(timeout=request.bounds.wall_seconds)
        except BaseException as error:
            _kill(child)
            if isinstance(error, subprocess.TimeoutExpired):
                raise TimeoutError from error
            raise
        return confinement.status_of(offered, child.returncode), words


class _Host:
    """The waiting process of confinement.host."""

    def __init__(self, code: list[str]) -> None:
        self._code = code
        self._owner = os.getpid()
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, line: str, seconds: float) -> int | None:
        """How the child ended; None when the host is not to be had. TimeoutError after the time."""
        try:
            process = self._running()
            words = _answer(process, line.encode() + b"\n", seconds)
        except TimeoutError:
            self.stop()  # and with it the child
            raise
        except OSError:
            self.stop()
            return None
        except BaseException:
            self.stop()  # and with it the child
            raise
        return int(json.loads(words)["status"])

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(  # noqa: S603  our own interpreter and module
                [sys.executable, "-P", "-s", "-c", *self._code],
                cwd="/",
                env=ENVIRONMENT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        return self._process

    def stop(self) -> None:
        """End it and the child it has."""
        process, self._process = self._process, None
        if process is not None and self._owner == os.getpid():
            process.kill()  # the child is set to die with the host
            process.communicate()


def _answer(process: subprocess.Popen[bytes], request: bytes, seconds: float) -> bytes:
    if process.stdin is None or process.stdout is None:
        raise BrokenPipeError("no pipes")
    process.stdin.write(request)
    process.stdin.flush()
    if not select.select([process.stdout], [], [], seconds)[0]:
        raise TimeoutError
    words = process.stdout.readline()
    if not words.endswith(b"\n"):
        raise BrokenPipeError("the host went away")
    return words


def _last_line(words: bytes) -> str:
    return (words.decode(errors="replace").strip().splitlines() or [""])[-1][:300]


def _kill(child: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.communicate()
