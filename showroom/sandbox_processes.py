"""Starts the children of `showroom.sandbox`: forked by a waiting host, or as a new interpreter.

Forking costs a tenth of starting Python and numpy. One host serves one child at a time; threads
that read at once start an interpreter each, and so does every file under bubblewrap, which has to
start the program itself.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from showroom import confinement
from showroom.confinement import ENVIRONMENT, Found, Kind
from showroom.confinement.access import of_python
from showroom.errors import ToolFailed, TooSlow
from showroom.limits import Limits

_CHILD_CODE = "import sys; from showroom.sandbox_child import main; sys.exit(main())"
_HOST_CODE = "import sys; from showroom.sandbox_host import main; sys.exit(main())"


@dataclass(frozen=True, slots=True)
class Request:
    """One task: `source` and `companions` are read, `answer` and what else comes is in `folder`."""

    task: str
    source: Path
    companions: tuple[Path, ...]
    answer: Path
    folder: Path
    limits: Limits

    def line(self, offered: Found) -> str:
        """As JSON on one line, for `showroom.sandbox_child.Order`."""
        plain: dict[str, Any] = {
            "task": self.task,
            "source": str(self.source),
            "companions": [str(path) for path in self.companions],
            "answer": str(self.answer),
            "folder": str(self.folder),
            "limits": asdict(self.limits),
            "confinement": asdict(offered),
        }
        return json.dumps(plain)


class Processes:
    """The host, and the lock that lets one caller use it at a time; a fork of this gets its own.

    `prelude` is code that host and children run before anything else, out of the folder
    `prelude_at`; tests put their own tasks in. `offered` is for them, too.
    """

    def __init__(
        self,
        prelude: str = "",
        offered: Found | None = None,
        prelude_at: Path | None = None,
    ) -> None:
        self._prelude = prelude
        self._prelude_at = () if prelude_at is None else (prelude_at,)
        self._offered = offered
        self._turn = threading.Lock()
        self._host = _Host(prelude + _HOST_CODE)
        os.register_at_fork(after_in_child=self._after_fork)

    def run(self, request: Request) -> tuple[int, bytes]:
        """How the child ended and what it wrote to standard error. TooSlow after its time."""
        offered = self._offered or confinement.chosen()
        forks = offered.kind is not Kind.BUBBLEWRAP and hasattr(os, "pidfd_open")
        if forks and self._turn.acquire(blocking=False):
            try:
                status = self._host.ask(request.line(offered), request.limits.wall_seconds)
            finally:
                self._turn.release()
            if status is not None:
                return status, _said(request.folder / "said")
        return self._run_fresh(request, offered)

    def stop(self) -> None:
        """End the host and the child it has."""
        self._host.stop()

    def _after_fork(self) -> None:
        self._turn = threading.Lock()  # a thread that held it does not live on this side
        self._host = _Host(self._prelude + _HOST_CODE)

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
            raise ToolFailed(f"No reader could be started ({error}).") from error
        try:
            _, said = child.communicate(timeout=request.limits.wall_seconds)
        except BaseException as error:
            _kill(child)
            if isinstance(error, subprocess.TimeoutExpired):
                raise too_slow() from error
            raise
        return confinement.status_of(offered, child.returncode), said


class _Host:
    """The waiting process of showroom.sandbox_host."""

    def __init__(self, code: str) -> None:
        self._code = code
        self._owner = os.getpid()
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, line: str, seconds: float) -> int | None:
        """How the child ended; None when the host is not to be had. TooSlow after the time."""
        try:
            process = self._running()
            said = _answer(process, line.encode() + b"\n", seconds)
        except OSError:
            self.stop()
            return None
        except BaseException:
            self.stop()  # and with it the child
            raise
        return int(json.loads(said)["status"])

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(  # noqa: S603  our own interpreter and module
                [sys.executable, "-P", "-s", "-c", self._code],
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


def too_slow() -> TooSlow:
    """The error for a file that took its whole time."""
    return TooSlow(
        "Reading the file took longer than is allowed.",
        hint="Export with a coarser mesh setting, or split the file into pieces.",
    )


def _answer(process: subprocess.Popen[bytes], request: bytes, seconds: float) -> bytes:
    if process.stdin is None or process.stdout is None:
        raise BrokenPipeError("no pipes")
    process.stdin.write(request)
    process.stdin.flush()
    if not select.select([process.stdout], [], [], seconds)[0]:
        raise too_slow()
    said = process.stdout.readline()
    if not said.endswith(b"\n"):
        raise BrokenPipeError("the host went away")
    return said


def _said(path: Path) -> bytes:
    # The host made the file, but the child may have put another thing in its place.
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return b""
    with open(descriptor, "rb") as file:
        return file.read(1 << 20)


def _kill(child: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.communicate()
