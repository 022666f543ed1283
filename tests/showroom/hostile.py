"""What a file that takes over its reader would try, by native calls that no Python hook sees.

Each attempt is a task of the reading child; it answers {"errno": n}, 0 where it succeeded.
"""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from showroom.limits import Limits
from showroom.sandbox_tasks import TASKS, Answer, Task, Work, answering

PRELUDE = "from tests.showroom.hostile import install; install(); "
LIBC = ctypes.CDLL(None, use_errno=True)
_PTRACE_ATTACH, _SHARED_KEY, _F_SETOWN = 16, 0x5EC2, 8
_AF_UNIX, _AF_INET, _STREAM = 1, 2, 1

type Attempt = Callable[[Path], int]  # of the source: negative where refused


def read_another_file(source: Path) -> int:
    return _open(source.parent / "secret", os.O_RDONLY)


def read_passwords(source: Path) -> int:
    return _open(Path("/etc/shadow"), os.O_RDONLY)


def read_parents_environment(source: Path) -> int:
    return _open(Path(f"/proc/{os.getppid()}/environ"), os.O_RDONLY)


def list_another_folder(source: Path) -> int:
    return _open(source.parent, os.O_RDONLY | os.O_DIRECTORY)


def make_a_file_elsewhere(source: Path) -> int:
    return _open(source.parent / "made", os.O_WRONLY | os.O_CREAT)


def write_into_the_source(source: Path) -> int:
    return _open(source, os.O_WRONLY)


def truncate_while_opening_to_read(source: Path) -> int:
    return _open(source, os.O_RDONLY | os.O_TRUNC)


def change_rights(source: Path) -> int:
    return int(LIBC.chmod(bytes(source), 0o777))


def remove_the_source(source: Path) -> int:
    return int(LIBC.unlink(bytes(source)))


def link_to_a_secret(source: Path) -> int:
    return int(LIBC.symlink(bytes(source.parent / "secret"), b"link"))


def open_tcp(source: Path) -> int:
    return int(LIBC.socket(_AF_INET, _STREAM, 0))


def open_unix_socket(source: Path) -> int:
    return int(LIBC.socket(_AF_UNIX, _STREAM, 0))


def signal_the_parent(source: Path) -> int:
    return int(LIBC.kill(os.getppid(), 0))


def signal_by_a_pipe(source: Path) -> int:
    return int(LIBC.fcntl(0, _F_SETOWN, os.getppid()))


def trace_the_parent(source: Path) -> int:
    return int(LIBC.ptrace(_PTRACE_ATTACH, os.getppid(), None, None))


def fork(source: Path) -> int:
    child = int(LIBC.fork())
    if child == 0:
        os._exit(0)
    return child


def start_a_shell(source: Path) -> int:
    arguments = (ctypes.c_char_p * 2)(b"/bin/true", None)
    return int(LIBC.execve(b"/bin/true", arguments, None))


def share_memory(source: Path) -> int:
    return int(LIBC.shmget(_SHARED_KEY, 4096, 0o1600))


def make_a_namespace(source: Path) -> int:
    return int(LIBC.unshare(os.CLONE_NEWUSER))


def live_on_without_the_parent(source: Path) -> int:
    return int(LIBC.prctl(1, 0, 0, 0, 0))


def make_memory_that_can_be_run(source: Path) -> int:
    return int(LIBC.memfd_create(b"program", 0))


def read_another_process(source: Path) -> int:
    return int(LIBC.process_vm_readv(os.getppid(), None, 0, None, 0, 0))


ATTEMPTS: dict[str, Attempt] = {
    attempt.__name__: attempt
    for attempt in (
        read_another_file, read_passwords, read_parents_environment, list_another_folder,
        make_a_file_elsewhere, write_into_the_source, truncate_while_opening_to_read, change_rights,
        remove_the_source, link_to_a_secret, open_tcp, open_unix_socket, signal_the_parent,
        signal_by_a_pipe, trace_the_parent, fork, start_a_shell, share_memory, make_a_namespace,
        live_on_without_the_parent, make_memory_that_can_be_run, read_another_process,
    )
}  # fmt: skip


def _open(path: Path, flags: int) -> int:
    return int(LIBC.open(bytes(path), flags, 0o600))


def look_around(source: Path, folder: Path, limits: Limits) -> Answer:
    """The environment, and the numbers of the open files."""
    opened = [number for number in range(256) if _is_open(number)]
    return {"environment": dict(os.environ), "open": opened}, []


def leave_a_link(source: Path, folder: Path, limits: Limits) -> Answer:
    """Answer by a link instead of a file, as a child could that nothing confines."""
    os.symlink(source.parent / "secret", folder / "settled.zip")
    return {"packed": True}, []


def abort(source: Path, folder: Path, limits: Limits) -> Answer:
    """What a C++ library does at its wits' end."""
    os.kill(os.getpid(), signal.SIGABRT)
    return {}, []


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def install() -> None:
    """Make the attempts tasks of the reading child."""

    def task(attempt: Attempt) -> Task:
        def run(source: Path, folder: Path, limits: Limits) -> Answer:
            ctypes.set_errno(0)
            refused = attempt(source) < 0
            letter: dict[str, Any] = {"errno": ctypes.get_errno() if refused else 0}
            return letter, []

        return answering(run)

    TASKS.update({name: task(attempt) for name, attempt in ATTEMPTS.items()})
    more: tuple[Work, ...] = (look_around, leave_a_link, abort)
    TASKS.update({work.__name__: answering(work) for work in more})
