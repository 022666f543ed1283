"""One row that stands for several variants: sizes or colours in one cell, or a column for each.

    ring_size "10-16"          seven variants, SKU-10 … SKU-16: every whole size, both ends included
    ring_size "12/14/16"       three variants
    ring_size "6½-8"           in halves where an end is a half
    alloy_colour "白/黄"        two variants, SKU-W and SKU-Y
    columns 10 | 11 | 12       a variant for each filled cell; a number in it is its stock

The SKU of each is the row's own, a hyphen, and the size or the colour's letter. A quantity that the
row has for all of its sizes together belongs to none of them: their stock stays 0, with a warning.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from catalog_import import alloy_words, ring_size
from catalog_import.cells import fold
from catalog_import.problems import Fault, Severity
from catalog_import.spreads import Spread, is_there, quantity
from catalog_import.texts import say
from catalog_import.words import KINDS, kind_of

_MOST = 60  # sizes of one row
_STEP, _HALF = Decimal(1), Decimal("0.5")
_RANGE = re.compile(
    r"(?P<low>\d{1,2}(?:\.5|½|\s1/2)?)\s*(?:-|~|–|—|至|到|to)\s*(?P<high>\d{1,2}(?:\.5|½|\s1/2)?)",
    re.I,
)
_ONE = re.compile(r"(?:\d{1,2}(?:\.\d{1,2}|[¼½¾]|\s[13]/[24])?|[A-Z]½?)", re.I)
_BETWEEN = re.compile(r"\s*[,，、/／;；|\n]\s*|\s{1,3}(?!1/2|1/4|3/4)")
_COLOURS = re.compile(r"\s*[,，、/／;；|\n]\s*")
_LETTERS = {"yellow": "Y", "white": "W", "rose": "R"}


class Taken(NamedTuple):  # made for every cell: a third of a frozen dataclass's time
    """A cell's content and where it is: the index of its column in the row."""

    value: Any
    index: int


type Cells = Mapping[str, Taken]
"""A row's cells by the column's name."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One variant of a row, with what a person should be told: (column, fault)."""

    cells: Cells
    notes: tuple[tuple[str, Fault], ...] = ()


def expand(cells: Cells, spreads: Sequence[Spread], values: Sequence[Any]) -> list[Variant]:
    """The variants of a row; most rows are one."""
    found = [Variant(cells)]
    for spread in spreads:
        found = [each for one in found for each in _spread(one, spread, values)]
    if "alloy_colour" in cells and isinstance(cells["alloy_colour"].value, str):
        found = [each for one in found for each in _colours(one)]
    if "ring_size" in cells and isinstance(cells["ring_size"].value, str) and _is_ring(cells):
        found = [each for one in found for each in _sizes(one)]
    return found


def _spread(one: Variant, spread: Spread, values: Sequence[Any]) -> list[Variant]:
    column = "ring_size" if spread.by == "size" else "alloy_colour"
    if spread.by == "size" and not _is_ring(one.cells):
        return [one]
    made: list[Variant] = []
    for index, label in spread.labels.items():
        value = values[index] if index < len(values) else None
        if not is_there(value):
            continue
        cells = {**one.cells, column: Taken(label, index)}
        stock = quantity(value)
        if stock:
            cells["stock"] = Taken(stock, index)
        _derive_sku(cells, _suffix(column, label))
        made.append(Variant(cells, one.notes))
    return made or [one]


def sizes_of(text: str) -> list[str]:
    """The sizes that a cell lists, each with the system that it names; [] for one size or none."""
    plain = unicodedata.normalize("NFKC", text).strip()
    plain = text.strip() if "½" in text or "¼" in text or "¾" in text else plain
    before, rest = ring_size.without_system(plain)
    rest = rest.replace("#", "").replace("号", "").replace("號", "").strip()
    span = _RANGE.fullmatch(rest)
    if span:
        return [f"{before} {label}".strip() for label in _range(span["low"], span["high"])]
    parts = [part for part in _BETWEEN.split(rest) if part]
    if len(parts) < 2 or len(parts) > _MOST:
        return []
    sizes: list[str] = []
    for part in parts:
        named, label = ring_size.without_system(part)
        inner = _RANGE.fullmatch(label)
        labels = _range(inner["low"], inner["high"]) if inner else [label]
        if not all(_ONE.fullmatch(each) for each in labels) or not labels:
            return []
        sizes += [f"{named or before} {each}".strip() for each in labels]
    return list(dict.fromkeys(sizes))[:_MOST]


def _range(low: str, high: str) -> list[str]:
    start, end = (Decimal(re.sub(r"½|\s1/2", ".5", each)) for each in (low, high))
    step = _HALF if start % 1 or end % 1 else _STEP
    if not start < end or (end - start) / step > _MOST:
        return []
    count = int((end - start) / step) + 1
    return [f"{start + n * step:f}".removesuffix(".0") for n in range(count)]


def _sizes(one: Variant) -> list[Variant]:
    text = one.cells["ring_size"].value
    sizes = sizes_of(text)
    if len(sizes) < 2:
        return [one]
    note = Fault(
        "sizes_expanded",
        say(
            "“{text}” is read as {count} variants: {sizes}",
            text=text[:40],
            count=len(sizes),
            sizes=", ".join(sizes)[:120],
        ),
        say(
            "Each has the SKU of the row with its size behind it, and the row's weight; write a row"
            " for each size where the weights differ"
        ),
        Severity.WARNING,
    )
    made = _each(one, "ring_size", sizes)
    return [
        Variant(v.cells, (*v.notes, ("ring_size", note)) if n == 0 else v.notes)
        for n, v in enumerate(made)
    ]


def _colours(one: Variant) -> list[Variant]:
    text = one.cells["alloy_colour"].value
    parts = [part for part in _COLOURS.split(text.strip()) if part]
    colours = {alloy_words.parts_of(part).colour for part in parts}
    if len(parts) < 2 or "" in colours or len(colours) != len(parts):
        return [one]
    return _each(one, "alloy_colour", parts)


def _each(one: Variant, column: str, labels: Sequence[str]) -> list[Variant]:
    made: list[Variant] = []
    for n, label in enumerate(labels):
        cells = {**one.cells, column: Taken(label, one.cells[column].index)}
        notes = one.notes
        stock = cells.pop("stock", None)
        if stock is not None and n == 0 and is_there(stock.value):
            notes = (*notes, ("stock", _stock_of_all(stock.value, len(labels))))
        if stock is not None:
            cells["stock"] = Taken(0, stock.index)
        _derive_sku(cells, _suffix(column, label))
        made.append(Variant(cells, notes))
    return made


def _stock_of_all(stock: Any, count: int) -> Fault:
    return Fault(
        "stock_of_several",
        say(
            "{stock} pieces are given for {count} variants together; none is taken to be in stock",
            stock=str(stock)[:20],
            count=count,
        ),
        say("Write a row for each variant, or a column for each size, with its quantity"),
        Severity.WARNING,
    )


def _derive_sku(cells: dict[str, Taken], suffix: str) -> None:
    base = cells.get("sku") or cells.get("product_code")
    if base is None or base.value is None or base.value == "":
        return
    value = base.value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    cells["sku"] = Taken(f"{value}-{suffix}", base.index)


def _suffix(column: str, label: str) -> str:
    if column == "alloy_colour":
        return _LETTERS.get(alloy_words.parts_of(label).colour, "X")
    _, bare = ring_size.without_system(label)
    halves = bare.replace("½", ".5").replace("¼", ".25").replace("¾", ".75").replace(" 1/2", ".5")
    return re.sub(r"[^\w.]", "", halves)


def _is_ring(cells: Cells) -> bool:
    """Whether the row is of a ring, or does not say what it is."""
    said = cells.get("kind")
    if said is None or not isinstance(said.value, str) or not said.value.strip():
        return True
    return (KINDS.get(fold(said.value)) or kind_of(said.value)) == "ring"
