"""Pictures in a workbook: drawn over a sheet, by their rows, and those that WPS puts in cells.

Excel and WPS draw a picture at an anchor, from one cell to another. WPS can put it in the cell as
well: the cell is then =DISPIMG("ID_…",1), and xl/cellimages.xml says which file that is.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.ElementTree import fromstring

from catalog_import.formats.xlsx_book import Book, Tab, relations

_CELL_IMAGES = "xl/cellimages.xml"
_MEDIA = ("xl/media/",)


def drawn(book: Book, tab: Tab) -> Mapping[int, tuple[str, ...]]:
    """The parts of pictures over a sheet, by the number of the row that each is at."""
    found: dict[int, tuple[str, ...]] = {}
    for kind, part in relations(book.archive, tab.path).values():
        if kind != "drawing":
            continue
        for row, picture in _anchored(book.archive, part):
            found[row] = (*found.get(row, ()), picture)
    return found


def in_cells(archive: zipfile.ZipFile) -> Mapping[str, str]:
    """The parts of pictures in cells, by the id that the cells name."""
    files = _files(archive, _CELL_IMAGES)
    return {
        str(name): files[link]
        for picture in _named(_parsed(archive, _CELL_IMAGES), "pic")
        for name, link in [(_first(picture, "cNvPr", "name"), _first(picture, "blip", "embed"))]
        if name and link in files
    }


def _anchored(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[int, str]]:
    files = _files(archive, part)
    for anchor in _parsed(archive, part):
        rows = [row for corner in ("from", "to") if (row := _row_of(anchor, corner)) is not None]
        if not rows:
            continue
        # One dragged a little over its row's edge reaches into the next: the middle is its row.
        middle = sum(rows) // len(rows) + 1
        for blip in _named(anchor, "blip"):
            picture = files.get(_attribute(blip, "embed"))
            if picture is not None:
                yield middle, picture


def _row_of(anchor: Any, corner: str) -> int | None:
    for place in anchor:
        if _tag(place) == corner:
            for each in place:
                if _tag(each) == "row" and str(each.text).strip().isdigit():
                    return int(each.text)
    return None


def _files(archive: zipfile.ZipFile, part: str) -> dict[str, str]:
    """The pictures that a part points at, by the ids of its relations."""
    if part not in archive.namelist():
        return {}
    there = set(archive.namelist())
    return {
        link: path
        for link, (_kind, path) in relations(archive, part).items()
        if path.startswith(_MEDIA) and path in there and posixpath.basename(path)
    }


def _parsed(archive: zipfile.ZipFile, part: str) -> Any:
    if part not in archive.namelist():
        return ()
    try:
        return fromstring(archive.read(part))
    except ParseError as error:
        raise ValueError(f"{part} is damaged") from error


def _first(element: Any, tag: str, attribute: str) -> str:
    return next((_attribute(each, attribute) for each in _named(element, tag)), "")


def _named(element: Any, name: str) -> Iterator[Any]:
    inside = element.iter() if hasattr(element, "iter") else ()
    return (each for each in inside if _tag(each) == name)


def _tag(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _attribute(element: Any, name: str) -> str:
    return next(
        (str(value) for key, value in element.attrib.items() if key.rpartition("}")[2] == name), ""
    )
