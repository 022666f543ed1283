"""Texts to translators and back: a workbook, or XLIFF as translators' tools read it.

Each text goes out with a mark of itself and of its original as they were. What comes back is
written only where both are still the same, so no translation overwrites a newer one.
XLIFF 1.1 is written, 1.1 and 1.2 are read:
https://docs.oasis-open.org/xliff/v1.2/os/xliff-core.html
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from translate.storage.xliff import xlifffile

from catalog_import.confined import IN_A_REQUEST, opened
from catalog_import.confined.xliff import Unit, units_of
from catalog_import.errors import CatalogImportError
from catalog_import.formats.row import Row
from i18n.locales import LANGUAGES
from storefront_backend.commerce.errors import InvalidRequest
from storefront_backend.texts.saving import TextChange
from storefront_backend.texts.state import Translation
from storefront_backend.texts.subjects import TextKey, digest

_MARKED = PatternFill("solid", fgColor="F1EADC")
_WIDTHS = (24, 18, 60, 60, 4)
_HEADER = ("id", "piece")
MOST_BYTES = 8 << 20
MOST_TEXTS = 20_000


class TranslationsRefused(InvalidRequest):
    """A file that holds no translations of ours."""

    code = "translations_refused"


def workbook(found: Iterable[Translation], source: str, target: str) -> bytes:
    """One row a text: what it is, the original, the translation to fill in, and its mark."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = f"{source} {target}"
    sheet.append([*_HEADER, source, target, "mark"])
    for number, width in enumerate(_WIDTHS):
        letter = "ABCDE"[number]
        sheet.column_dimensions[letter].width = width
        sheet[f"{letter}1"].font = Font(bold=True)
    sheet.column_dimensions["A"].hidden = sheet.column_dimensions["E"].hidden = True
    sheet.freeze_panes = "C2"
    for row, each in enumerate(found, start=2):
        text = each.text
        values = (
            str(text.key),
            f"{text.title} {text.key.field}",
            text.values.get(source, ""),
            each.target,
            _mark(each, source),
        )
        for column, value in enumerate(values, start=1):
            cell = sheet.cell(row, column)
            cell.value = value
            cell.data_type = "s"  # a text that begins with "=" is a text
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.cell(row, 4).fill = _MARKED
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xliff(found: Iterable[Translation], source: str, target: str) -> bytes:
    """One unit a text; its mark is a note."""
    store: Any = xlifffile()
    store.setsourcelanguage(source)
    store.settargetlanguage(target)
    for each in found:
        unit = store.addsourceunit(each.text.values.get(source, ""))
        unit.setid(str(each.text.key))
        unit.target = each.target or None
        unit.addnote(f"{each.text.title} {each.text.key.field}", origin="developer")
        unit.addnote(f"mark:{_mark(each, source)}", origin="developer")
    return bytes(store)


def read_workbook(path: Path) -> list[TextChange]:
    """The filled rows. Raises TranslationsRefused."""
    changes: list[TextChange] = []
    try:
        with opened(path, bounds=IN_A_REQUEST) as tables:
            for sheet in tables.sheets:
                changes += _of_rows(sheet.rows())
    except CatalogImportError as error:
        raise TranslationsRefused(str(error), hint=error.hint) from error
    return _some(changes)


def _of_rows(rows: Iterator[Row]) -> Iterator[TextChange]:
    header = next(rows, None)
    names = [str(value or "").strip() for value in header.values] if header else []
    if tuple(names[:2]) != _HEADER or len(names) < 5:
        return
    source, target = _languages(names[2], names[3])
    for row in rows:
        values = [str(value) if value is not None else "" for value in row.values]
        key, _, _, text, mark = (*values, "", "", "", "", "")[:5]
        yield from _change(key, text, mark, source, target)


def read_xliff(data: bytes) -> list[TextChange]:
    """The translated units. Raises TranslationsRefused."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "texts.xliff"
        path.write_bytes(data)
        try:
            found = units_of(path, IN_A_REQUEST)
        except CatalogImportError as error:
            raise TranslationsRefused(
                error.message, hint=error.hint or "Export the texts here, and send back that file"
            ) from error
    source, target = _languages(found.source, found.target)
    changes = [each for unit in found.units for each in _of_unit(unit, source, target)]
    return _some(changes)


def _of_unit(unit: Unit, source: str, target: str) -> Iterator[TextChange]:
    lines = unit.notes.splitlines()
    mark = next((note[5:] for note in lines if note.startswith("mark:")), "")
    return _change(unit.key.rpartition("\x04")[2], unit.target, mark, source, target)


def _change(key: str, text: str, mark: str, source: str, target: str) -> Iterator[TextChange]:
    known = TextKey.parsed(key)
    if known is not None and text.strip():
        source_seen, _, seen = mark.strip().partition(".")
        yield TextChange(known, target, text.strip(), seen, source, source_seen)


def _some(changes: list[TextChange]) -> list[TextChange]:
    if not changes:
        raise TranslationsRefused(
            "The file holds no translations", hint="Export the texts here, and send back that file"
        )
    if len(changes) > MOST_TEXTS:
        raise TranslationsRefused(
            f"The file holds {len(changes)} texts; {MOST_TEXTS} are taken at once",
            hint="Split it",
        )
    return changes


def _languages(source: object, target: object) -> tuple[str, str]:
    known = {code.lower(): code for code in LANGUAGES}
    pair = tuple(known.get(str(each or "").strip().lower(), "") for each in (source, target))
    if not all(pair) or pair[0] == pair[1]:
        raise TranslationsRefused(
            f"The file says it translates {source} to {target}",
            hint="Both have to be languages of the shop",
        )
    return pair[0], pair[1]


def _mark(each: Translation, source: str) -> str:
    return f"{digest(each.text.values.get(source, ''))}.{digest(each.target)}"
