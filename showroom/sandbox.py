"""Reading a file that nobody vouches for: in a child process that may cost only so much.

The child has its own limits on memory, CPU time, open files and written bytes, no network, an empty
environment, and dies with its parent; the parent holds the clock. Of what comes back nothing is
believed: shapes, finite numbers, indices and sizes are checked again here.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from showroom import files, parcel
from showroom.errors import (
    UNREADABLE,
    DamagedFile,
    ToolFailed,
    TooMuchMemory,
    TooSlow,
    Unreadable,
)
from showroom.limits import DEFAULTS, Limits
from showroom.sandbox_child import SETTLED
from showroom.scene import Scene
from showroom.scene_parcel import scene_from
from showroom.soundness import check

_ROOT = Path(__file__).resolve().parent.parent
_ASK_CODE = "import sys; from showroom.sandbox_child import main; sys.exit(main())"
_HOST_CODE = "import sys; from showroom.sandbox_host import main; sys.exit(main())"
_SAID = 1 << 16  # bytes of a child's last words that are looked at
_ENVIRONMENT = {
    "PYTHONPATH": str(_ROOT),
    "PYTHONDONTWRITEBYTECODE": "1",
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    # Threads reserve address space by the gigabyte, and the limit counts address space.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
}


def load(path: Path, limits: Limits = DEFAULTS) -> tuple[str, Scene]:
    """The format's name and the checked scene of a file, or an Unreadable.

    ToolFailed, which trying again may cure, means that no child could be started at all.
    """
    with tempfile.TemporaryDirectory(prefix="showroom-") as folder:
        letter, arrays = _asked("read", path, Path(folder), limits)
    return accepted(letter, arrays, limits)


def settle(path: Path, target: Path, limits: Limits = DEFAULTS) -> Path:
    """The files of a ZIP as their one ZIP at `target` (`showroom.files`), unpacked by a child.

    A single file, a 3MF among them, stays where it is. Raises as `load`.
    """
    if not files.is_zip(path):
        return path
    with tempfile.TemporaryDirectory(prefix="showroom-") as folder:
        letter, _ = _asked("settle", path, Path(folder), limits)
        _raise_refusal(letter)
        if not letter["packed"]:
            return path
        shutil.move(Path(folder) / SETTLED, target)
    return target


def _asked(
    task: str, path: Path, folder: Path, limits: Limits
) -> tuple[dict[str, Any], list[NDArray[Any]]]:
    """What a child answered, or what it deserves that left no answer."""
    answer = folder / "answer"
    status, said = _run(task, path.resolve(), answer, folder, limits)
    if status != 0 or not answer.is_file():
        raise _verdict(status, said)
    return parcel.read(answer)


def accepted(
    letter: dict[str, Any], arrays: list[NDArray[Any]], limits: Limits
) -> tuple[str, Scene]:
    """What a child answered, believed only after checking; else the Unreadable it deserves."""
    _raise_refusal(letter)
    scene = scene_from(letter, arrays)
    check(scene, limits)
    return str(letter["format"]), scene


def _raise_refusal(letter: dict[str, Any]) -> None:
    if "error" in letter:
        error = letter["error"]
        kind = UNREADABLE.get(str(error.get("code")), DamagedFile)
        raise kind(str(error.get("message")), hint=str(error.get("hint")))


def _run(task: str, path: Path, answer: Path, folder: Path, limits: Limits) -> tuple[int, bytes]:
    """How the child ended and what it said last: forked by the host, or fresh where that is busy.

    One host serves one child at a time; threads that ask at once start an interpreter each.
    """
    if hasattr(os, "pidfd_open") and _turn.acquire(blocking=False):
        try:
            status = _host().ask(task, path, answer, folder, limits)
        finally:
            _turn.release()
        if status is not None:
            said = folder / "said"
            return status, said.read_bytes()[-_SAID:] if said.is_file() else b""
    return _fresh(task, path, answer, folder, limits)


class _Host:
    """The waiting process of showroom.sandbox_host. A fork of this process starts its own."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self.process: subprocess.Popen[bytes] | None = None

    def ask(self, task: str, path: Path, answer: Path, folder: Path, limits: Limits) -> int | None:
        """How the child ended; None when the host is not to be had. TooSlow after the time."""
        request = {
            "task": task,
            "source": str(path),
            "answer": str(answer),
            "folder": str(folder),
            "limits": asdict(limits),
        }
        try:
            process = self._running()
            said = _answer(process, json.dumps(request).encode() + b"\n", limits.wall_seconds)
        except OSError:
            self.stop()
            return None
        except BaseException:
            self.stop()  # and with it the child
            raise
        return int(json.loads(said)["status"])

    def _running(self) -> subprocess.Popen[bytes]:
        if self.process is None or self.process.poll() is not None:
            self.process = subprocess.Popen(  # noqa: S603  our own interpreter and module
                [sys.executable, "-P", "-s", "-c", _HOST_CODE],
                cwd="/",
                env=_ENVIRONMENT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        return self.process

    def stop(self) -> None:
        """End it and the child it has."""
        process, self.process = self.process, None
        if process is not None and self.owner == os.getpid():
            process.kill()  # the child is told to die with the host
            process.communicate()


def _answer(process: subprocess.Popen[bytes], request: bytes, seconds: float) -> bytes:
    if process.stdin is None or process.stdout is None:
        raise BrokenPipeError("no pipes")
    process.stdin.write(request)
    process.stdin.flush()
    if not select.select([process.stdout], [], [], seconds)[0]:
        raise _too_slow()
    said = process.stdout.readline()
    if not said.endswith(b"\n"):
        raise BrokenPipeError("the host went away")
    return said


_turn = threading.Lock()
_shared = _Host()


def _host() -> _Host:
    global _shared
    if _shared.owner != os.getpid():
        _shared = _Host()
    return _shared


def _after_fork() -> None:
    global _turn
    _turn = threading.Lock()  # a thread that held it does not live on this side


os.register_at_fork(after_in_child=_after_fork)


@atexit.register
def _stop() -> None:
    _shared.stop()


def _fresh(task: str, path: Path, answer: Path, folder: Path, limits: Limits) -> tuple[int, bytes]:
    command = [sys.executable, "-P", "-s", "-c", _ASK_CODE, task, str(path), str(answer)]
    environment = _ENVIRONMENT | {
        "TMPDIR": str(folder),
        "SHOWROOM_LIMITS": json.dumps(asdict(limits)),
        "SHOWROOM_PARENT": str(os.getpid()),
    }
    try:
        child = subprocess.Popen(  # noqa: S603  our own interpreter and module
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        raise ToolFailed(f"No reader could be started ({error}).") from error
    try:
        _, said = child.communicate(timeout=limits.wall_seconds)
    except BaseException as error:
        _kill(child)
        if isinstance(error, subprocess.TimeoutExpired):
            raise _too_slow() from error
        raise
    return child.returncode, said


def _kill(child: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.communicate()


def _too_slow() -> TooSlow:
    return TooSlow(
        "Reading the file took longer than is allowed.",
        hint="Export with a coarser mesh setting, or split the file into pieces.",
    )


def _verdict(status: int, said: bytes) -> Unreadable:
    """What a child that left no answer died of."""
    if status in (-signal.SIGXCPU, -signal.SIGKILL):
        return _too_slow()
    if b"MemoryError" in said or b"bad_alloc" in said or b"Standard_OutOfMemory" in said:
        return TooMuchMemory(
            "Reading the file takes more memory than is allowed.",
            hint="Export with a coarser mesh setting.",
        )
    return DamagedFile(
        "The file is damaged: reading it failed.",
        hint="Open it in your CAD program, export it again and upload the new file.",
    )
