"""What a header says beside the column's name: a currency, a unit, a tax.

A number is only as good as its unit. A header in brackets that names another unit than the column
is read in, another currency than the rows have, or a tax in a price that is net, is a fault: the
number would be read wrong without a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from catalog_import.cells import fold
from catalog_import.columns import Column, column_of, in_brackets, known_header, without_brackets
from catalog_import.currency_words import CURRENCY_WORDS
from catalog_import.problems import Fault
from catalog_import.texts import say

_NET = re.compile(
    r"(?:excl|exclusive|excluding|ex|without|before|net)\.?\s*(?:of\s*)?(?:vat|gst|tax(?:es)?)"
    r"|不含税|不含稅|未含税|未含稅|未税|未稅|税前|稅前|税抜",
    re.I,
)
_TAXED = re.compile(
    r"\b(?:incl|inc|inclusive|including|with|gross)\b\.?\s*(?:of\s*)?(?:vat|gst|tax(?:es)?|duty)?"
    r"|含税|含稅|税込|稅込|\bTTC\b|\bMwSt",
    re.I,
)
_NEUTRAL = frozenset(
    map(fold, ("", "required", "optional", "必填", "选填", "選填", "net", "each", "每件", "件"))
)
_UNITS = {
    "g": ("g", "gr", "gram", "grams", "克", "公克"),
    "mm": ("mm", "毫米", "公釐", "公厘"),
    "ct": ("ct", "cts", "carat", "carats", "克拉", "卡", "total", "总", "總"),
    "%": ("%", "percent", "pct", "百分比"),
}
_OTHER_UNITS = frozenset(
    fold(unit)
    for line in (
        "kg mg oz ozt dwt lb tola grain g gr gram grams 克 公克 千克 公斤 斤 钱 錢 两 兩 盎司",
        "cm m km inch inches in mm 毫米 厘米 公分 米 寸 英寸 吋",
        "ct cts carat carats 克拉 卡 分 point points pt pts ‰ permille 千分比",
    )
    for unit in line.split()
)
_HAN = r"[\u3400-\u9fff]"
_BETWEEN = re.compile(r"[\n\r/|\\;；、()（）\[\]【】]+")
# 款号 Style No. and "Style No. 款号": the script changes once.
_SWITCH = re.compile(
    rf"({_HAN}[^A-Za-z\n]*?)[\s:：\-_]*([A-Za-z][^\u3400-\u9fff]+)"
    rf"|([A-Za-z][^\u3400-\u9fff]*?)[\s:：\-_]*({_HAN}[^A-Za-z]*)"
)
_UNIT_AT_END = re.compile(
    r"(?P<head>.*?[^\W_])(?:[\s_.-]+(?:in[\s_]+)?)?(?P<unit>kg|mg|gm|gr|g|克|公克|千克|公斤|钱|錢|两|兩|盎司|oz|mm|cm|毫米|厘米"
    r"|公分|inch|inches|ct|cts|克拉|卡|分|%|％|pct)",
    re.I,
)
_PER_GRAM = re.compile(r"/\s*(?:g|gr|gram)\b|\bper\s+g(?:r|ram)?\b|每克|/\s*克|按克", re.I)
_FORWARD = re.compile(
    r"^(?P<token>[A-Za-z]{0,3}[$¥￥€£₩₹฿]|[A-Za-z]{3}(?![A-Za-z]))[\s,:_/-]*(?P<rest>.+)$"
)
_TOKENS = re.compile(r"^(?P<head>.*?)[\s,:_/-]*(?P<token>[A-Za-z]{3}|[A-Za-z]{0,3}[$¥￥€£₩₹฿])$")


@dataclass(frozen=True, slots=True)
class Header:
    """A column, the currencies its header may mean (none where it names none), and a fault."""

    column: Column
    currencies: frozenset[str] = frozenset()
    fault: Fault | None = None


@lru_cache(maxsize=4096)
def meaning(header: str) -> Header | None:
    """What a header means, or None where it names no column.

    "Price in HKD", "款号/Style No.", "金重g", "含税售价": with its currency, in two languages,
    with a unit at its end, with its tax.
    """
    plain = unicodedata.normalize("NFKC", header)
    return _single(plain) or _in_two_languages(plain) or _with_unit(plain)


def _single(header: str) -> Header | None:
    column = column_of(header)
    if column is not None:
        return _read(column, header, in_brackets(header))
    bare = without_brackets(header)
    taxed = _TAXED.search(_NET.sub("", bare)) is not None
    bare = _TAXED.sub("", _NET.sub("", bare)).strip(" ,:_/-*")
    token = ""
    column = column_of(bare)
    if column is None:
        bare, token = _currency_apart(bare)
        column = column_of(bare) if token else None
    if column is None or column.measure != "money":
        return None
    said = (*in_brackets(header), *([token] if token else ()), *(["含税"] if taxed else ()))
    return _read(column, header, said)


def _in_two_languages(header: str) -> Header | None:
    """ "款号/Style No.", or one under the other: what all known parts agree in."""
    parts = parts_of(header)
    if len(parts) < 2:
        return None
    said: list[str] = [text for text in in_brackets(header) if text not in parts]
    known: list[Header] = []
    for part in parts:
        found = _single(part)
        if found is not None:
            known.append(found)
        elif fold(part) in _OTHER_UNITS or part.lower() in CURRENCY_WORDS or fold(part) in _NEUTRAL:
            said.append(part)
        elif known_header(part) or _PRICE_WORDS.search(part) or not _translates(part, parts):
            return None
    names = {each.column.name for each in known}
    if len(names) > 1 and all(name.startswith("name_") for name in names):
        known = known[-1:]  # 产品名称 Product Name: which language it is, the cells say
    elif len(names) != 1:
        return None
    faulty = next((each for each in known if each.fault), None)
    if faulty:
        return faulty
    read = _read(known[0].column, header, tuple(said))
    currencies = [each.currencies for each in (*known, read) if each.currencies]
    return replace(
        read, currencies=frozenset.intersection(*currencies) if currencies else frozenset()
    )


def _translates(part: str, parts: Sequence[str]) -> bool:
    """Whether an unknown part may be the other language of a known one: one Latin, one Chinese."""
    return any(part.isascii() != other.isascii() for other in parts)


def parts_of(header: str) -> tuple[str, ...]:
    """The parts of a header in two languages: at lines, slashes, brackets, or where the script
    changes. One part where there is nothing to split."""
    pieces = [each for each in _BETWEEN.split(header) if each.strip(" *:")]
    if len(pieces) < 2:
        switched = _SWITCH.fullmatch(header.strip())
        pieces = [each for each in switched.groups() if each] if switched else pieces
    return tuple(piece.strip(" *:：-") for piece in pieces)


def _with_unit(header: str) -> Header | None:
    """ "金重g", "Weight_g", "length in mm": the unit is held against the column's own."""
    tail = _UNIT_AT_END.fullmatch(header.strip(" *"))
    if tail is None:
        return None
    column = column_of(tail["head"])
    if column is None or column.measure not in _UNITS:
        return None
    return _read(column, header, (tail["unit"],))


def _currency_apart(words: str) -> tuple[str, str]:
    """ "Price in HKD" or "HKD price" as ("Price", "HKD"); ("", "") where no currency is named."""
    forward = _FORWARD.match(words)
    if forward and forward["token"].lower() in CURRENCY_WORDS:
        return forward["rest"], forward["token"]
    back = _TOKENS.match(words)
    if back and back["token"].lower() in CURRENCY_WORDS:
        return re.sub(r"\s+in$", "", back["head"].strip(), flags=re.I), back["token"]
    for word in sorted(CURRENCY_WORDS, key=len, reverse=True):
        if len(word) > 1 and not word.isascii() and word in words:
            return words.replace(word, ""), word
    return "", ""


def _read(column: Column, header: str, said: tuple[str, ...]) -> Header:
    if column.measure == "money":
        return _money(column, header, said)
    units = _UNITS.get(column.measure, ())
    for text in said:
        if units and fold(text) in _OTHER_UNITS and fold(text) not in map(fold, units):
            return Header(column, fault=_unit(column, header, text, units[0]))
    return Header(column)


def _money(column: Column, header: str, said: tuple[str, ...]) -> Header:
    currencies: frozenset[str] = frozenset()
    for text in said:
        known = CURRENCY_WORDS.get(text.lower().strip(" .:/"))
        per_gram = _PER_GRAM.search(text)
        if known:
            currencies = currencies & known or known
        elif _TAXED.search(_NET.sub("", text)):
            return Header(column, fault=_with_tax(column, header))
        elif per_gram and column.name == "making":
            currencies = CURRENCY_WORDS.get(text[: per_gram.start()].strip().lower(), currencies)
        elif fold(_NET.sub("", text)) not in _NEUTRAL and column_of(text) is not column:
            return Header(column, fault=_not_understood(column, header, text))
    return Header(column, currencies)


def _unit(column: Column, header: str, text: str, unit: str) -> Fault:
    return Fault(
        "unit_in_header",
        say(
            "“{header}” counts in {other}, and {column} is read in {unit}",
            header=header[:80],
            other=text[:40],
            column=column.name,
            unit=unit,
        ),
        say(
            "Convert the column to {unit} and write “{column}” above it",
            unit=unit,
            column=column.name,
        ),
    )


def _with_tax(column: Column, header: str) -> Fault:
    return Fault(
        "price_with_tax",
        say(
            "“{header}” holds tax, and {column} is read as a price without it",
            header=header[:80],
            column=column.name,
        ),
        say("Write prices without tax, under “{column}”", column=column.name),
    )


def _not_understood(column: Column, header: str, text: str) -> Fault:
    return Fault(
        "unit_in_header",
        say(
            "“{header}” looks like {column}, but what “{word}” does to it is not known",
            header=header[:80],
            column=column.name,
            word=text[:40],
        ),
        say("Write plain amounts of the row's currency under “{column}”", column=column.name),
    )


_PRICE_WORDS = re.compile(
    r"\b(?:prices?|pricing|rrp|msrp|srp|mrp|costs?|charges?|fees?|amounts?|tarif|prix|preise?"
    r"|precios?|prezzo|harga)\b|价|價|费|費|金额|金額|値段|料金|단가|가격|ราคา|سعر",
    re.I,
)
_NO_PRICE_WORDS = re.compile(r"评价|評價|免费|免費|消费|消費|性价比|性價比")
_SIGN = r"(?:[A-Za-z]{0,3}[$¥￥€£₩₹฿]|CNY|RMB|HKD|USD|EUR|GBP|JPY|人民币|港币|港幣)"
_MONEY = re.compile(
    rf"\s*(?:{_SIGN}\s*[\d.,'\s]*\d(?:\s*[kK万萬])?|\d[\d.,'\s]*\s*(?:{_SIGN}|元|円|万|萬|港元|美元))\s*",
    re.I,
)


def sounds_like_a_price(header: str) -> bool:
    """Whether a header that means no column speaks of money."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", header)
    return bool(_PRICE_WORDS.search(_NO_PRICE_WORDS.sub("", words)))


def is_money(value: object) -> bool:
    """Whether a cell's text is an amount with its currency: "HK$12,800", "1250.00 USD"."""
    return isinstance(value, str) and len(value) < 60 and bool(_MONEY.fullmatch(value))
