"""A row of a sheet as parsed values: each cell by its column, with every fault and its place."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from catalog_import import alloy_words, expanding, words
from catalog_import.amounts import is_in_thousands
from catalog_import.answers import Answers
from catalog_import.cells import Cell, Found, says_nothing
from catalog_import.column import Column
from catalog_import.columns import columns
from catalog_import.currency_words import THREE_DECIMALS
from catalog_import.earlier import Earlier
from catalog_import.expanding import Cells, Taken
from catalog_import.formats.number_format import NumberFormat
from catalog_import.layout import Layout
from catalog_import.numbers import Notation, tidy
from catalog_import.problems import Fault, Problem, Severity, shown
from catalog_import.sheets import Row, address
from catalog_import.texts import say

MONEY = tuple(column.name for column in columns().values() if column.measure == "money")
# Columns whose cells differ in every row: nothing is gained by remembering what they parse to.
_DISTINCT = frozenset(
    name
    for name in columns()
    if name in ("product_code", "sku", "model_file") or name.startswith(("name_", "description_"))
)
_REMEMBERED = 50_000
_UNREAD = object()
_SIZED = {"bangle": "inner_diameter_mm", "necklace": "length_mm", "chain": "length_mm",
          "bracelet": "length_mm"}  # fmt: skip


@dataclass(slots=True)
class Reading:
    """A parsed row: values by column name (None where empty), and the cell of each."""

    sheet: str
    row: Row
    places: Mapping[str, int]  # column name → index of its cell
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    lacking: set[str] = field(default_factory=set)  # columns that it needs and the sheet has not
    searched: Collection[str] = ()  # columns that an export lacks: their facts are in its words

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)

    def cell(self, name: str) -> str:
        """The address of the column's cell in this row; the row's first where there is none."""
        return address(self.places.get(name, 0) + 1, self.row.number)

    def raw(self, name: str) -> str:
        """What the cell says, shortened."""
        place = self.places.get(name)
        return (
            "" if place is None or place >= len(self.row.values) else shown(self.row.values[place])
        )

    def report(
        self,
        code: str,
        message: str,
        hint: str = "",
        *,
        column: str,
        warning: bool = False,
        guess: str = "",
    ) -> None:
        """Note a problem of this row in the column's cell."""
        self.problems.append(
            Problem(
                code,
                message,
                hint,
                self.sheet,
                self.cell(column),
                column,
                self.raw(column),
                Severity.WARNING if warning else Severity.ERROR,
                product=self.values.get("product_code") or "",
                sku=self.values.get("sku") or "",
                guess=guess,
            )
        )

    def blames(self, *names: str) -> bool:
        """Whether an error of one of these columns is reported already."""
        return any(problem.column in names and problem.is_error for problem in self.problems)

    def in_order(self) -> list[Problem]:
        """The problems from left to right."""
        return sorted(self.problems, key=lambda problem: self.places.get(problem.column, -1))

    @property
    def is_sound(self) -> bool:
        """Whether the row has no error so far."""
        return not self.lacking and not any(problem.is_error for problem in self.problems)


@dataclass(slots=True)
class RowReader:
    """Reads the rows of one sheet, as its layout and a person's answers say.

    What the sheet has no column for is taken from `earlier`, where the shop has the piece already.
    """

    sheet: str
    layout: Layout
    notation: Notation
    earlier: Earlier | None = None
    answers: Answers = field(default_factory=Answers)
    _defaults: dict[str, Any] = field(default_factory=dict)
    _texts: dict[str, dict[str, Any]] = field(default_factory=dict)  # what a column's words are
    _memory: dict[tuple[str, type, Any], Any] = field(default_factory=dict)  # and other values
    _remembered: int = 0
    _has_twins: bool = False  # two columns of one meaning
    _places: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        own = {column.name: index for index, column in self.layout.columns.items()}
        self._places = {**self.layout.places, **own}
        self._has_twins = len(own) < len(self.layout.columns)
        self._texts = {name: {} for name in columns()}
        for name, word in self.answers.defaults.items():
            column = columns().get(name)
            value = column.parse(Cell(word, self.notation)) if column else None
            value = value.value if isinstance(value, Found) else value
            if value is not None and not isinstance(value, Fault):
                self._defaults[name] = value

    def wrong_answers(self) -> Iterator[Problem]:
        """A problem for each answer that its column does not read."""
        for name, word in self.answers.defaults.items():
            if name not in self._defaults:
                yield Problem(
                    "wrong_answer",
                    say("{column} is answered with “{word}”, which it does not read",
                        column=name, word=word[:60]),
                    say("Answer it again"),
                    self.sheet, column=name, value=shown(word),
                )  # fmt: skip

    def read(self, row: Row, *, terse: bool = False) -> list[Reading]:
        """The row's variants: one for the most part, more where a cell lists several sizes."""
        count = len(row.values)
        cells: dict[str, Taken] = {}
        values, formats = row.values, row.formats
        for index, column in self.layout.columns.items():
            if index < count and (value := values[index]) is not None and value != "":
                if formats and index in formats:
                    value = _as_shown(value, formats[index], column)
                cells[column.name] = Taken(value, index)
        found = expanding.expand(cells, self.layout.spreads, values)
        if not self._has_twins and len(found) == 1 and found[0].cells is cells:  # the usual case
            return [self._reading(row, found[0], terse=terse, moved=False)]
        return [self._reading(row, each, terse=terse) for each in found]

    def read_cells(self, row: Row, cells: Cells, *, terse: bool = False) -> list[Reading]:
        """The variants of a row whose cells are known by column already."""
        found = expanding.expand(cells, self.layout.spreads, row.values)
        return [self._reading(row, each, terse=terse) for each in found]

    def _reading(
        self, row: Row, variant: expanding.Variant, *, terse: bool, moved: bool = True
    ) -> Reading:
        """One variant; `moved`: its cells may be elsewhere than its layout's columns."""
        cells, places = variant.cells, self._places
        more = (
            {name: taken.index for name, taken in cells.items() if taken.index != places.get(name)}
            if moved
            else None
        )
        reading = Reading(self.sheet, row, {**places, **more} if more else places)
        reading.searched = self.layout.places
        faults: list[tuple[str, Fault]] = list(variant.notes)
        currencies = dict(self.layout.currencies)
        values, known = reading.values, self._texts
        for name, (raw, _) in cells.items():
            value = known[name].get(raw, _UNREAD) if type(raw) is str else _UNREAD
            if value is _UNREAD:
                value = self._parse(name, raw, terse=terse)
            if isinstance(value, Found):
                self._take_more(reading, name, value, faults, currencies)
                value = value.value
            if isinstance(value, Fault):
                faults.append((name, value))
            elif value is not None:
                values[name] = value
        faults = _join_alloy(reading, cells, faults, self.answers, self._defaults)
        faults += _kind_from_name(reading, cells)
        self._settle(reading, currencies, faults)
        for name, fault in faults:  # after all values, so that each names its product and SKU
            reading.report(
                fault.code, fault.message, fault.hint, column=name,
                warning=fault.severity is Severity.WARNING, guess=fault.guess,
            )  # fmt: skip
        return reading

    def _parse(self, name: str, raw: Any, *, terse: bool) -> Any:
        said = raw
        if self.answers.values and isinstance(raw, str):
            said = self.answers.value(name, raw.strip())
        if name in _DISTINCT:
            return columns()[name].parse(Cell(said, self.notation, terse))
        key = (name, type(said), said)
        try:
            return self._memory[key]
        except (KeyError, TypeError):  # TypeError: not hashable
            value = columns()[name].parse(Cell(said, self.notation, terse))
        if self._remembered < _REMEMBERED and not terse:
            self._remembered += 1
            if type(raw) is str:
                self._texts[name][raw] = value
            else:
                self._memory[key] = value
        return value

    def _take_more(
        self,
        reading: Reading,
        name: str,
        found: Found,
        faults: list[tuple[str, Fault]],
        currencies: dict[str, frozenset[str]],
    ) -> None:
        if found.note is not None:
            faults.append((name, found.note))
        if found.currencies:
            before = currencies.get(name)
            currencies[name] = (
                (before & found.currencies or found.currencies) if before else found.currencies
            )
            if before and not before & found.currencies:
                faults.append((name, _two_currencies(before, found.currencies)))
        for part, value in found.also.items():
            other = f"{name.rpartition('_')[0]}_{part}"
            known = reading[other]
            reading.values.setdefault(other, value)
            if known is not None and known != value:
                faults.append((other, _contradicts(name, value)))

    def _settle(
        self,
        reading: Reading,
        currencies: Mapping[str, frozenset[str]],
        faults: list[tuple[str, Fault]],
    ) -> None:
        _settle_currency(reading, currencies, self.layout.currencies, self._defaults, faults)
        for name, value in self._defaults.items():
            if name == "ring_size_system" and reading["ring_size"] is None:
                continue
            if reading[name] is None and name not in ("fineness", "alloy_colour"):
                reading.values[name] = value
        if reading["currency"] in THREE_DECIMALS:
            raws = ((name, reading.raw(name)) for name in MONEY)
            faults.extend((name, _ambiguous(raw)) for name, raw in raws if is_in_thousands(raw))
        if self.earlier is not None:
            recall(reading, self.earlier)
        _one_code(reading, self.earlier)
        _size_of_other(reading)


def _as_shown(value: Any, shown_as: NumberFormat, column: Column) -> Any:
    """A number with what its format shows beside it: 0.08 as 8%, 12800 as HK$12800."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    number = Decimal(repr(value))
    if shown_as.percent and column.measure == "%":
        return f"{tidy(number * 100):f}%"
    if shown_as.currency and column.measure == "money":
        return f"{shown_as.currency}{tidy(number):f}"
    return value


def _one_code(reading: Reading, earlier: Earlier | None) -> None:
    """A sheet with one column of codes has one variant a product: its code is the SKU, too."""
    code, sku = reading["product_code"], reading["sku"]
    if sku is None and code is not None and "sku" not in reading.places:
        known = earlier.products.get(earlier.code(code)) if earlier else None
        variants = known.variants if known else ()
        if len(variants) < 2:
            reading.values["sku"] = variants[0].sku if variants else code
    if code is None and sku is not None and "product_code" not in reading.places:
        reading.values["product_code"] = sku


def _settle_currency(
    reading: Reading,
    said_where: Mapping[str, frozenset[str]],
    headers: Mapping[str, frozenset[str]],
    defaults: Mapping[str, Any],
    faults: list[tuple[str, Fault]],
) -> None:
    """The currency of headers and cells is the row's, where it has no other; two contradict."""
    said = reading["currency"]
    default = defaults.get("currency")
    for name, meant in said_where.items():
        if said is not None and said not in meant:
            where = (
                say("The header of {column} says {currencies}, the row says {currency}",
                    column=name, currencies=" / ".join(sorted(meant)), currency=said)
                if name in headers
                else say("The cell of {column} says {currencies}, the row says {currency}",
                         column=name, currencies=" / ".join(sorted(meant)), currency=said)
            )  # fmt: skip
            column = "currency" if name in headers else name
            faults.append(
                (column, Fault("currency_conflict", where, say("Correct one of the two")))
            )
            return
    if said is None and said_where:
        common = frozenset.intersection(*said_where.values())
        if len(common) == 1:
            reading.values["currency"] = next(iter(common))
            if default is not None and default not in common:
                name = next(iter(said_where))
                faults.append((name, _not_the_files(name, next(iter(common)), default)))
        elif not common:
            faults.append((next(iter(said_where)), _two_in_a_row()))
        elif default is not None and default not in common:
            name = next(iter(said_where))
            faults.append((name, _not_the_files(name, " / ".join(sorted(common)), default)))


def _join_alloy(
    reading: Reading,
    cells: Cells,
    faults: list[tuple[str, Fault]],
    answers: Answers,
    defaults: Mapping[str, Any],
) -> list[tuple[str, Fault]]:
    """Metal, fineness and colour that have cells of their own are one alloy together."""
    parts = [reading[name] or defaults.get(name) for name in ("fineness", "alloy_colour")]
    if not any(parts):
        return faults
    raw = cells["alloy"].value if "alloy" in cells else defaults.get("alloy", "")
    raw = answers.value("alloy", str(raw).strip())
    if says_nothing(raw):
        raw = ""
    column = next(
        (name for name in ("alloy", "fineness", "alloy_colour") if name in cells), "alloy"
    )
    if reading["alloy"] is not None and "-" in str(reading["alloy"]):
        raw = reading["alloy"].replace("-", " ")
    joined = alloy_words.join([part for part in (raw, *parts) if part])
    note: Fault | None = None
    if isinstance(joined, Found):
        joined, note = joined.value, joined.note
    if isinstance(joined, str):
        reading.values["alloy"] = joined
        kept = [(n, f) for n, f in faults if not (n == "alloy" and f.code == "unknown_alloy")]
        return [*kept, (column, note)] if note else kept
    if any(name == "alloy" for name, _ in faults):
        if joined is None:
            return faults
        faults = [(name, fault) for name, fault in faults if name != "alloy"]
    reading.values.pop("alloy", None)
    return [*faults, (column, joined if joined is not None else _no_alloy(raw, parts))]


def _no_alloy(raw: str, parts: list[Any]) -> Fault:
    said = " ".join(str(part) for part in (raw, *parts) if part)
    return Fault(
        "unknown_alloy",
        say("“{words}” together are no alloy", words=said[:80]),
        say("Metal, fineness and colour contradict one another, or one of them is not known"),
    )


def _kind_from_name(reading: Reading, cells: Cells) -> list[tuple[str, Fault]]:
    """What the piece is, where no column says it and its name ends with it: 18K金钻石女戒."""
    if "kind" in reading.places or reading["kind"] is not None:
        return []
    for name in cells:
        if name.startswith("name_") and isinstance(reading[name], str):
            kind = words.kind_of(reading[name])
            if isinstance(kind, str):
                reading.values["kind"] = kind
                return []
    return []


def _size_of_other(reading: Reading) -> None:
    """A size with a unit is a measure where the piece is no ring: 45cm is a necklace's length."""
    target = _SIZED.get(reading["kind"] or "")
    size = reading["ring_size"]
    if target is None or size is None or "ring_size" not in reading.places:
        return
    bare = str(size).strip()
    if bare.replace(".", "", 1).isdigit():
        return
    parsed = columns()[target].parse(Cell(bare))
    measure = parsed.value if isinstance(parsed, Found) else parsed
    if measure is not None and not isinstance(measure, Fault):
        del reading.values["ring_size"]
        reading.values.setdefault(target, measure)


def recall(reading: Reading, earlier: Earlier) -> None:
    """Spell codes as the shop does, and take what the sheet has no column for."""
    for name, spelt in (("product_code", earlier.code), ("sku", earlier.sku)):
        if reading[name] is not None:
            reading.values[name] = spelt(reading[name])
    said = reading["currency"]
    earlier.fill(reading.values, reading.places.keys())
    known = earlier.variants.get(reading["sku"] or "")
    before = known[1].price.currency if known else said
    if said is None or said == before:
        return
    kept = [name for name in MONEY if reading[name] and name not in reading.places]
    if kept:
        reading.report(
            "currency_conflict",
            say(
                "The piece was priced in {before}, and so is its {column}, which this sheet has no"
                " column for; the row says {currency}",
                before=before, column=kept[0], currency=said,
            ),
            say("Add the column {column}, in {currency}", column=kept[0], currency=said),
            column="currency",
        )  # fmt: skip


def _two_currencies(header: frozenset[str], cell: frozenset[str]) -> Fault:
    return Fault(
        "currency_conflict",
        say(
            "The header says {header}, the cell says {cell}",
            header=" / ".join(sorted(header)),
            cell=" / ".join(sorted(cell)),
        ),
        say("Correct one of the two"),
    )


def _two_in_a_row() -> Fault:
    return Fault(
        "currency_conflict",
        say("The prices of this row are in different currencies"),
        say("Write all amounts of a row in one currency"),
    )


def _not_the_files(column: str, said: str, default: str) -> Fault:
    return Fault(
        "currency_conflict",
        say(
            "{column} is in {said}, and the file was said to be in {currency}",
            column=column,
            said=said,
            currency=default,
        ),
        say("Correct one of the two"),
    )


def _contradicts(column: str, origin: str) -> Fault:
    return Fault(
        "stone_origin_disagrees",
        say("{column} says {origin}, this cell says something else", column=column, origin=origin),
        say("Correct one of the two"),
    )


def _ambiguous(text: str) -> Fault:
    return Fault(
        "ambiguous_number",
        say("“{text}” can be read in two ways in a currency of three decimals", text=text[:40]),
        say("Write it without a thousands' sign, or store the cell as a number"),
    )
