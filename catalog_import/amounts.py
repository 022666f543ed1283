"""Parsers of numbers: weights and lengths with their units, percentages, counts, and money."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import Any

from catalog_import.cells import Cell, Found, Parser, as_text, fold, says_nothing
from catalog_import.chinese_numbers import chinese_number
from catalog_import.currency_words import CURRENCY_WORDS
from catalog_import.numbers import Notation, read_decimal, tidy
from catalog_import.problems import Fault, Severity
from catalog_import.texts import say

_ONE = Decimal(1)
_ABOUT = re.compile(r"^(?:约|約|大约|大約|≈|~|～|approx\.?|ca\.?|about|±)\s*|\s*(?:左右|±)$", re.I)
_CHINESE = "〇零一二三四五六七八九十百千万点點两兩壹贰叁肆伍陆柒捌玖拾佰仟"
_UNIT = re.compile(rf"(?P<number>[{_CHINESE}]+|.*?[\d.½¼¾])\s*(?P<unit>[^\d.,\s].*)?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+")
# Units whose size depends on who says them: never converted.
_UNCERTAIN = frozenset(
    map(
        fold,
        ["钱", "錢", "两", "兩", "斤", "tael", "mace", "tola", "oz", "ounce", "ounces", "盎司"],
    )
)
_MULTIPLES = {"万": 10_000, "萬": 10_000, "千": 1000, "k": 1000, "w": 10_000}

type Units = dict[str, Decimal]
"""A unit's folded name → how many of the column's own unit it is."""


def units(*own: str, **others: str) -> Units:
    """The column's own unit in its spellings, and others by their size: units("g", mg="0.001")."""
    table = {fold(name): _ONE for name in own}
    return table | {fold(name): Decimal(size) for name, size in others.items()}


def decimal(
    low: Decimal,
    high: Decimal,
    known: Units | None = None,
    *,
    above: bool = False,
    share: bool = False,
) -> Parser:
    """A number from `low` to `high` (`above`: more than `low`), with one of the units or none.

    `share` warns of a percentage below one: a cell formatted as 15 % holds 0.15.
    """
    table = known or {}

    def parse(cell: Cell) -> Any:
        number = _number(cell, table)
        if number is None or isinstance(number, Fault):
            return number
        value = number.value if isinstance(number, Found) else number
        if value < low or value > high or (above and value == low):
            return _out_of_range(value, low, high, above=above)
        if share and 0 < value < 1:
            return Fault(
                "percent_below_one",
                say("{number} would be {number} %, which is hardly meant", number=str(value)),
                say("Write {percent} for {percent} %", percent=str(tidy(value * 100))),
                guess=str(tidy(value * 100)),
            )
        return number

    return parse


def whole(low: int, high: int, *names: str) -> Parser:
    """A whole number from `low` to `high`."""
    number = decimal(Decimal(low), Decimal(high), units(*names))

    def parse(cell: Cell) -> Any:
        found = number(cell)
        value = found.value if isinstance(found, Found) else found
        if value is None or isinstance(value, Fault):
            return value
        if value != int(value):
            return Fault(
                "not_whole",
                say("{number} is not a whole number", number=str(value)),
                say("Pieces and days are counted"),
            )
        return int(value)

    return parse


def money(high: Decimal, *, above: bool = False) -> Parser:
    """An amount of money, with its currency or without: "HK$12,800", "1.28万", "1250.00 USD".

    The currencies that the cell names come with it, to be held against the row's. In a text, a
    comma before three digits is a thousands' sign: money has no three decimals, save in the
    currencies of `THREE_DECIMALS`, which the row then refuses.
    """

    def parse(cell: Cell) -> Any:
        if not isinstance(cell.value, str):
            value: Any = _number(cell, {})
            currencies: frozenset[str] = frozenset()
        else:
            words = as_text(cell)
            if isinstance(words, Fault) or not words or says_nothing(words):
                return words if isinstance(words, Fault) else None
            bare, currencies = _without_currency(unicodedata.normalize("NFKC", words))
            value = _money_number(bare, words, cell)
        note = value.note if isinstance(value, Found) else None
        amount = value.value if isinstance(value, Found) else value
        if amount is None or isinstance(amount, Fault):
            return amount
        if amount < 0 or amount > high or (above and amount == 0):
            return _out_of_range(amount, Decimal(0), high, above=above)
        return Found(amount, currencies, note) if currencies or note else amount

    return parse


def _money_number(bare: str, words: str, cell: Cell) -> Any:
    times = _ONE
    if len(bare) > 1 and (size := _MULTIPLES.get(bare[-1].lower())) and bare[-2].isdigit():
        bare, times = bare[:-1].rstrip(), Decimal(size)
    if times == 1 and cell.notation is not Notation.COMMA and _THOUSANDS.fullmatch(bare):
        return tidy(Decimal(bare.replace(",", "")))
    value = _number(Cell(bare, cell.notation, cell.terse), {})
    if isinstance(value, Fault):
        if value.code != "not_a_number":
            return value
        return Fault(value.code, say("“{text}” is not a number", text=words[:60]), value.hint)
    if isinstance(value, Found):
        return Found(tidy(value.value * times), note=value.note)
    return None if value is None else tidy(value * times)


@lru_cache(maxsize=1)
def _signs() -> re.Pattern[str]:
    words = sorted(CURRENCY_WORDS, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)), re.I)


def _without_currency(text: str) -> tuple[str, frozenset[str]]:
    """The text before, between or behind its currency words, and what they may mean together."""
    said: frozenset[str] = frozenset()
    bare = text.strip().removesuffix("/件").removesuffix("/-").removesuffix("起").removesuffix("整")
    for _ in range(2):  # "RMB ¥1,200", "HK$ 1,200元"
        sign = _signs().match(bare)
        if sign is None:
            sign = _last(bare)
        if sign is None:
            break
        rest = bare[sign.end() :] if sign.start() == 0 else bare[: sign.start()]
        if not any(each.isdigit() or each in "一二三四五六七八九十百千万" for each in rest):
            break
        meant = CURRENCY_WORDS[sign[0].lower()]
        said = (said & meant or meant) if said else meant
        bare = rest.strip(" :：/")
    return bare.strip(), said


def _last(text: str) -> re.Match[str] | None:
    found = None
    for match in _signs().finditer(text):
        if match.end() == len(text.rstrip(" .")):
            found = match
    return found


def _number(cell: Cell, known: Units) -> Any:
    """The number with its unit taken in; a Found where the cell says that it is not exact."""
    value = cell.value
    if isinstance(value, bool):
        return _not_a_number(str(value))
    if isinstance(value, int):
        return Decimal(value) if abs(value) < 10**18 else _far_too_large(str(value))
    if isinstance(value, float):
        # repr gives the shortest number that is this float: what the author typed, not its binary.
        return tidy(Decimal(repr(value))) if abs(value) < 1e18 else _not_a_number(str(value))
    words = as_text(cell)
    if isinstance(words, Fault) or not words or says_nothing(words):
        return words if isinstance(words, Fault) else None
    plain = unicodedata.normalize("NFKC", words)  # "3.2ｇ" and "8％" have their unit, too
    exact = _ABOUT.sub("", plain)
    number = _with_unit(exact, words, cell, known)
    if exact == plain or isinstance(number, Fault):
        return number
    note = Fault(
        "about",
        say("“{text}” is not exact; it is read as {number}", text=words[:40], number=str(number)),
        say("Write the weight or measure itself"),
        Severity.WARNING,
    )
    return Found(number, note=note)


def _with_unit(text: str, words: str, cell: Cell, known: Units) -> Any:
    parts = _UNIT.fullmatch(text.strip())
    unit = fold(parts["unit"]) if parts and parts["unit"] else ""
    if not unit and parts and parts["unit"]:
        unit = parts["unit"].strip()  # "%" and the inch mark fold to nothing
    if parts and unit:
        if unit in _UNCERTAIN and unit not in known:
            return _uncertain(parts["unit"])
        size = known.get(unit)
        if size is None:
            return read_decimal(words, cell.notation)
        number = _plain(parts["number"], cell)
        return number if isinstance(number, Fault) else tidy(number * size)
    number = _plain(text, cell)
    if isinstance(number, Fault) and number.code == "not_a_number":
        return read_decimal(words, cell.notation)
    return number


def _plain(text: str, cell: Cell) -> Any:
    chinese = chinese_number(text.strip()) if not text.isascii() else None
    return chinese if chinese is not None else read_decimal(text, cell.notation)


def _out_of_range(value: Decimal, low: Decimal, high: Decimal, *, above: bool) -> Fault:
    wrong = (
        say("{number} is not from more than {low} to {high}", number=value, low=low, high=high)
        if above
        else say("{number} is not from {low} to {high}", number=value, low=low, high=high)
    )
    return Fault("out_of_range", wrong, say("Check the unit"))


def _not_a_number(text: str) -> Fault:
    return Fault(
        "not_a_number", say("“{text}” is not a number", text=text[:60]), say("Write it as 1234.5")
    )


def _far_too_large(text: str) -> Fault:
    return Fault(
        "out_of_range", say("{number} is far too large", number=text[:60]), say("Check the unit")
    )


def _uncertain(unit: str) -> Fault:
    return Fault(
        "uncertain_unit",
        say("{unit} is not the same weight everywhere", unit=unit[:20]),
        say("Weigh it and write grams: 钱, 两 and ounces differ between places and trades"),
    )


def is_in_thousands(text: str) -> bool:
    """Whether the text is digits with one comma before three: 1,250."""
    return text.count(",") == 1 and bool(_THOUSANDS.fullmatch(text.strip()))
