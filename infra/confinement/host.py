"""A process with the readers loaded, which forks a confined child for every file.

Starting Python and numpy costs five times what reading a ring does. The host itself opens no
untrusted file: every task has a child of its own that confines itself before it reads. The host
serves one task at a time, in lines of JSON: it is sent a `confinement.request.Request` and answers
`{"status": …}` when the child has ended. Any further line, or the end of its input, kills the
child; so does the end of the process that started the host. A host that has waited for minutes
ends by itself: web processes read a sheet now and then only.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import select
import signal
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from infra.confinement.child import carry_out
from infra.confinement.linux import die_with_parent

_LOOK_SECONDS = 5.0  # how often it checks that the process that started it still runs
_IDLE_LOOKS = 120  # ten minutes


def main() -> int:
    """Serve tasks until the input ends. The arguments are modules that every child has loaded."""
    starter = os.getppid()
    for name in sys.argv[1:]:
        import_module(name)
    gc.collect()
    gc.freeze()  # children share these pages until one of them writes to them
    while _heard(starter) and (line := _line()):
        child = _forked(json.loads(line))
        status = _outcome(child, starter)
        os.write(1, json.dumps({"status": status}).encode() + b"\n")
    return 0


def _heard(starter: int) -> bool:
    for _ in range(_IDLE_LOOKS):
        if select.select([0], [], [], _LOOK_SECONDS)[0]:
            return True
        if os.getppid() != starter:
            return False
    return False


def _line() -> bytes:
    # Byte by byte and never ahead: what comes after the line ends the child.
    line = b""
    while (byte := os.read(0, 1)) not in (b"", b"\n"):
        line += byte
    return line if byte else b""


def _forked(request: dict[str, Any]) -> int:
    host = os.getpid()
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        status = _load(request, host)
    except BaseException as error:  # noqa: BLE001  reported as a fresh interpreter would
        os.write(2, f"{type(error).__name__}: {error}".encode(errors="replace")[-4096:])
    finally:
        os._exit(status)


def _load(order: dict[str, Any], host: int) -> int:
    folder = Path(order["folder"])
    os.setsid()
    die_with_parent(host)
    nothing = os.open(os.devnull, os.O_RDWR)
    said = os.open(folder / "said", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for number, taken in enumerate((nothing, nothing, said)):
        os.dup2(taken, number)
    os.closerange(3, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    os.environ["TMPDIR"] = str(folder)
    return carry_out(order)


def _outcome(child: int, starter: int) -> int:
    """How the child ended, as subprocess counts: negative for a signal."""
    watch = os.pidfd_open(child)
    try:
        while True:
            ready = select.select([watch, 0], [], [], _LOOK_SECONDS)[0]
            if watch in ready:
                break
            if 0 in ready or os.getppid() != starter:
                os.kill(child, signal.SIGKILL)
                if not _line():
                    os.waitpid(child, 0)
                    sys.exit(0)
                break
    finally:
        os.close(watch)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)
