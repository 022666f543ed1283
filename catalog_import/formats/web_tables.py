"""Tables of HTML, which many ERPs export under the name .xls; and Excel's own web page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from catalog_import import delimited
from catalog_import.errors import SheetRefused
from catalog_import.formats.merged import Filler
from catalog_import.formats.row import Merge, Row, Sheet
from catalog_import.numbers import Notation

_LOOKED_AT = 4096
_IS_HTML = re.compile(rb"\s*(?:<!--|<!doctype html|<html|<head|<meta|<table|<style|<body)", re.I)
_CHARSET = re.compile(rb"""charset\s*=\s*["']?([\w-]+)""", re.I)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_MOST_SPANNED = 5_000


def is_one(path: Path) -> bool:
    """Whether the file begins as a web page with a table does."""
    with path.open("rb") as stream:
        head = stream.read(_LOOKED_AT)
    plain = head.decode("utf-16").encode() if head[:2] in (b"\xff\xfe", b"\xfe\xff") else head
    return bool(_IS_HTML.match(plain.removeprefix(b"\xef\xbb\xbf")))


def sheets(path: Path, encoding: str = "") -> Iterator[Sheet]:
    """Every table of the page as a sheet; one inside another's cell belongs to that cell."""
    with path.open("rb") as stream:
        declared = _CHARSET.search(stream.read(_LOOKED_AT))
    named = encoding or _known(declared[1].decode() if declared else "")
    dialect = delimited.sniff(path, named)
    reader = _Tables()
    with path.open(encoding=dialect.encoding, newline="") as text:
        while chunk := text.read(1 << 18):
            reader.feed(chunk)
    reader.close()
    if not reader.tables:
        raise SheetRefused(
            "This is a web page without a table", code="not_a_sheet", hint="Save it as .xlsx"
        )
    for number, table in enumerate(reader.tables, 1):
        name = path.name if len(reader.tables) == 1 else f"{path.name} {number}"
        yield _sheet(name, table, dialect)


def _known(encoding: str) -> str:
    """The encoding that browsers read under a name: gb2312 is GB 18030, latin-1 is cp1252."""
    name = encoding.lower().replace("_", "-")
    if name in ("gb2312", "gbk", "x-gbk"):
        return "gb18030"
    return {"big5": "big5hkscs", "shift-jis": "cp932", "euc-kr": "cp949"}.get(name, name)


def _sheet(name: str, table: _Table, dialect: delimited.Dialect) -> Sheet:
    def rows() -> Iterator[Row]:
        filler = Filler(table.merges)
        for number, values in enumerate(table.rows, 1):
            yield filler.filled(Row(number, tuple(value or None for value in values)))

    return Sheet(
        name, Notation.UNKNOWN, dialect.encoding, dialect.guessed, rows, tuple(table.merges)
    )


class _Table:
    """Rows of texts, with the cells that spans cover left empty."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self.merges: list[Merge] = []
        self._covered: dict[int, int] = {}  # index → rows below that it covers

    def start_row(self) -> None:
        self.rows.append([])

    def add(self, text: str, columns: int, rows: int) -> None:
        if not self.rows:
            self.start_row()
        values = self.rows[-1]
        while self._covered.get(len(values), 0) >= len(self.rows):
            values.append("")
        at = len(values)
        values.extend([text, *[""] * (columns - 1)])
        if rows > 1 or columns > 1:
            last = len(self.rows) + rows - 1
            self.merges.append(Merge(len(self.rows), at + 1, last, at + columns))
            self._covered.update(dict.fromkeys(range(at, at + columns), last))


class _Tables(HTMLParser):
    """Collects tables; markup without them is passed over."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_Table] = []
        self._depth = 0
        self._silent = ""
        self._cell: list[str] | None = None
        self._span = (1, 1)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("style", "script"):
            self._silent = tag
        elif tag == "table":
            self._depth += 1
            if self._depth == 1:
                self.tables.append(_Table())
        elif self._depth != 1:
            return
        elif tag == "tr":
            self._end_cell()
            self.tables[-1].start_row()
        elif tag in ("td", "th"):
            self._end_cell()
            spans = dict(attrs)
            self._span = _span(spans.get("colspan"), 256), _span(spans.get("rowspan"), 10**6)
            self._cell = []
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._silent:
            self._silent = ""
        elif tag == "table" and self._depth:
            if self._depth == 1:
                self._end_cell()
            self._depth -= 1
        elif tag in ("td", "th", "tr") and self._depth == 1:
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._silent:
            self._cell.append(_SPACE.sub(" ", data))

    def _end_cell(self) -> None:
        if self._cell is None:
            return
        text = "".join(self._cell).replace("\xa0", " ").strip()
        self.tables[-1].add(text, *self._span)
        self._cell = None


def _span(written: str | None, most: int) -> int:
    number = int(written) if written and written.isdecimal() else 1
    return max(1, min(number, most, _MOST_SPANNED))
