"""Languages: which there are, how each system spells them, and money, dates and numbers in them.

This is the one list of them: settings, addresses, sheets, Saleor and payment pages read it. A
language is one line in _LANGUAGES and a folder in i18n/locale (docs/adding-a-language.md).

The one spelling inside Pavilion is BCP 47 ("zh-Hant"). Django writes it "zh-hant", gettext's
folders "zh_Hant", CLDR "zh_Hant_HK" with a territory.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import format_date as _format_date
from babel.lists import format_list as _format_list
from babel.numbers import format_currency, format_decimal, format_percent

from i18n.errors import UnknownCode
from i18n.money import Money


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the interface. `falls_back` is the stated chain, English always last."""

    code: str
    name: str
    falls_back: tuple[str, ...]

    @property
    def django(self) -> str:
        """Django's code and URL part, "zh-hant"."""
        return self.code.lower()

    @property
    def folder(self) -> str:
        """The gettext folder, "zh_Hant"."""
        return self.code.replace("-", "_")

    @property
    def direction(self) -> Literal["ltr", "rtl"]:
        """Which way the script runs (CLDR)."""
        return "rtl" if _locale(self.code, "").text_direction == "rtl" else "ltr"

    @property
    def script(self) -> str:
        """The script it is written in, ISO 15924: "Latn", "Hant", "Arab" (CLDR likely subtags)."""
        return _likely(self.code)[0]

    @property
    def home(self) -> str:
        """The country where most of its readers live, ISO 3166 (CLDR likely subtags)."""
        return _likely(self.code)[1]

    @property
    def chain(self) -> tuple[str, ...]:
        """This language and its fallbacks, best first."""
        return (self.code, *self.falls_back)


# The two Chinese scripts are fallbacks for one another before English is: a reader of one reads the
# other. No other pair of these languages is that close.
_LANGUAGES = (
    Language("en", "English", ()),
    Language("zh-Hans", "简体中文", ("zh-Hant", "en")),
    Language("zh-Hant", "繁體中文", ("zh-Hans", "en")),
    Language("ja", "日本語", ("en",)),
    Language("ko", "한국어", ("en",)),
    Language("fr", "Français", ("en",)),
    Language("de", "Deutsch", ("en",)),
    Language("it", "Italiano", ("en",)),
    Language("ar", "العربية", ("en",)),
    Language("th", "ไทย", ("en",)),
    Language("ms", "Bahasa Melayu", ("en",)),
)

_LETTER_THEN_DIGIT = re.compile(r"(?<=[A-Za-z])(?=\d)")

LANGUAGES: Mapping[str, Language] = MappingProxyType({each.code: each for each in _LANGUAGES})
_BY_LOWER = {each.code.lower(): each for each in _LANGUAGES}

# Regions and old tags that name a script by custom (RFC 5646, CLDR likely subtags).
_ALIASES = {
    "zh": "zh-Hans", "zh-cn": "zh-Hans", "zh-sg": "zh-Hans", "zh-my": "zh-Hans",
    "zh-hk": "zh-Hant", "zh-tw": "zh-Hant", "zh-mo": "zh-Hant", "yue": "zh-Hant",
    "yue-hk": "zh-Hant", "zh-yue": "zh-Hant", "id": "ms", "in": "ms",
}  # fmt: skip


def language(code: str) -> Language:
    """The language of a code in any spelling ("zh_Hant", "zh-hant", "zh-TW"), or UnknownCode."""
    found = _find(code)
    if found is None:
        raise UnknownCode(
            f"There is no language {code!r}", hint=f"Use one of: {', '.join(LANGUAGES)}"
        )
    return found


def _find(code: str) -> Language | None:
    tag = code.strip().replace("_", "-").lower()
    while tag:
        if tag in _BY_LOWER:
            return _BY_LOWER[tag]
        if tag in _ALIASES:
            return LANGUAGES[_ALIASES[tag]]
        tag = tag.rpartition("-")[0]
    return None


def negotiate(accept: str, offered: Sequence[str]) -> str:
    """The offered language that an Accept-Language header likes best, else the first offered.

    Quality values hold; a tag also matches by its parents ("de-AT" takes "de") and, last, by the
    fallback chain of a wanted language. A malformed part is skipped.
    """
    wanted = [found for tag in _by_quality(accept) if (found := _find(tag)) is not None]
    for found in wanted:
        if found.code in offered:
            return found.code
    for found in wanted:
        for stand_in in found.falls_back:
            if stand_in in offered:
                return stand_in
    return offered[0]


def _by_quality(accept: str) -> Iterable[str]:
    ranked: list[tuple[float, int, str]] = []
    for position, part in enumerate(accept.split(",")[:40]):
        tag, _, quality = part.partition(";")
        try:
            weight = float(quality.strip().removeprefix("q=") or "1")
        except ValueError:
            continue
        if tag.strip() and 0 < weight <= 1:
            ranked.append((-weight, position, tag))
    return (tag for _, _, tag in sorted(ranked))


@cache
def _likely(code: str) -> tuple[str, str]:
    """Script and country that CLDR adds to a code that does not say them: vi is Latn, VN."""
    known = get_global("likely_subtags")
    name, *said = code.split("-")
    _, script, country = (known.get("_".join((name, *said))) or known[name]).split("_")
    for subtag in said:
        if len(subtag) == 4:
            script = subtag
        else:
            country = subtag
    return script, country


@cache
def _locale(code: str, country: str) -> Locale:
    tag = language(code).folder
    try:
        return Locale.parse(f"{tag}_{country}" if country else tag)
    except UnknownLocaleError:  # CLDR has no Japanese of Germany: Japanese then
        return Locale.parse(tag)


def format_money(money: Money, code: str, country: str = "") -> str:
    """An amount as a reader of that language writes it: "1.234,50 €", "￥1,234"."""
    text = str(format_currency(money.amount, money.currency, locale=_locale(code, country)))
    # CLDR's currencySpacing, which Babel leaves out: "AED 5,200", but "HK$5,200".
    return _LETTER_THEN_DIGIT.sub("\u00a0", text)


def format_number(number: Decimal | int, code: str, country: str = "") -> str:
    """A number with that language's separators, digits kept."""
    return str(format_decimal(number, locale=_locale(code, country), decimal_quantization=False))


def format_rate(rate: Decimal, code: str, country: str = "") -> str:
    """A share as a percentage: 0.055 is "5.5%"."""
    return str(format_percent(rate, locale=_locale(code, country), decimal_quantization=False))


def format_date(
    day: date,
    code: str,
    country: str = "",
    *,
    length: Literal["short", "medium", "long", "full"] = "long",
) -> str:
    """A day as that language writes it."""
    return str(_format_date(day, format=length, locale=_locale(code, country)))


def format_list(parts: Sequence[str], code: str) -> str:
    """Words joined as that language joins them: "a, b and c"."""
    return str(_format_list(list(parts), locale=_locale(code, "")))


def country_name(country: str, code: str) -> str:
    """A country's name in that language, its code where CLDR has none."""
    return str(_locale(code, "").territories.get(country, country))


def language_name(of: str, code: str) -> str:
    """A language's name in another language."""
    return str(Locale.parse(language(of).folder).get_display_name(_locale(code, "")) or of)


def text_in(texts: Mapping[str, str], code: str) -> str:
    """A text in a language, else in the first of its fallback chain that has one, else in any."""
    return texts.get(spoken_in(texts, code), "")


def spoken_in(texts: Mapping[str, str], code: str) -> str:
    """The language that `text_in` answers in; empty where there is no text."""
    for each in language(code).chain:
        if texts.get(each):
            return each
    return next((each for each, text in texts.items() if text), "")
