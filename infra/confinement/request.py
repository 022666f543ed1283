"""What a confined child is to do, what it may cost, and how it ended."""

from __future__ import annotations

import json
import signal
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from infra.confinement import Found


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one child may cost. All but `wall_seconds`, which its parent keeps, hold in the kernel.

    `memory_bytes` is address space; `written_bytes` is of each file that it writes.
    """

    memory_bytes: int
    cpu_seconds: int
    wall_seconds: float
    open_files: int = 64
    written_bytes: int = 1 << 30


@dataclass(frozen=True, slots=True)
class Request:
    """One task on one file.

    `task` is "module:name", a function in that module's TASKS: it is called with the source, the
    folder and `given`, plain values. `source` and `companions` are read only; `folder` is the
    child's own, for what it is given beside and for its answer.
    """

    task: str
    source: Path
    folder: Path
    bounds: Bounds
    companions: tuple[Path, ...] = ()
    given: Mapping[str, Any] = field(default_factory=dict)

    def line(self, offered: Found) -> str:
        """As JSON on one line, for `infra.confinement.child.carry_out`."""
        plain: dict[str, Any] = {
            "task": self.task,
            "source": str(self.source),
            "companions": [str(path) for path in self.companions],
            "folder": str(self.folder),
            "bounds": asdict(self.bounds),
            "given": dict(self.given),
            "confinement": asdict(offered),
        }
        return json.dumps(plain)


class Outcome(StrEnum):
    """How a child ended. Only after DONE is there an answer, which is not to be trusted either."""

    DONE = "done"
    TOO_SLOW = "too_slow"
    TOO_MUCH_MEMORY = "too_much_memory"
    DIED = "died"


_OUT_OF_MEMORY = (
    b"MemoryError", b"bad_alloc", b"Standard_OutOfMemory", b"memory allocation of",
)  # fmt: skip


def outcome_of(status: int, said: bytes) -> Outcome:
    """By the exit status, as subprocess counts, and what was written to standard error."""
    if status == 0:
        return Outcome.DONE
    if status in (-signal.SIGXCPU, -signal.SIGKILL):
        return Outcome.TOO_SLOW
    if any(words in said for words in _OUT_OF_MEMORY):
        return Outcome.TOO_MUCH_MEMORY
    return Outcome.DIED
