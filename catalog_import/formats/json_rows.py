"""JSON Lines, and an array of objects: the keys are the header, each object is a row."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from catalog_import.archive import Limits
from catalog_import.errors import SheetRefused
from catalog_import.formats.row import Row, Sheet
from catalog_import.numbers import Notation

_LONGEST_LINE = 1 << 20  # characters of one object


def is_one(path: Path) -> bool:
    """Whether the file begins as an object, or as an array of them."""
    with path.open("rb") as stream:
        head = stream.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()
    return head.startswith((b"{", b"["))


def sheets(path: Path, limits: Limits) -> Iterator[Sheet]:
    """The one sheet. Row 1 holds the keys; the first object is row 2."""
    header: dict[str, int] = {}
    for number, record in _objects(path):
        for key in record:
            header.setdefault(key, len(header))
        if len(header) > limits.columns:
            raise SheetRefused(
                f"Up to row {number} the objects have more than {limits.columns} different keys",
                code="too_many_columns",
            )

    def rows() -> Iterator[Row]:
        yield Row(1, tuple(header))
        for number, record in _objects(path):
            values: list[Any] = [None] * len(header)
            for key, value in record.items():
                values[header[key]] = _cell(value)
            yield Row(number, tuple(values))

    yield Sheet(path.name, Notation.POINT, "utf-8", False, rows)


def _objects(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        with path.open(encoding="utf-8-sig") as stream:
            first = stream.read(1)
            while first.isspace():
                first = stream.read(1)
            stream.seek(0)
            found = iter(json.load(stream)) if first == "[" else _lines(stream)
            for number, record in enumerate(found, 2):
                if not isinstance(record, dict):
                    raise _damaged(f"Entry {number - 1} is not an object")
                yield number, record
    except (ValueError, RecursionError) as error:
        raise _damaged(str(error)[:200]) from error


def _lines(stream: Any) -> Iterator[Any]:
    while line := stream.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE:
            raise ValueError("One line is longer than a product can be")
        if line.strip():
            yield json.loads(line)


def _cell(value: Any) -> Any:
    """A cell's value: of a list its items with commas; an object in a cell is kept as its JSON."""
    if isinstance(value, list) and all(isinstance(each, str | int | float) for each in value):
        return ", ".join(map(str, value))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def _damaged(why: str) -> SheetRefused:
    return SheetRefused(
        f"The file is no JSON Lines: {why}",
        code="damaged_file",
        hint="Write one object a line, in UTF-8, or one array of objects",
    )
