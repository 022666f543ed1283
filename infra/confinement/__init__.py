"""Confinement of the processes that look at files from outside.

    kernel       Landlock says which files, seccomp which system calls: no other file, no network,
                 no other process, no program. Nothing to install; works inside containers, too.
    bubblewrap   the same by namespaces, where the kernel has no Landlock; slower to start
    none         limits on time and memory only

`found` tries what there is and never guesses. What was found is then required: a process that
cannot be confined as planned ends before it has read a byte. Where nothing was found, files are
read all the same unless `require` was called, as production does.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from infra.confinement import bubblewrap, landlock, seccomp
from infra.confinement.access import Access, of_python
from infra.confinement.errors import Unconfined

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {
    "PYTHONPATH": str(ROOT),
    "PYTHONDONTWRITEBYTECODE": "1",
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    # Threads reserve address space by the gigabyte, and the limit counts address space.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
}
_TRY_CODE = "import sys; from infra.confinement.trial import main; sys.exit(main())"
_LAUNCH_CODE = "from infra.confinement.launch import main; main()"
_TRY_SECONDS = 30
_EXIT_CODE_OF_SIGNAL = 128  # as shells and bubblewrap say it


class Kind(StrEnum):
    """By what means."""

    KERNEL = "kernel"
    BUBBLEWRAP = "bubblewrap"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Found:
    """What this machine offers, after trying it; `missing` says why it is not more."""

    kind: Kind
    landlock: int = 0  # ABI version
    seccomp: bool = False
    bubblewrap: str = ""  # its path, where it is used
    missing: tuple[str, ...] = ()

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Found:
        """From `dataclasses.asdict`, by way of JSON."""
        return cls(**{**plain, "kind": Kind(plain["kind"]), "missing": tuple(plain["missing"])})

    @property
    def sentence(self) -> str:
        """For logs and people."""
        if self.kind is Kind.KERNEL:
            return f"Files are read confined by Landlock (ABI {self.landlock}) and seccomp."
        if self.kind is Kind.BUBBLEWRAP:
            more = " and seccomp" if self.seccomp else ""
            return f"Files are read confined by bubblewrap{more}."
        return (
            "Files are read UNCONFINED: a hostile file that takes over its reader can open what "
            f"this user can, and the network. {' '.join(self.missing)}"
        )


_required = False


def require() -> None:
    """From now on this process reads nothing rather than reading it unconfined."""
    global _required
    _required = True


@cache
def found() -> Found:
    """What this machine offers, tried once in this process."""
    abi = landlock.version()
    if abi and _tried([], Kind.KERNEL):
        return Found(Kind.KERNEL, abi, seccomp=True)
    filtered = _tried([], Kind.NONE)
    missing = []
    if not filtered:
        missing.append("seccomp is missing or forbidden.")
    if not abi:
        missing.append("Landlock is missing or switched off (Linux 5.13 or newer has it).")
    elif filtered:
        missing.append("Landlock does not hold what it should.")
    bwrap = bubblewrap.program()
    if bwrap is None:
        missing.append("bubblewrap (bwrap) is not installed.")
    elif _tried(bubblewrap.command(bwrap, of_python()), Kind.BUBBLEWRAP):
        return Found(Kind.BUBBLEWRAP, abi, filtered, bwrap, tuple(missing))
    else:
        missing.append("bubblewrap does not start, or does not hold what it should.")
    return Found(Kind.NONE, abi, filtered, missing=tuple(missing))


def chosen() -> Found:
    """What to use: what was found, or Unconfined where that is nothing and more is required."""
    offered = found()
    if offered.kind is Kind.NONE and _required:
        raise Unconfined(
            f"No file is read without confinement. {' '.join(offered.missing)}",
            hint="See docs/confinement.md; ALLOW_UNCONFINED_READERS=true reads without it.",
        )
    return offered


def enter(offered: Found, access: Access, *, may_execute: bool = False) -> None:
    """Confine this process for ever, as was found; OSError where that fails.

    Under bubblewrap it is confined already, and is only kept from further system calls.
    """
    if offered.kind is Kind.KERNEL:
        landlock.restrict(access)
    if offered.seccomp:
        seccomp.restrict(may_execute=may_execute)


def wrapped(offered: Found, command: Sequence[str], access: Access) -> list[str]:
    """The command for a Python process that calls `enter` itself."""
    if offered.kind is Kind.BUBBLEWRAP:
        return [*bubblewrap.command(offered.bubblewrap, access), *command]
    return list(command)


def program(offered: Found, command: Sequence[str | Path], access: Access) -> list[str]:
    """The command for a program that knows nothing of confinement, confined."""
    paths = {name: [str(path) for path in found] for name, found in asdict(access).items()}
    order = json.dumps({"found": asdict(offered), "access": paths})
    python = [sys.executable, "-P", "-s", "-c", _LAUNCH_CODE, order]
    both = Access((*of_python().readable, *access.readable), access.writable, access.programs)
    return wrapped(offered, [*python, *map(str, command)], both)


def status_of(offered: Found, status: int) -> int:
    """How a `wrapped` process ended, as subprocess counts: negative for a signal."""
    if offered.kind is Kind.BUBBLEWRAP and status > _EXIT_CODE_OF_SIGNAL:
        return _EXIT_CODE_OF_SIGNAL - status
    return status


def _tried(before: list[str], kind: Kind) -> bool:
    command = [*before, sys.executable, "-P", "-s", "-c", _TRY_CODE, kind]
    try:
        done = subprocess.run(  # noqa: S603  our own interpreter and module
            command,
            cwd="/",
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TRY_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


__all__ = [
    "ENVIRONMENT",
    "ROOT",
    "Access",
    "Found",
    "Kind",
    "chosen",
    "enter",
    "found",
    "program",
    "require",
    "status_of",
    "wrapped",
]
