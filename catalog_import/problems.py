"""A problem of a sheet: what is wrong, in which cell, and what to do about it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """Whether a problem holds its product back."""

    ERROR = "error"  # the product is not planned until this is cured
    WARNING = "warning"  # likely a slip; the product goes ahead


@dataclass(frozen=True, slots=True)
class Fault:
    """What a cell's parser found wrong; it does not know where the cell is."""

    code: str
    message: str
    hint: str = ""
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault with its place.

    `cell` is the spreadsheet's own address ("D7") and empty where the whole sheet or file is
    meant; `column` is our canonical column name; `value` is the cell's content, shortened;
    `product` and `sku` are empty where the row does not say.
    """

    code: str
    message: str
    hint: str = ""
    sheet: str = ""
    cell: str = ""
    column: str = ""
    value: str = ""
    severity: Severity = Severity.ERROR
    product: str = ""
    sku: str = ""

    @property
    def is_error(self) -> bool:
        """Whether it holds its product back."""
        return self.severity is Severity.ERROR

    def to_json(self) -> dict[str, Any]:
        """Plain values, every key always there."""
        return asdict(self)


def shown(value: object, limit: int = 80) -> str:
    """A cell's value on one short line, for a report."""
    text = "" if value is None else " ".join(str(value).split())
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
