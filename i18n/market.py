"""A market: a sales territory with its currency, languages and law."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from zoneinfo import available_timezones

PriceDisplay = Literal["inclusive", "exclusive"]
PriceRounding = Literal["minor-unit", "cash", "whole", "tens", "charm"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """`code` is lower case ("gb"), `country` ISO 3166 alpha-2, `languages` BCP 47, best first.

    `customs_area` is the territory whose tariff applies ("eu" for de). `price_display` is how the
    law wants consumer prices shown: with tax or before it. `reference_region` (ISO 3166-2) is where
    prices are calculated for while no address is known, in a country whose tax differs by region.
    `price_rounding` is what becomes of a shelf price where no other policy is set: "tens"
    where prices run in hundreds and more. `time_zone` is a name of IANA's tz database
    (zone1970.tab, checked 2026-11-24) by which days begin and end; of several, its largest city's.
    """

    code: str
    name: str
    country: str
    currency: str
    time_zone: str
    languages: tuple[str, ...]
    customs_area: str
    price_display: PriceDisplay
    extends: tuple[str, ...] = ()
    reference_region: str = ""
    price_rounding: PriceRounding = "whole"

    def __post_init__(self) -> None:
        if not self.code.islower():
            raise ValueError(f"code {self.code!r} must be lower case")
        if len(self.country) != 2 or not self.country.isupper():
            raise ValueError(f"country {self.country!r} must be ISO 3166 alpha-2")
        if self.reference_region and not self.reference_region.startswith(f"{self.country}-"):
            raise ValueError(f"reference_region {self.reference_region!r} is not in {self.country}")
        if len(self.currency) != 3 or not self.currency.isupper():
            raise ValueError(f"currency {self.currency!r} must be ISO 4217")
        if self.time_zone not in available_timezones():
            raise ValueError(f"time_zone {self.time_zone!r} is not in IANA's database")
        if not self.languages:
            raise ValueError("languages must name at least one")
