"""One row of a sheet becomes one variant, with its passport, or a list of problems."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from catalog_import import limits, ring_size
from catalog_import.cells import Cell
from catalog_import.columns import STONE_GROUPS, columns
from catalog_import.drafts import VariantDraft
from catalog_import.earlier import Earlier
from catalog_import.layout import Layout
from catalog_import.numbers import Notation
from catalog_import.problems import Fault, Problem, Severity, shown
from catalog_import.scripts import foreign_share
from catalog_import.sheets import Row, address
from i18n.errors import I18nError
from i18n.passport import MetalPart, Passport, Stone, StoneOrigin
from i18n.price_formula import Making, PriceFormula

DIMENSIONS = ("inner_diameter", "width", "height", "depth", "length")
# What makes a price more than its metal. Stones and a floor do not pay for the work.
MONEY = tuple(column.name for column in columns().values() if column.measure == "money")
NO_PRICE = "price"  # what `Reading.lacking` calls it when none of these columns is there
PRICE_COLUMNS = ("fixed_price", "making", "margin_percent", "setting_price", "finish_price")


@dataclass(slots=True)
class Reading:
    """A parsed row: values by column name (None where empty), and the cell of each."""

    sheet: str
    row: Row
    places: Mapping[str, int]  # column name → index of its cell
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    lacking: set[str] = field(default_factory=set)  # columns that it needs and the sheet has not

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
        self, code: str, message: str, hint: str = "", *, column: str, warning: bool = False
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
            )
        )

    def in_order(self) -> list[Problem]:
        """The problems from left to right."""
        return sorted(self.problems, key=lambda problem: self.places.get(problem.column, -1))

    @property
    def is_sound(self) -> bool:
        """Whether the row has no error so far."""
        return not self.lacking and not any(problem.is_error for problem in self.problems)


def read(
    sheet: str,
    row: Row,
    layout: Layout,
    notation: Notation,
    *,
    earlier: Earlier | None = None,
    terse: bool = False,
) -> Reading:
    """Parse every cell of a row; what cannot be read is reported and counts as empty.

    What the sheet has no column for is taken from `earlier`, where the shop has the piece already.
    """
    reading = Reading(sheet, row, {column.name: index for index, column in layout.columns.items()})
    faults: list[tuple[str, Fault]] = []
    for index, column in layout.columns.items():
        raw = row.values[index] if index < len(row.values) else None
        if raw is None or raw == "":
            continue
        value = column.parse(Cell(raw, notation, terse))
        if isinstance(value, Fault):
            faults.append((column.name, value))
        elif value is not None:
            reading.values[column.name] = value
    _settle_currency(reading, layout.currencies)
    if earlier is not None:
        _recall(reading, earlier)
    for name, fault in faults:  # after all values, so that each names its product and SKU
        reading.report(
            fault.code,
            fault.message,
            fault.hint,
            column=name,
            warning=fault.severity is Severity.WARNING,
        )
    return reading


def _settle_currency(reading: Reading, named: Mapping[str, frozenset[str]]) -> None:
    """The currency of the headers is the row's, where it has no other; two are a contradiction."""
    said = reading["currency"]
    for name, currencies in named.items():
        if said is not None and said not in currencies:
            reading.report(
                "currency_conflict",
                f"The header of {name} says {' or '.join(sorted(currencies))}, the row says {said}",
                "Correct one of the two",
                column="currency",
            )
            return
    if said is None and named:
        common = frozenset.intersection(*named.values())
        if len(common) == 1:
            reading.values["currency"] = next(iter(common))


def _recall(reading: Reading, earlier: Earlier) -> None:
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
            f"The piece was priced in {before}, and so is its {kept[0]}, which this sheet has no"
            f" column for; the row says {said}",
            f"Add the column {kept[0]}, in {said}",
            column="currency",
        )


def require(reading: Reading, name: str) -> bool:
    """Whether a required value is there. An empty cell is reported; a missing column is noted."""
    if reading[name] is not None:
        return True
    if name not in reading.places:
        reading.lacking.add(name)
    elif not any(problem.column == name for problem in reading.problems):
        reading.report("missing_value", f"{name} is empty", "Fill the cell", column=name)
    return False


def check_texts(reading: Reading) -> None:
    """Report names and descriptions in letters that their language's readers do not read."""
    for name, value in reading.values.items():
        kind, _, language = name.partition("_")
        if kind not in ("name", "description") or not reading.raw(name):
            continue
        share = foreign_share(value, language)
        if share > 0:
            reading.report(
                "wrong_script",
                f"{name} is {'not' if share > 0.5 else 'not all'} in letters that its readers know",
                f"Write it in the language of {name}, and other languages in their own columns",
                column=name,
                warning=share <= 0.5,
            )


def variant(reading: Reading, *, metal_value: bool = False) -> VariantDraft | None:
    """The row's variant, or None when a problem of the row forbids it.

    `metal_value` says that the brand sells at the metal's value wherever it names no price.
    """
    for name in ("sku", "alloy", "grams", "currency"):
        require(reading, name)
    check_texts(reading)
    size = _ring_size(reading)
    price = _price(reading, metal_value=metal_value)
    passport = _passport(reading, size)
    if passport is None or price is None or not reading.is_sound:
        return None
    return VariantDraft(
        sku=reading["sku"],
        passport=passport,
        ring_size_label=size.label if size else "",
        ring_size_system=size.system if size else "",
        price=price,
        stock=reading["stock"] or 0,
        made_to_order_days=reading["made_to_order_days"],
    )


def _passport(reading: Reading, size: ring_size.RingSize | None) -> Passport | None:
    metals = _metals(reading)
    stones = [stone for n in range(1, STONE_GROUPS + 1) if (stone := _stone(reading, n))]
    if reading["kind"] is None or not metals or not reading.is_sound:
        return None
    build: Callable[[], Passport] = lambda: Passport(  # noqa: E731 - named to be tried below
        kind=reading["kind"],
        metals=metals,
        stones=tuple(stones),
        hallmarks=reading["hallmarks"] or (),
        origin=reading["origin"] or "",
        hs_code=reading["hs_code"] or "",
        ring_size_mm=size.circumference_mm if size else None,
        dimensions_mm={
            name: reading[f"{name}_mm"] for name in DIMENSIONS if reading[f"{name}_mm"] is not None
        },
        finish=reading["finish"] or "polished",
        plating=reading["plating"] or "",
        substances=reading["substances"] or (),
        certificates=reading["certificates"] or (),
    )
    return _tried(reading, "kind", build)


def _metals(reading: Reading) -> tuple[MetalPart, ...]:
    parts: list[MetalPart] = []
    for alloy, grams in (("alloy", "grams"), ("alloy_2", "grams_2")):
        if reading[alloy] is not None and reading[grams] is not None:
            parts.append(MetalPart(reading[alloy], reading[grams]))
        elif alloy == "alloy_2" and (reading[alloy] or reading[grams]):
            lacking = alloy if reading[alloy] is None else grams
            reading.report(
                "incomplete_alloy",
                f"{alloy} and {grams} go together",
                "Fill both or neither",
                column=lacking,
            )
    return tuple(parts)


def _stone(reading: Reading, n: int) -> Stone | None:
    prefix = f"stone_{n}_"
    given = {name for name, value in reading.values.items() if name.startswith(prefix)}
    if not given:
        return None
    needed = [f"{prefix}{part}" for part in ("kind", "count", "carat")]
    lacking = [name for name in needed if reading[name] is None]
    for name in lacking:
        if not any(problem.column == name for problem in reading.problems):
            reading.report(
                "incomplete_stone",
                f"Stone {n} has no {name.removeprefix(prefix)}",
                "A stone needs kind, count and carat (of all together)",
                column=name,
            )
    if lacking:
        return None
    return _tried(
        reading,
        f"{prefix}kind",
        lambda: Stone(
            kind=reading[f"{prefix}kind"],
            count=reading[f"{prefix}count"],
            carat=reading[f"{prefix}carat"],
            origin=StoneOrigin(reading[f"{prefix}origin"] or StoneOrigin.UNKNOWN),
            treatment=reading[f"{prefix}treatment"] or "unknown",
            cut=reading[f"{prefix}cut"] or "",
            report=reading[f"{prefix}report"] or "",
            country=reading[f"{prefix}country"] or "",
        ),
    )


def _tried[T](reading: Reading, column: str, build: Callable[[], T]) -> T | None:
    """What `build` makes; what the passport itself refuses becomes a problem of the row."""
    try:
        return build()
    except I18nError as error:
        reading.report(error.code, error.message, error.hint, column=column)
        return None


def _ring_size(reading: Reading) -> ring_size.RingSize | None:
    if reading["kind"] is None:
        return None
    if reading["kind"] != "ring":
        for name in ("ring_size", "ring_size_system"):
            if reading[name] is not None:
                reading.report(
                    "ring_size_on_other",
                    f"A {reading['kind']} has no ring size",
                    "Empty the cell, or use the measures in mm",
                    column=name,
                )
        return None
    found = ring_size.resolve(
        reading["ring_size"], reading["ring_size_system"], reading["inner_diameter_mm"]
    )
    if isinstance(found, Fault):
        reading.report(found.code, found.message, found.hint, column="ring_size")
        return None
    if found.disagreement:
        reading.report(
            "ring_size_disagrees",
            found.disagreement,
            "Correct one of the two",
            column="inner_diameter_mm",
            warning=True,
        )
    return found


def _price(reading: Reading, *, metal_value: bool) -> PriceFormula | None:
    kind, making, fixed = (
        Making(reading["making_kind"] or Making.NONE),
        reading["making"],
        reading["fixed_price"],
    )
    if not kind.is_free and making is None:
        reading.report(
            "missing_value",
            f"A making charge “{kind}” needs its figure",
            "Fill making",
            column="making",
        )
    if kind.is_free and making:
        reading.report(
            "making_without_kind",
            f"A making charge of {making} is given, but not how it counts",
            "Set making_kind to per-gram, fixed or percent",
            column="making_kind",
        )
    if kind is Making.PERCENT and making is not None and making > limits.LARGEST_PERCENT:
        reading.report(
            "out_of_range",
            f"A making charge of {making} % of the metal is not from 0 to {limits.LARGEST_PERCENT}",
            "Is it an amount? Then set making_kind to per-gram or fixed",
            column="making",
        )
    if fixed is not None and fixed == 0:
        reading.report(
            "out_of_range",
            "A fixed price of 0 gives it away",
            "Empty the cell",
            column="fixed_price",
        )
    if not metal_value and kind is not Making.METAL_VALUE:
        _require_price(reading)
    _fixed_price_of_before(reading)
    _check_order(reading)
    if reading["currency"] is None or not reading.is_sound:
        return None
    nothing = Decimal(0)
    price = PriceFormula(
        currency=reading["currency"],
        making_kind=kind,
        making=making or nothing,
        stones=reading["stones_price"] or nothing,
        setting=reading["setting_price"] or nothing,
        finish=reading["finish_price"] or nothing,
        loss_percent=reading["loss_percent"] or nothing,
        margin_percent=reading["margin_percent"] or nothing,
        fixed=fixed,
        engraving=reading["engraving_price"] or nothing,
        floor=reading["price_floor"],
        ceiling=reading["price_ceiling"],
        compare_at=reading["compare_at_price"],
    )
    _check_bounds(price, reading)
    return price


def _require_price(reading: Reading) -> None:
    """A row that names no price and no work would be sold for its metal: never by mistake."""
    if any(reading[name] for name in PRICE_COLUMNS):
        return
    if any(problem.column in (*PRICE_COLUMNS, "making_kind") for problem in reading.problems):
        return
    there = [name for name in PRICE_COLUMNS if name in reading.places]
    if not there:
        reading.lacking.add(NO_PRICE)
        return
    reading.report(
        "no_price",
        "The row has neither a price nor a making charge: it would be sold for its metal alone",
        f"Fill {' or '.join(there)}; where that is meant, set making_kind to {Making.METAL_VALUE}",
        column=there[0],
    )


def _fixed_price_of_before(reading: Reading) -> None:
    """A fixed price that the sheet has no column for still holds, over the formula that it has."""
    if reading["fixed_price"] is None or "fixed_price" in reading.places:
        return
    formula = ("making", "margin_percent", "setting_price", "finish_price", "stones_price")
    given = [name for name in formula if name in reading.places and reading[name]]
    if given:
        reading.report(
            "fixed_price_holds",
            f"The piece has a fixed price of {reading['fixed_price']} from an earlier sheet, so"
            f" {given[0]} does nothing",
            "Add an empty column fixed_price to go over to the formula",
            column=given[0],
            warning=True,
        )


def _check_order(reading: Reading) -> None:
    floor, ceiling = reading["price_floor"], reading["price_ceiling"]
    if floor is not None and ceiling is not None and floor > ceiling:
        reading.report(
            "floor_above_ceiling",
            f"The price cannot be at least {floor} and at most {ceiling}",
            "Correct one of the two",
            column="price_floor",
        )


def _check_bounds(price: PriceFormula, reading: Reading) -> None:
    """What can be known of a price without the metal's rate, which is only that it costs."""
    floor, ceiling = price.floor, price.ceiling
    grams = (reading["grams"] or 0) + (reading["grams_2"] or 0)
    work = price.making * grams if price.making_kind is Making.PER_GRAM else Decimal(0)
    if price.at_least + work * price.margin_factor > limits.LARGEST_PRICE:
        reading.report(
            "out_of_range",
            f"The price comes to more than {limits.LARGEST_PRICE:,}, before the metal",
            "Check the amounts of this row",
            column=next((name for name in PRICE_COLUMNS if reading[name]), "stones_price"),
        )
        return
    if price.fixed is not None and (floor is not None or ceiling is not None):
        reading.report(
            "bounds_unused",
            "A fixed price does not move, so its floor and ceiling do nothing",
            "Empty fixed_price, or price_floor and price_ceiling",
            column="price_ceiling" if floor is None else "price_floor",
            warning=True,
        )
    free = replace(price, floor=None, ceiling=None).at_least
    if price.fixed is None and ceiling is not None and free >= ceiling:
        reading.report(
            "ceiling_always_holds",
            f"Without the metal the parts come to {free} already, so the price is always {ceiling}",
            "Raise price_ceiling, or set fixed_price",
            column="price_ceiling",
            warning=True,
        )
    if price.compare_at is not None and price.compare_at <= price.at_least:
        reading.report(
            "no_reduction",
            f"{price.compare_at} is no price before a reduction: the price is at least"
            f" {price.at_least}",
            "Empty the cell, or lower the price",
            column="compare_at_price",
        )
