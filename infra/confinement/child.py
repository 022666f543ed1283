"""The confined child: confines itself, then has one function work on one file."""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

from infra import confinement
from infra.confinement import Found, Kind
from infra.confinement.access import of_python
from infra.confinement.linux import die_with_parent

NOT_CONFINED = 97  # exit status

# Python's own door, closed on top: it holds also where the kernel offers nothing.
_FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork",
              "pty.", "ftplib.", "urllib.", "ctypes.dlopen")  # fmt: skip


def main() -> int:
    """Carry out the order in argv[1] for the parent argv[2]; 0 whenever the task was done."""
    order = json.loads(sys.argv[1])
    # bubblewrap sees to it, and hides the parent
    if Found.of(order["confinement"]).kind is not Kind.BUBBLEWRAP:
        die_with_parent(int(sys.argv[2]))
    return carry_out(order)


def carry_out(order: dict[str, Any]) -> int:
    """Do a `infra.confinement.request.Request`, confined; the exit status, 0 when it was done.

    Raises what the task raises.
    """
    folder, source = Path(order["folder"]), Path(order["source"])
    os.chdir(folder)
    tempfile.tempdir = str(folder)
    _bound(order["bounds"])
    offered = Found.of(order["confinement"])
    if offered.kind is Kind.NONE and not offered.seccomp:
        _leave_network()
    companions = map(Path, order["companions"])
    try:
        confinement.enter(offered, of_python(source, *companions, writable=[folder]))
    except OSError as error:
        os.write(2, str(error).encode())
        return NOT_CONFINED
    module, _, name = str(order["task"]).partition(":")
    tasks = import_module(module)
    tasks.preload(source, name)  # the libraries that it will need, before that door is closed
    sys.addaudithook(_refuse)
    tasks.TASKS[name](source, folder, order["given"])
    return 0


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(f"a reader may not do {event}")


def _leave_network() -> None:
    """Without seccomp: a network namespace of its own, which holds not even a loopback.

    Where that fails too, the network stays open to native code; `Found.sentence` says so at start.
    """
    flags = getattr(os, "CLONE_NEWNET", 0)
    if not flags:
        return
    for extra in (0, os.CLONE_NEWUSER):
        try:
            os.unshare(flags | extra)
        except OSError:
            continue
        return


def _bound(bounds: dict[str, Any]) -> None:
    """Set the limits that the kernel enforces; seccomp then keeps them from being raised."""

    def cap(what: int, value: int) -> None:
        _, hard = resource.getrlimit(what)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(what, (value, value))

    cap(resource.RLIMIT_AS, int(bounds["memory_bytes"]))
    cap(resource.RLIMIT_CPU, int(bounds["cpu_seconds"]))
    cap(resource.RLIMIT_NOFILE, int(bounds["open_files"]))
    cap(resource.RLIMIT_FSIZE, int(bounds["written_bytes"]))
    cap(resource.RLIMIT_CORE, 0)
