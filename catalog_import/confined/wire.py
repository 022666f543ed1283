"""Rows as lines of JSON, from the child that read a file to the process that checks it.

A line is [number, values], and [number, values, formats, formulas, filled, hidden] where a row has
more to say. Values that JSON has no word for are objects of one key: {"date": "2026-11-24"}.
A file of rows ends with "end", or with the refusal that its sheet ended with.

The child may have been taken over by what it read: nothing here is believed, and what is not as it
should be is a NotAsWritten.
"""

from __future__ import annotations

import json
import string
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any

from catalog_import import texts
from catalog_import.archive import EXCEL_ROWS, Limits
from catalog_import.errors import SheetRefused
from catalog_import.formats import number_format
from catalog_import.formats.row import NoResult, Row

LONGEST = 32 << 20  # bytes of one row
_LONGEST_WORDS = 2_000
_PLAIN = frozenset({str, int, float, bool, type(None)})
_END = "end"


class NotAsWritten(Exception):
    """A child's answer is not what our own code would have written."""


# --- the child's side ---------------------------------------------------------------------------


def write(rows: Iterable[Row], file: IO[str], columns: int) -> None:
    """The rows, at most so many columns of each; a SheetRefused at their end becomes part of it."""
    encode = json.JSONEncoder(separators=(",", ":"), default=_wrapped).encode
    last: Any = _END
    try:
        for row in rows:
            line = encode(_listed(row, columns))
            if len(line) >= LONGEST:
                raise SheetRefused(
                    f"Row {row.number} holds more than {LONGEST >> 20} MB",
                    code="row_too_long",
                    hint="Shorten its texts",
                )
            file.write(line)
            file.write("\n")
    except SheetRefused as refusal:
        last = refusal_json(refusal)
    file.write(encode(last))
    file.write("\n")


def refusal_json(refusal: SheetRefused) -> dict[str, Any]:
    """A refusal as plain values, to be told in any language later."""
    return {
        "code": refusal.code,
        "message": texts.to_json(refusal.message),
        "hint": texts.to_json(refusal.hint),
    }


def _listed(row: Row, columns: int) -> list[Any]:
    listed: list[Any] = [row.number, row.values[:columns]]
    if row.formats or row.formulas or row.filled or row.hidden:
        formats = [[index, each.code] for index, each in row.formats.items()]
        listed += [formats, sorted(row.formulas), sorted(row.filled), row.hidden]
    return listed


def _wrapped(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, time):
        return {"time": value.isoformat()}
    if isinstance(value, timedelta):
        return {"duration": [value.days, value.seconds, value.microseconds]}
    if isinstance(value, NoResult):
        return {"no_result": value.formula}
    return str(value)


# --- this side ----------------------------------------------------------------------------------


def read(path: Path, limits: Limits) -> Iterator[Row]:
    """The rows of a file that a child wrote. Raises its SheetRefused, or NotAsWritten."""
    with path.open("rb") as stream:
        for count in range(limits.rows + 2):
            line = stream.readline(LONGEST + 1)
            found = loaded(line)
            if not isinstance(found, list):
                if found != _END:
                    raise refusal_of(found)
                return
            if count >= limits.rows:
                break
            yield _row(found, limits.columns)
    raise NotAsWritten("more rows than are read")


def loaded(line: bytes) -> Any:
    """One line's value."""
    if not line.endswith(b"\n"):
        raise NotAsWritten("no line")
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise NotAsWritten("no JSON") from error


def refusal_of(raw: Any) -> SheetRefused:
    """The refusal that `refusal_json` wrote."""
    if not isinstance(raw, dict) or raw.keys() != {"code", "message", "hint"}:
        raise NotAsWritten("no refusal")
    code = raw["code"]
    if not isinstance(code, str) or not code.isidentifier() or len(code) > 40:
        raise NotAsWritten("no code")
    return SheetRefused(_text(raw["message"]), code=code, hint=_text(raw["hint"]))


def _text(raw: Any, depth: int = 0) -> str:
    """A sentence of ours. Its template could make a format specification of a gigabyte."""
    if isinstance(raw, str) and len(raw) <= _LONGEST_WORDS:
        return raw
    if not isinstance(raw, dict) or raw.keys() != {"template", "parameters"} or depth > 2:
        raise NotAsWritten("no text")
    template, parameters = raw["template"], raw["parameters"]
    if not isinstance(template, str) or not isinstance(parameters, dict):
        raise NotAsWritten("no template")
    if len(template) > _LONGEST_WORDS or not _is_simple(template, parameters):
        raise NotAsWritten("no template of ours")
    found = {
        str(name): value if type(value) is int else _text(value, depth + 1)
        for name, value in parameters.items()
    }
    return texts.Text(template, found)


def _is_simple(template: str, parameters: Mapping[str, Any]) -> bool:
    try:
        parts = list(string.Formatter().parse(template))
    except ValueError:
        return False
    return all(
        name is None or (name in parameters and not how and not conversion)
        for _, name, how, conversion in parts
    )


def _row(found: list[Any], columns: int) -> Row:
    if len(found) not in (2, 6):
        raise NotAsWritten("no row")
    number, values = found[:2]
    if type(number) is not int or not 0 < number <= EXCEL_ROWS:
        raise NotAsWritten("no row's number")
    if type(values) is not list or len(values) > columns:
        raise NotAsWritten("no values")
    if not _PLAIN.issuperset(map(type, values)):
        values = [each if type(each) in _PLAIN else _unwrapped(each) for each in values]
    if len(found) == 2:
        return Row(number, tuple(values))
    formats, formulas, filled, hidden = found[2:]
    return Row(
        number,
        tuple(values),
        dict(map(_format, _checked(formats, list))),
        frozenset(_checked(formulas, int)),
        frozenset(_checked(filled, int)),
        hidden is True,
    )


def _checked(values: Any, kind: type) -> Any:
    if type(values) is not list or not {kind}.issuperset(map(type, values)):
        raise NotAsWritten("no list")
    return values


def _format(raw: list[Any]) -> tuple[int, number_format.NumberFormat]:
    if len(raw) != 2 or type(raw[0]) is not int or type(raw[1]) is not str:
        raise NotAsWritten("no format")
    return raw[0], number_format.read(raw[1])


_KINDS: dict[str, Callable[[Any], Any]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "duration": lambda parts: timedelta(*map(int, parts[:3])),
    "no_result": lambda formula: NoResult(str(formula)),
}


def _unwrapped(value: Any) -> Any:
    try:
        ((kind, raw),) = value.items()
        return _KINDS[kind](raw)
    except (AttributeError, ValueError, KeyError, TypeError, OverflowError) as error:
        raise NotAsWritten("no value") from error


__all__ = ["LONGEST", "NotAsWritten", "loaded", "read", "refusal_json", "refusal_of", "write"]
