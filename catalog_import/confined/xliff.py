"""The translations of an XLIFF file, as a confined child read them."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from catalog_import.confined.running import ask, damaged
from infra.confinement.request import Bounds


@dataclass(frozen=True, slots=True)
class Unit:
    """A text by its key, and the notes that its developer gave it."""

    key: str
    target: str
    notes: str


@dataclass(frozen=True, slots=True)
class Units:
    """The file's languages, as it names them, and its units."""

    source: str
    target: str
    units: tuple[Unit, ...]


def units_of(path: Path, bounds: Bounds) -> Units:
    """Raises SheetRefused where the file is no XLIFF, and ReaderFailed."""
    with tempfile.TemporaryDirectory(prefix="sheet-") as folder:
        letter = ask("translations", path, Path(folder), bounds, {})
    try:
        units = tuple(Unit(*map(_text, each)) for each in letter["units"])
        return Units(_text(letter["source"]), _text(letter["target"]), units)
    except (KeyError, TypeError, ValueError) as error:
        raise damaged() from error


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value
