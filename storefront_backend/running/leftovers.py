"""Finds and ends what a killed supervisor left behind, and nothing else.

Every process started for a run carries the run's random mark in its environment and hands it on
to its own children. A number in a pid file can be reused by a stranger; the mark cannot.
"""

from __future__ import annotations

import json
import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

MARK = "PAVILION_RUN"


@dataclass(frozen=True)
class Run:
    """What one run of the supervisor has to answer for."""

    mark: str
    owns_database: bool  # it, or a killed run before it, started the embedded server

    def save(self, home: Path) -> None:
        """Remembers the run, whole or not at all."""
        draft = home / "run.json.new"
        draft.write_text(json.dumps(asdict(self)))
        draft.rename(home / "run.json")

    def forget(self, home: Path) -> None:
        """The run ended cleanly: nothing is left."""
        (home / "run.json").unlink(missing_ok=True)


def new_run(*, owns_database: bool) -> Run:
    """A run with a mark of its own."""
    return Run(secrets.token_hex(16), owns_database)


def last_run(home: Path) -> Run | None:
    """The run that did not end cleanly, if there was one."""
    try:
        stored = json.loads((home / "run.json").read_text())
        return Run(mark=str(stored["mark"]), owns_database=bool(stored["owns_database"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def processes_of(run: Run) -> list[psutil.Process]:
    """The living processes that carry the run's mark, this one excepted."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == run.mark and process != psutil.Process():
                found.append(process)
        except (psutil.Error, OSError):
            continue  # gone, a kernel thread, or another user's
    return found


def end(run: Run, *, patience: float) -> int:
    """Asks the run's processes to stop, ends those that have not after `patience` seconds, and
    returns how many there were."""
    found = processes_of(run)
    for process in found:
        with suppress(psutil.Error):
            process.terminate()
    _, stubborn = psutil.wait_procs(found, timeout=patience)
    for process in {*stubborn, *processes_of(run)}:
        with suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(stubborn, timeout=2)
    return len(found)
