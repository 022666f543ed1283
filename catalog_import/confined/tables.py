"""The sheets of a brand's file, as a confined child read them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from catalog_import.archive import Limits
from catalog_import.confined import wire
from catalog_import.confined.running import IN_BACKGROUND, ask, damaged
from catalog_import.errors import SheetRefused
from catalog_import.formats.row import Merge, Row, Sheet
from catalog_import.numbers import Notation
from infra.confinement.answers import NoAnswer, plain
from infra.confinement.children import Processes
from infra.confinement.request import Bounds

_MOST_SHEETS = 2_000
_MOST_NAMES = 20_000
_MOST_PICTURES = 50_000
_LONGEST_NAME = 1_000


@dataclass(frozen=True, slots=True)
class Tables:
    """The sheets of a file, and the paths in its archive of the files that were packed with it.

    `sheets` raises SheetRefused where the file does.
    """

    sheets: Iterator[Sheet]
    files: frozenset[str] = frozenset()


@contextmanager
def opened(
    path: Path,
    limits: Limits | None = None,
    *,
    encoding: str = "",
    bounds: Bounds = IN_BACKGROUND,
    processes: Processes | None = None,
) -> Iterator[Tables]:
    """The tables of a file, or of the one sheet in a ZIP, while the context lasts.

    Raises SheetRefused where the file is at fault, ReaderFailed where no child could be started,
    OSError where there is no file.
    """
    limits = limits or Limits()
    with tempfile.TemporaryDirectory(prefix="sheet-") as name:
        folder = Path(name)
        given = {"limits": asdict(limits), "encoding": encoding}
        letter = ask("read", path, folder, bounds, given, processes)
        try:
            files = frozenset(_words(letter.get("files", []), _MOST_NAMES))
            sheets = [_sheet(n, each, folder, limits) for n, each in enumerate(_told(letter))]
            refused = wire.refusal_of(letter["refused"]) if "refused" in letter else None
        except (wire.NotAsWritten, ValueError, KeyError, TypeError) as error:
            raise damaged() from error
        yield Tables(_one_by_one(sheets, refused), files)


def _one_by_one(sheets: list[Sheet], refused: SheetRefused | None) -> Iterator[Sheet]:
    yield from sheets
    if refused is not None:
        raise refused


def _told(letter: dict[str, Any]) -> list[dict[str, Any]]:
    told = letter.get("sheets", [])
    if type(told) is not list or len(told) > _MOST_SHEETS:
        raise wire.NotAsWritten("no sheets")
    return told


def _sheet(number: int, told: dict[str, Any], folder: Path, limits: Limits) -> Sheet:
    name, encoding = _words([told["name"], told["encoding"]], 2)
    return Sheet(
        name,
        Notation(told["notation"]),
        encoding,
        told["guessed_encoding"] is True,
        _rows(folder / f"{number}.rows", limits),
        tuple(Merge(*_numbers(each)) for each in told["merges"]),
        frozenset(_numbers(told["hidden_columns"])),
        tuple(_words(told["hidden_sheets"], _MOST_SHEETS)),
        _pictures(told["pictures"]),
        dict(_words(each, 2) for each in _listed(told["placed"])),
    )


def _pictures(told: Any) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for row, parts in _listed(told):
        _numbers([row])
        found[row] = tuple(_words(parts, _MOST_PICTURES))
    return found


def _listed(values: Any) -> list[Any]:
    if type(values) is not list or len(values) > _MOST_PICTURES:
        raise wire.NotAsWritten("no list")
    return values


def _rows(path: Path, limits: Limits) -> Callable[[], Iterator[Row]]:
    def rows() -> Iterator[Row]:
        try:
            yield from wire.read(plain(path), limits)
        except (NoAnswer, wire.NotAsWritten) as error:
            raise damaged() from error

    return rows


def _words(values: Any, most: int) -> list[str]:
    if type(values) is not list or len(values) > most:
        raise wire.NotAsWritten("no words")
    if not all(type(each) is str and len(each) <= _LONGEST_NAME for each in values):
        raise wire.NotAsWritten("no words")
    return values


def _numbers(values: Any) -> list[int]:
    if type(values) is not list or not {int}.issuperset(map(type, values)):
        raise wire.NotAsWritten("no numbers")
    return values
