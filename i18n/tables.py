"""From a TOML table to a frozen dataclass, strictly: every fault is reported, none is repaired.

TOML is read with parse_float=Decimal, so a rate never touches a binary float.
"""

from __future__ import annotations

import dataclasses
import re
import types
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

from i18n.errors import RulebookProblem
from i18n.money import Money

_MONEY = re.compile(r"^(\d+(?:\.\d+)?) ([A-Z]{3})$")


class Problems(list[RulebookProblem]):
    """Collects faults with the file and the key they were found under."""

    def add(self, file: str, key: str, message: str) -> None:
        """Note one fault."""
        self.append(RulebookProblem(file, key, message))


class _Wrong(Exception):
    """A value of the wrong form; the message says what was expected."""


@cache
def _fields(model: Any) -> Mapping[str, tuple[Any, bool]]:
    """Field name to (type, required)."""
    hints = get_type_hints(model)
    return {
        field.name: (
            hints[field.name],
            field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING,
        )
        for field in dataclasses.fields(model)
    }


def build[Model](
    model: type[Model], table: Mapping[str, Any], file: str, key: str, problems: Problems
) -> Model | None:
    """The model that a table describes, or None after adding every problem it has."""
    before = len(problems)
    fields = _fields(cast(Any, model))
    for name in table.keys() - fields.keys():
        problems.add(
            file, f"{key}.{name}", f"unknown key; {model.__name__} has: {', '.join(fields)}"
        )
    values: dict[str, Any] = {}
    for name, (kind, required) in fields.items():
        if name in table:
            try:
                values[name] = _value(kind, table[name])
            except _Wrong as wrong:
                problems.add(file, f"{key}.{name}", str(wrong))
        elif required:
            problems.add(file, f"{key}.{name}", "missing")
    if len(problems) > before:
        return None
    try:
        return model(**values)
    except ValueError as error:
        problems.add(file, key, str(error))
        return None


def _value(kind: Any, raw: Any) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _value(next(part for part in get_args(kind) if part is not type(None)), raw)
    if origin is Literal:
        if raw not in get_args(kind):
            raise _Wrong(f"{raw!r} is none of: {', '.join(map(str, get_args(kind)))}")
        return raw
    if origin is tuple:
        if not isinstance(raw, list):
            raise _Wrong(f"must be a list, not {raw!r}")
        return tuple(_value(get_args(kind)[0], item) for item in raw)
    if origin is Mapping:
        if not isinstance(raw, dict):
            raise _Wrong(f"must be a table, not {raw!r}")
        return types.MappingProxyType(
            {name: _value(get_args(kind)[1], item) for name, item in raw.items()}
        )
    return _plain(kind, raw)


def _plain(kind: Any, raw: Any) -> Any:
    if kind is Decimal:
        if isinstance(raw, bool) or not isinstance(raw, int | Decimal):
            raise _Wrong(f"must be a number, not {raw!r}")
        number = Decimal(raw)
        if not number.is_finite():
            raise _Wrong(f"must be finite, not {raw!r}")
        return number
    if kind is Money:
        match = _MONEY.match(raw) if isinstance(raw, str) else None
        if match is None:
            raise _Wrong(f'must be an amount like "150 EUR", not {raw!r}')
        return Money(Decimal(match[1]), match[2])
    if kind is date and isinstance(raw, datetime):
        raise _Wrong(f"must be a date without a time, not {raw!r}")
    if not isinstance(raw, kind) or (kind is int and isinstance(raw, bool)):
        raise _Wrong(f"must be {kind.__name__}, not {raw!r}")
    if kind is str and not raw.strip():
        raise _Wrong("must not be empty")
    return raw
