"""A process with the readers loaded, which forks the child of `showroom.sandbox` for every file.

Starting Python and numpy costs five times what reading a ring does. The host touches no file of
anybody's: every load has a child of its own that ties its hands before it looks, as if it had been
started afresh. The host speaks with one load at a time, in lines of JSON: it is told
`{task, source, answer, folder, limits}` and says `{"status": …}` when the child has ended. Any
further line, or the end of its input, kills the child; so does the end of whoever started the host.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import sys
from pathlib import Path
from typing import Any

from showroom import formats  # noqa: F401  loaded once, here, so that every child has it
from showroom.sandbox_child import TASKS, bound, die_with_parent, leave_network

_LOOK_SECONDS = 5.0  # how often it looks whether whoever started it still lives


def main() -> int:
    """Serve loads until the input ends."""
    starter = os.getppid()
    gc.collect()
    gc.freeze()  # children share these pages for as long as nobody counts them anew
    while _heard(starter) and (line := _line()):
        child = _forked(json.loads(line))
        status = _outcome(child, starter)
        os.write(1, json.dumps({"status": status}).encode() + b"\n")
    return 0


def _heard(starter: int) -> bool:
    while not select.select([0], [], [], _LOOK_SECONDS)[0]:
        if os.getppid() != starter:
            return False
    return True


def _line() -> bytes:
    # Byte by byte and never ahead: what comes after the line is a word to end the child.
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
    except BaseException as error:  # noqa: BLE001  said as a fresh interpreter would say it
        os.write(2, f"{type(error).__name__}: {error}".encode(errors="replace")[-4096:])
    finally:
        os._exit(status)


def _load(request: dict[str, Any], host: int) -> int:
    folder = Path(request["folder"])
    os.setsid()
    die_with_parent(host)
    nothing = os.open(os.devnull, os.O_RDWR)
    said = os.open(folder / "said", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for number, taken in enumerate((nothing, nothing, said)):
        os.dup2(taken, number)
    os.closerange(3, 256)
    os.chdir(folder)
    os.environ["TMPDIR"] = str(folder)
    leave_network()
    bound(request["limits"])
    done = TASKS[request["task"]]
    return done(Path(request["source"]), Path(request["answer"]), request["limits"])


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
