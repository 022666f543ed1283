"""Starts the children that open brands' files, and says what became of one that did not answer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from catalog_import.confined import wire
from catalog_import.errors import ReaderFailed, SheetRefused
from catalog_import.texts import say
from infra.confinement.answers import NoAnswer, plain
from infra.confinement.children import Processes
from infra.confinement.errors import ConfinementError
from infra.confinement.request import Bounds, Outcome, Request

IN_BACKGROUND = Bounds(memory_bytes=1536 << 20, cpu_seconds=120, wall_seconds=150)
# A page's answer is waited for: web processes end a request after a minute.
IN_A_REQUEST = Bounds(memory_bytes=1536 << 20, cpu_seconds=40, wall_seconds=45)

TASKS = "catalog_import.confined.tasks"
# In the child's folder: its answer's plain values, the workbook it made, what to mark in it, and a
# file that it took out of an archive.
LETTER, MARKED, TO_MARK, TAKEN = "letter", "marked.xlsx", "to_mark.json", "taken"
_MOST_LETTER = 16 << 20
_processes = Processes((TASKS,))


def ask(
    task: str,
    path: Path,
    folder: Path,
    bounds: Bounds,
    given: Mapping[str, Any],
    processes: Processes | None = None,
) -> dict[str, Any]:
    """The letter of a child that did a task of `tasks` on the file, its other files in `folder`.

    Raises SheetRefused where the file is at fault, ReaderFailed where no child could be started.
    """
    source = path.resolve(strict=True)
    request = Request(f"{TASKS}:{task}", source, folder, bounds, given=given)
    try:
        outcome = (processes or _processes).run(request)
    except ConfinementError as error:
        raise ReaderFailed(error.message, code=error.code, hint=error.hint, retry=True) from error
    if outcome is not Outcome.DONE:
        raise _verdict(outcome)
    try:
        with plain(folder / LETTER).open("rb") as file:
            letter = wire.loaded(file.read(_MOST_LETTER) + b"\n")
        if not isinstance(letter, dict):
            raise wire.NotAsWritten("no letter")
        if "refused" in letter and "sheets" not in letter:
            raise wire.refusal_of(letter["refused"])
    except (NoAnswer, wire.NotAsWritten) as error:
        raise damaged() from error
    return letter


def damaged() -> SheetRefused:
    """For a file whose reader died, or answered what no reader of ours would."""
    return SheetRefused(
        say("The file is damaged: reading it failed"),
        code="damaged_file",
        hint=say("Open it in your spreadsheet program and save it again as .xlsx"),
    )


def _verdict(outcome: Outcome) -> SheetRefused:
    if outcome is Outcome.TOO_SLOW:
        return SheetRefused(
            say("Reading the file takes longer than is allowed"),
            code="too_slow",
            hint=say("Copy the catalogue's cells into a fresh workbook, or split it"),
        )
    if outcome is Outcome.TOO_MUCH_MEMORY:
        return SheetRefused(
            say("Reading the file takes more memory than is allowed"),
            code="too_much_memory",
            hint=say("Copy the catalogue's cells into a fresh workbook, or split it"),
        )
    return damaged()
