"""A page with a table: what is listed, how it is filtered, and what may be done to each row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse

from i18n import locales
from i18n.money import Money
from storefront_backend.desk.operator.seat import OperatorSeat, operator_render


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell shows; `flag` marks what a person has to look at, `good` what is well."""

    text: object
    href: str = ""
    small: object = ""
    flag: bool = False
    good: bool = False
    number: bool = False

    @property
    def at(self) -> datetime | None:
        """A moment, shown as one."""
        return self.text if isinstance(self.text, datetime) else None


@dataclass(frozen=True, slots=True)
class Button:
    """An act on a row: a form of its own that is posted to `href`."""

    href: str
    label: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """A row; its first cell names it."""

    cells: Sequence[Cell]
    buttons: Sequence[Button] = ()


@dataclass(frozen=True, slots=True)
class Filter:
    """A field of the filter. Without choices it is a text."""

    name: str
    label: str
    choices: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A heading; numbers are set to the end."""

    title: str
    number: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its heading and what is said where it is empty."""

    title: str
    head: Sequence[Column]
    rows: Sequence[Row]
    empty: str
    intro: str = ""

    @property
    def has_buttons(self) -> bool:
        """Whether any row has an act."""
        return any(row.buttons for row in self.rows)


def table_page(
    request: HttpRequest,
    seat: OperatorSeat,
    table: Table,
    *,
    page: Page[Any] | None = None,
    wanted: Mapping[str, str] | None = None,
    filters: Sequence[Filter] = (),
    tables: Sequence[Table] = (),
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """A page of one table, and of further ones below it."""
    given = {
        "table": table,
        "tables": tables,
        "page": page,
        "wanted": wanted or {},
        "filters": [(each, (wanted or {}).get(each.name, "")) for each in filters],
    }
    template = context.pop("template", "table.html")
    return operator_render(request, seat, template, given | context, status=status)


def money(amount: Money, seat: OperatorSeat) -> str:
    """An amount in the reader's language."""
    return locales.format_money(amount, seat.language)
