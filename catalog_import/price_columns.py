"""The columns that make a price; their headers are in `aliases`."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from catalog_import import amounts, cells, limits, words
from catalog_import.aliases import HEADERS, WEAK
from catalog_import.column import Column
from catalog_import.texts import say
from i18n.price_formula import Making

_ZERO = Decimal(0)
_PRICE = Decimal(limits.LARGEST_PRICE)


def price_columns() -> Iterator[Column]:
    """Every one, in the template's order."""
    yield Column(
        "currency",
        cells.choice(words.currencies(), "currency", slips=False, read=words.currency_of),
        say("Currency of every amount in the row, as CNY."),
        HEADERS["currency"],
        required=True,
    )
    yield Column(
        "making_kind",
        cells.choice(words.MAKING, "making kind"),
        say("How the making charge counts; metal-value where there is none and none is meant."),
        HEADERS["making_kind"],
        choices=tuple(kind.value for kind in Making),
    )
    yield _amount("making", say("Making charge: an amount a gram, an amount, or a percentage."))
    yield _amount("stones_price", say("Price of all stones."))
    yield _amount("setting_price", say("Price of setting."))
    yield _amount("finish_price", say("Price of the finish."))
    yield _amount("fixed_price", say("The whole price, where no formula is wanted."))
    yield _amount(
        "engraving_price",
        say("Price of engraving; it is in the price of every piece, engraved or not."),
    )
    yield _amount(
        "price_floor", say("The price is never below this, whatever the metal costs."), above=True
    )
    yield _amount(
        "price_ceiling", say("The price is never above this, whatever the metal costs."), above=True
    )
    yield _amount(
        "compare_at_price",
        say("Your own price before a reduction; empty when there is none."),
        above=True,
    )
    percent = amounts.units("percent", "pct") | {"%": Decimal(1)}
    yield Column(
        "loss_percent",
        amounts.decimal(_ZERO, Decimal(100), percent, share=True),
        say("Metal lost in making, in percent: 8 is 8 %."),
        HEADERS["loss_percent"],
        measure="%",
    )
    yield Column(
        "margin_percent",
        amounts.decimal(_ZERO, Decimal(limits.LARGEST_PERCENT), percent, share=True),
        say("Margin on top, in percent: 60 is 60 %."),
        HEADERS["margin_percent"],
        measure="%",
    )


def _amount(name: str, note: str, *, above: bool = False) -> Column:
    parse = amounts.money(_PRICE, above=above)
    return Column(
        name, parse, note, HEADERS.get(name, ()), measure="money", weak=WEAK.get(name, ())
    )
