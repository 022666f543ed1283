"""Builders of sheets: a row that is right, of which a test changes what it is about."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
_STRINGS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"

PENDANT: Mapping[str, Any] = {
    "product_code": "LION",
    "sku": "LION-1",
    "kind": "pendant",
    "name_en": "Lion dance pendant",
    "alloy": "gold-750-yellow",
    "grams": 4.2,
    "currency": "CNY",
    "markets": "us, gb",
}


# Comes last, so that columns added by a test start at I.
PRICED: Mapping[str, Any] = {"margin_percent": 60}


def row(**changes: Any) -> dict[str, Any]:
    """A pendant's row with some cells changed; None empties a cell."""
    return {**PENDANT, **changes, **{k: v for k, v in PRICED.items() if k not in changes}}


def xlsx(path: Path, *rows: Mapping[str, Any], headers: Sequence[str] | None = None) -> Path:
    """A workbook of one sheet "Catalogue" with the header in row 1."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Catalogue"
    names = list(headers or dict.fromkeys(name for one in rows for name in one))
    sheet.append(names)
    for one in rows:
        sheet.append([one.get(name) for name in names])
    book.save(path)
    return path


def text(
    path: Path, *rows: Mapping[str, Any], encoding: str = "utf-8", delimiter: str = ","
) -> Path:
    """The same rows as delimited text."""
    names = list(dict.fromkeys(name for one in rows for name in one))
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.DictWriter(stream, names, delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def altered(path: Path, changes: Mapping[str, bytes]) -> Path:
    """A workbook with some parts of its archive replaced or added."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**parts, **changes}.items():
            archive.writestr(name, content)
    return path


def part(path: Path, name: str) -> bytes:
    """One part of the workbook's archive."""
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)


def shared_strings(path: Path) -> Path:
    """The workbook with its texts in one shared table, as Excel itself writes them."""
    texts: list[str] = []

    def share(cell: re.Match[str]) -> str:
        texts.append(cell[3])
        return f'<c r="{cell[1]}"{cell[2]} t="s"><v>{len(texts) - 1}</v></c>'

    inline = r'<c r="(\w+)"([^>]*) t="inlineStr"><is><t[^>]*>([^<]*)</t></is></c>'
    sheet, made = re.subn(inline, share, part(path, "xl/worksheets/sheet1.xml").decode())
    assert made
    table = "".join(f"<si><t>{text}</t></si>" for text in texts)
    rels = part(path, "xl/_rels/workbook.xml.rels").decode()
    types = part(path, "[Content_Types].xml").decode()
    relation = f'<Relationship Id="rId99" Type="{_REL}" Target="/xl/sharedStrings.xml"/>'
    override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_STRINGS}"/>'
    return altered(
        path,
        {
            "xl/worksheets/sheet1.xml": sheet.encode(),
            "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}">{table}</sst>'.encode(),
            "xl/_rels/workbook.xml.rels": rels.replace(
                "</Relationships>", f"{relation}</Relationships>"
            ).encode(),
            "[Content_Types].xml": types.replace("</Types>", f"{override}</Types>").encode(),
        },
    )
