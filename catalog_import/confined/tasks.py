"""What the confined children do with a brand's file. Nothing here runs in another process.

Each task leaves LETTER, plain values as JSON, and what else it made, in the child's folder.
"""

from __future__ import annotations

import errno
import json
import shutil
import warnings
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from catalog_import import bundles, marking, sheets
from catalog_import.archive import Limits
from catalog_import.confined import wire
from catalog_import.confined.running import LETTER, MARKED, TAKEN, TO_MARK
from catalog_import.errors import SheetRefused
from catalog_import.formats.row import Sheet

_TOO_MUCH = SheetRefused(
    "The file unpacks to more than is read", code="zip_bomb", hint="Split the catalogue"
)

type Given = Mapping[str, Any]
type Letter = dict[str, Any]
type Task = Callable[[Path, Path, Given], None]


def preload(source: Path, task: str) -> None:
    """Load what a task needs beyond this module; libraries cannot be loaded by ctypes later."""
    if task == "translations":
        import translate.storage.xliff  # noqa: F401


def read(source: Path, folder: Path, given: Given) -> Letter:
    """Each visible sheet's rows in a file of its own, and in the letter what is said beside them.

    A refusal between two sheets comes at its place, as reading them one by one would meet it.
    """
    limits = Limits(**given["limits"])
    told: list[Letter] = []
    with bundles.opened(source, limits) as bundle:
        letter: Letter = {"files": sorted(bundle.files), "sheets": told}
        found = sheets.open_sheets(bundle.sheet, limits, encoding=given["encoding"])
        try:
            for number, sheet in enumerate(found):
                rows = folder / f"{number}.rows"
                with rows.open("w", encoding="ascii") as file:
                    wire.write(sheet.rows(), file, limits.columns)
                told.append(_told(sheet))
        except SheetRefused as refusal:
            letter["refused"] = wire.refusal_json(refusal)
    return letter


def mark(source: Path, folder: Path, given: Given) -> Letter:
    """The workbook with its problems in it, as MARKED."""
    wanted = marking.Wanted.from_json(json.loads((folder / TO_MARK).read_bytes()))
    with (folder / MARKED).open("wb") as out:
        marking.write(source, wanted, out)
    return {}


def take_out(source: Path, folder: Path, given: Given) -> Letter:
    """One file of an archive, or one part of a workbook, as TAKEN."""
    with ExitStack() as stack:
        if given["of_workbook"]:
            source = stack.enter_context(bundles.opened(source, Limits())).sheet
        members = stack.enter_context(bundles.members(source))
        taken = stack.enter_context(members.open(given["name"], given["most"]))
        with (folder / TAKEN).open("wb") as out:
            shutil.copyfileobj(taken, out)
    return {}


def translations(source: Path, folder: Path, given: Given) -> Letter:
    """The languages and units of an XLIFF file: [id, target, notes of its developer]."""
    from catalog_import.formats import xliff

    return xliff.read(source.read_bytes())


def _told(sheet: Sheet) -> Letter:
    return {
        "name": sheet.name,
        "notation": sheet.notation.value,
        "encoding": sheet.encoding,
        "guessed_encoding": sheet.guessed_encoding,
        "merges": [
            [each.first_row, each.first_column, each.last_row, each.last_column]
            for each in sheet.merges
        ],
        "hidden_columns": sorted(sheet.hidden_columns),
        "hidden_sheets": list(sheet.hidden_sheets),
        "pictures": [[row, list(parts)] for row, parts in sheet.pictures.items()],
        "placed": [[name, part] for name, part in sheet.placed.items()],
    }


def _answering(work: Callable[[Path, Path, Given], Letter]) -> Task:
    def task(source: Path, folder: Path, given: Given) -> None:
        warnings.simplefilter("ignore")  # they would reach no log
        try:
            letter = work(source, folder, given)
        except SheetRefused as refusal:
            letter = {"refused": wire.refusal_json(refusal)}
        except OSError as error:
            if error.errno != errno.EFBIG:
                raise
            letter = {"refused": wire.refusal_json(_TOO_MUCH)}
        (folder / LETTER).write_text(json.dumps(letter), encoding="ascii")

    return task


TASKS: dict[str, Task] = {
    "read": _answering(read),
    "mark": _answering(mark),
    "take_out": _answering(take_out),
    "translations": _answering(translations),
}
