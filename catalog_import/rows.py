"""One row of a sheet becomes one variant, with its passport, or a list of problems."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from catalog_import import limits, ring_size
from catalog_import.columns import STONE_GROUPS, columns
from catalog_import.drafts import VariantDraft
from catalog_import.problems import Fault
from catalog_import.reading import Reading
from catalog_import.scripts import foreign_share
from catalog_import.texts import say
from i18n.errors import I18nError
from i18n.passport import MetalPart, Passport, Stone, StoneOrigin
from i18n.price_formula import Making, PriceFormula

DIMENSIONS = ("inner_diameter", "width", "height", "depth", "length")
NO_PRICE = "price"  # what `Reading.lacking` calls it when none of PRICE_COLUMNS is there
# What makes a price more than its metal. Stones and a floor do not pay for the work.
PRICE_COLUMNS = ("fixed_price", "making", "margin_percent", "setting_price", "finish_price")

_TEXTS = {
    name: name.partition("_")[2] for name in columns() if name.startswith(("name_", "description_"))
}
_STONE_COLUMNS = {
    n: frozenset(name for name in columns() if name.startswith(f"stone_{n}_"))
    for n in range(1, STONE_GROUPS + 1)
}


def require(reading: Reading, name: str) -> bool:
    """Whether a required value is there. An empty cell is reported; a missing column is noted."""
    if reading[name] is not None:
        return True
    if reading.blames(name):
        return False
    if name in reading.searched:
        reading.report(
            "not_in_export",
            say("Nothing in the export says {column} for certain", column=name),
            say("Add the column {column} to the file, or answer it once for the file", column=name),
            column=name,
        )
    elif name not in reading.places:
        reading.lacking.add(name)
    else:
        reading.report(
            "missing_value",
            say("{column} is empty", column=name),
            say("Fill the cell"),
            column=name,
        )
    return False


def require_name(reading: Reading) -> None:
    """A product has a name. Without an English one it is held back where English is read."""
    if reading["name_en"] is not None:
        return
    named = [name for name, value in reading.values.items() if name.startswith("name_") and value]
    if not named:
        require(reading, "name_en")
        return
    reading.report(
        "no_english_name",
        say("{column} has no English beside it", column=named[0]),
        say(
            "The piece is imported, and not offered where its language is not read; add name_en, or"
            " translate it after the import"
        ),
        column="name_en" if "name_en" in reading.places else named[0],
        warning=True,
    )


def check_texts(reading: Reading) -> None:
    """Report names and descriptions in letters that their language's readers do not read."""
    for name, language in _TEXTS.items():
        value = reading.values.get(name)
        if value is None:
            continue
        share = foreign_share(value, language)
        if share > 0 and reading.raw(name):
            reading.report(
                "wrong_script",
                say("{column} is not in letters that its readers know", column=name)
                if share > 0.5
                else say("{column} is not all in letters that its readers know", column=name),
                say(
                    "Write it in the language of {column}, and other languages in their own"
                    " columns",
                    column=name,
                ),
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
                say("{alloy} and {grams} go together", alloy=alloy, grams=grams),
                say("Fill both or neither"),
                column=lacking,
            )
    return tuple(parts)


def _stone(reading: Reading, n: int) -> Stone | None:
    prefix = f"stone_{n}_"
    if reading.values.keys().isdisjoint(_STONE_COLUMNS[n]):
        return None
    needed = [f"{prefix}{part}" for part in ("kind", "count", "carat")]
    lacking = [name for name in needed if reading[name] is None]
    for name in lacking:
        if not any(problem.column == name for problem in reading.problems):
            reading.report(
                "incomplete_stone",
                say("Stone {n} has no {part}", n=n, part=name.removeprefix(prefix)),
                say("A stone needs kind, count and carat (of all together)"),
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
                    say("A {kind} has no ring size", kind=reading["kind"]),
                    say("Empty the cell, or use the measures in mm"),
                    column=name,
                )
        return None
    if reading.blames("ring_size", "ring_size_system", "inner_diameter_mm"):
        return None  # a date, a formula: named already
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
            say("Correct one of the two"),
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
            say("A making charge “{kind}” needs its figure", kind=kind),
            say("Fill making"),
            column="making",
        )
    if kind.is_free and making:
        reading.report(
            "making_without_kind",
            say("A making charge of {making} is given, but not how it counts", making=making),
            say("Set making_kind to per-gram, fixed or percent"),
            column="making_kind",
        )
    if kind is Making.PERCENT and making is not None and making > limits.LARGEST_PERCENT:
        reading.report(
            "out_of_range",
            say(
                "A making charge of {making} percent of the metal is not from 0 to {limit}",
                making=making,
                limit=limits.LARGEST_PERCENT,
            ),
            say("Is it an amount? Then set making_kind to per-gram or fixed"),
            column="making",
        )
    if fixed is not None and fixed == 0:
        reading.report(
            "out_of_range",
            say("A fixed price of 0 gives it away"),
            say("Empty the cell"),
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
    if reading.blames(*PRICE_COLUMNS, "making_kind"):
        return
    there = [name for name in PRICE_COLUMNS if name in reading.places]
    if not there:
        reading.lacking.add(NO_PRICE)
        return
    reading.report(
        "no_price",
        say(
            "The row has neither a price nor a making charge: it would be sold for its metal alone"
        ),
        say(
            "Fill {words}; where that is meant, set making_kind to {metal_value}",
            words=" or ".join(there),
            metal_value=Making.METAL_VALUE,
        ),
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
            say(
                "The piece has a fixed price of {fixed_price} from an earlier sheet, so {column}"
                " does nothing",
                fixed_price=reading["fixed_price"],
                column=given[0],
            ),
            say("Add an empty column fixed_price to go over to the formula"),
            column=given[0],
            warning=True,
        )


def _check_order(reading: Reading) -> None:
    floor, ceiling = reading["price_floor"], reading["price_ceiling"]
    if floor is not None and ceiling is not None and floor > ceiling:
        reading.report(
            "floor_above_ceiling",
            say(
                "The price cannot be at least {floor} and at most {ceiling}",
                floor=floor,
                ceiling=ceiling,
            ),
            say("Correct one of the two"),
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
            say(
                "The price comes to more than {limit}, before the metal",
                limit=f"{limits.LARGEST_PRICE:,}",
            ),
            say("Check the amounts of this row"),
            column=next((name for name in PRICE_COLUMNS if reading[name]), "stones_price"),
        )
        return
    if price.fixed is not None and (floor is not None or ceiling is not None):
        reading.report(
            "bounds_unused",
            say("A fixed price does not move, so its floor and ceiling do nothing"),
            say("Empty fixed_price, or price_floor and price_ceiling"),
            column="price_ceiling" if floor is None else "price_floor",
            warning=True,
        )
    if price.fixed is not None or ceiling is None:
        free = Decimal(0)
    else:
        free = replace(price, floor=None, ceiling=None).at_least
    if price.fixed is None and ceiling is not None and free >= ceiling:
        reading.report(
            "ceiling_always_holds",
            say(
                "Without the metal the parts come to {free} already, so the price is always"
                " {ceiling}",
                free=free,
                ceiling=ceiling,
            ),
            say("Raise price_ceiling, or set fixed_price"),
            column="price_ceiling",
            warning=True,
        )
    if price.compare_at is not None and price.compare_at <= price.at_least:
        reading.report(
            "no_reduction",
            say(
                "{compare_at} is no price before a reduction: the price is at least {at_least}",
                compare_at=price.compare_at,
                at_least=price.at_least,
            ),
            say("Empty the cell, or lower the price"),
            column="compare_at_price",
        )
