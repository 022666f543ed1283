"""What a workbook's archive says of its sheets: names, visibility, number formats."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from defusedxml.ElementTree import fromstring
from openpyxl.styles.numbers import BUILTIN_FORMATS

from catalog_import.formats.number_format import NumberFormat, read

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


@dataclass(frozen=True, slots=True)
class Tab:
    """A worksheet as the workbook lists it."""

    name: str
    path: str
    visible: bool


@dataclass(frozen=True, slots=True)
class Book:
    """An archive that was inspected. `formats` are by the index of a cell's style."""

    archive: zipfile.ZipFile
    tabs: tuple[Tab, ...]
    formats: Mapping[int, NumberFormat]
    styles: bytes
    strings: bytes
    from_1904: bool

    def around(self, rows: bytes) -> io.BytesIO:
        """A workbook of one sheet with these rows alone, for a parser that reads whole sheets."""
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as out:
            since = ' date1904="1"' if self.from_1904 else ""
            out.writestr(
                "_rels/.rels",
                f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1"'
                f' Type="{_DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            )
            out.writestr(
                "xl/workbook.xml",
                f'<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}"><workbookPr{since}/><sheets>'
                '<sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>',
            )
            kinds = ("worksheet", "styles", "sharedStrings")
            parts = ("worksheets/sheet1.xml", "styles.xml", "sharedStrings.xml")
            links = "".join(
                f'<Relationship Id="r{n}" Type="{_DOCUMENT}/{kind}" Target="{part}"/>'
                for n, (kind, part) in enumerate(zip(kinds, parts, strict=True), 1)
            )
            out.writestr(
                "xl/_rels/workbook.xml.rels",
                f'<Relationships xmlns="{_PACKAGE}">{links}</Relationships>',
            )
            out.writestr("xl/styles.xml", self.styles or f'<styleSheet xmlns="{_MAIN}"/>')
            out.writestr("xl/sharedStrings.xml", self.strings or f'<sst xmlns="{_MAIN}"/>')
            with out.open("xl/worksheets/sheet1.xml", "w") as part_file:
                part_file.write(f'<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
                part_file.write(rows)
                part_file.write(b"</sheetData></worksheet>")
        made.seek(0)
        return made


def open_book(archive: zipfile.ZipFile) -> Book:
    """The workbook of an archive; KeyError or ValueError where it is none."""
    root = fromstring(archive.read("xl/workbook.xml"))
    targets = dict(_relations(archive, "xl/workbook.xml"))
    tabs = tuple(
        Tab(
            str(sheet.get("name", "")),
            targets[str(_attribute(sheet, "id"))][1],
            sheet.get("state", "visible") == "visible",
        )
        for sheet in _named(root, "sheet")
    )
    by_kind = dict(targets.values())
    styles = _part(archive, by_kind.get("styles"))
    date_base = next(iter(_named(root, "workbookPr")), None)
    return Book(
        archive,
        tuple(tab for tab in tabs if tab.path in archive.namelist()),
        dict(_formats(styles)) if styles else {},
        styles,
        _part(archive, by_kind.get("sharedStrings")),
        date_base is not None and date_base.get("date1904") in ("1", "true"),
    )


def relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """The parts that a part points at: id → (kind, path)."""
    return dict(_relations(archive, part))


def _relations(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[str, tuple[str, str]]]:
    folder, name = posixpath.split(part)
    path = f"{folder}/_rels/{name}.rels"
    if path not in archive.namelist():
        return
    for link in _named(fromstring(archive.read(path)), "Relationship"):
        if link.get("TargetMode") == "External":
            continue
        target = str(link.get("Target", ""))
        whole = target[1:] if target.startswith("/") else posixpath.join(folder, target)
        kind = str(link.get("Type", "")).rsplit("/", 1)[-1]
        yield str(link.get("Id")), (kind, posixpath.normpath(whole))


def _part(archive: zipfile.ZipFile, path: str | None) -> bytes:
    return archive.read(path) if path and path in archive.namelist() else b""


def _formats(styles: bytes) -> Iterator[tuple[int, NumberFormat]]:
    root = fromstring(styles)
    codes: dict[int, str] = dict(BUILTIN_FORMATS)
    for each in _named(root, "numFmt"):
        codes[int(each.get("numFmtId", 0))] = str(each.get("formatCode", ""))
    for cells in _named(root, "cellXfs"):
        for index, style in enumerate(_named(cells, "xf")):
            shown = read(codes.get(int(style.get("numFmtId", 0)), ""))
            if shown.percent or shown.currency or shown.zeros:
                yield index, shown


def _named(root: Any, name: str) -> Iterator[Any]:
    return (each for each in root.iter() if str(each.tag).rpartition("}")[2] == name)


def _attribute(element: Any, name: str) -> str | None:
    return next(
        (value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), None
    )
