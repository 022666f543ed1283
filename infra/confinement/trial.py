"""Tries one kind of confinement on itself: exit status 0 where everything forbidden was refused."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

from infra.confinement import Found, Kind, enter, seccomp
from infra.confinement.access import of_python


def main() -> int:
    """Confine this process as argv[1] says, then try what it forbids."""
    kind = Kind(sys.argv[1])
    if kind is Kind.BUBBLEWRAP:  # outside, and with the system's calls as they are
        return 0 if _refused(_read_outside) and _refused(_make_outside) else 1
    if not seccomp.available():
        return 2
    try:
        enter(Found(kind, seccomp=True), of_python())
    except OSError:
        return 2
    forbidden = [_open_socket, _start_process]
    if kind is Kind.KERNEL:
        forbidden += [_read_outside, _make_outside]
    return 0 if all(_refused(one) for one in forbidden) else 1


def _refused(action: Callable[[], None]) -> bool:
    try:
        action()
    except OSError:
        return True
    return False


def _read_outside() -> None:
    Path("/etc/passwd").read_bytes()


def _make_outside() -> None:
    path = Path(f"/tmp/.showroom-{os.getpid()}")  # noqa: S108  refused, or removed at once
    path.touch(exist_ok=False)
    with contextlib.suppress(OSError):
        path.unlink()


def _open_socket() -> None:
    socket.socket(socket.AF_UNIX, socket.SOCK_STREAM).close()


def _start_process() -> None:
    if os.fork() == 0:
        os._exit(0)
