"""Units that gold, silver and stones are weighed in, each in grams.

A unit of one name may weigh differently by place; then each place has its own code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from i18n.errors import UnknownCode


@dataclass(frozen=True, slots=True)
class Unit:
    """`grams` is exact where law or definition sets it; `note` says where custom differs."""

    code: str
    name: str
    grams: Decimal
    source: str
    note: str = ""


_OZPRICE = "http://www.goldpriceoz.com/measurement-unit-for-gold.html (read 2026-11-24)"
_CHART = "https://goldpricezone.com/gold-weight-conversion (read 2026-11-24)"
_TABLES = "https://goldsilverprice.eu/en/posts/conversion-tables-for-gold-and-silver (2026-11-24)"
_GOLDIFY = "https://goldify.pro/gold-converters/global-unit-converters (read 2026-11-24)"
_SI = "SI Brochure, 9th edition; the metric carat by the CGPM of 1907"

_HK_TAEL = Decimal("37.429")
_TROY_OUNCE = Decimal("31.1034768")

_UNITS = (
    Unit("g", "gram", Decimal(1), _SI),
    Unit("ct", "carat", Decimal("0.2"), _SI),
    Unit("ozt", "troy ounce", _TROY_OUNCE, _OZPRICE),
    Unit("dwt", "pennyweight", _TROY_OUNCE / 20, _OZPRICE),
    Unit("gr", "grain", _TROY_OUNCE / 480, "https://superglobalcalculator.com (read 2026-11-24)"),
    Unit("tola", "tola", _TROY_OUNCE * 3 / 8, _OZPRICE),
    Unit("tael-hk", "tael (Hong Kong)", _HK_TAEL, _CHART,
         "Some shops reckon 37.5 g; the exchange's tael is 37.429 g."),
    Unit("mace-hk", "mace (Hong Kong)", _HK_TAEL / 10, _CHART),
    Unit("candareen-hk", "candareen (Hong Kong)", _HK_TAEL / 100, _CHART),
    Unit("tael-cn", "liang (mainland market)", Decimal(50),
         "https://triplydb.com/DBpedia-association (read 2026-11-24)", "50 g since 1959."),
    Unit("tael-cn-old", "liang of 16 to a jin", Decimal("31.25"), _GOLDIFY),
    Unit("don", "don (Korea)", Decimal("3.75"), _TABLES),
    Unit("baht", "baht (Thailand, bullion)", Decimal("15.244"), _CHART),
)  # fmt: skip

UNITS: Mapping[str, Unit] = MappingProxyType({unit.code: unit for unit in _UNITS})


def unit(code: str) -> Unit:
    """The unit of a code, or UnknownCode."""
    try:
        return UNITS[code]
    except KeyError:
        raise UnknownCode(
            f"There is no unit of weight {code!r}", hint=f"Use one of: {', '.join(UNITS)}"
        ) from None


def to_grams(amount: Decimal, code: str) -> Decimal:
    """An amount in a unit, in grams, exact."""
    return amount * unit(code).grams


def from_grams(grams: Decimal, code: str, places: int = 4) -> Decimal:
    """Grams in a unit, rounded to that many places."""
    return (grams / unit(code).grams).quantize(Decimal(1).scaleb(-places))
