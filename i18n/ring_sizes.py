"""Ring sizes of the world, each to and from the inner circumference in mm (ISO 8653:2016).

A label names a step, so a circumference between two steps takes the nearest and says how far off it
is. Makers' gauges disagree; `tolerance_mm` is how far published tables differ.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from i18n.errors import UnknownCode

PI = Decimal("3.14159265358979323846")
_INCH = Decimal("25.4")
_QUARTERS = {"": 0, "¼": 1, "½": 2, "¾": 3}
_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class RingSize:
    """A size in a system. `circumference_mm` is the label's own; `off_mm` is the requested value
    minus that: negative when the ring is larger than the finger measured."""

    system: str
    label: str
    circumference_mm: Decimal
    off_mm: Decimal = Decimal(0)

    @property
    def diameter_mm(self) -> Decimal:
        """Inner diameter to a hundredth."""
        return (self.circumference_mm / PI).quantize(Decimal("0.01"))


@dataclass(frozen=True, slots=True)
class System:
    """A system of sizes: every label with its circumference in mm, ascending, and who says so."""

    code: str
    name: str
    sizes: Mapping[str, Decimal]
    tolerance_mm: Decimal
    source: str
    note: str = ""


def _numbers(
    first: int, last: int, circumference: Callable[[Decimal], Decimal], parts: int = 1
) -> Mapping[str, Decimal]:
    """Labels from first to last in steps of 1/parts; fractions are written ¼ ½ ¾."""
    signs = {index: sign for sign, index in _QUARTERS.items()}
    sizes = {}
    for step in range(first * parts, last * parts + 1):
        whole, rest = divmod(step, parts)
        number = Decimal(step) / parts
        sizes[f"{whole}{signs[rest * 4 // parts]}"] = circumference(number).quantize(
            Decimal("0.01")
        )
    return MappingProxyType(sizes)


def _letters() -> Mapping[str, Decimal]:
    sizes = {}
    for index in range(26):
        at = Decimal("37.5") + Decimal("1.25") * index
        sizes[chr(ord("A") + index)] = at
        sizes[chr(ord("A") + index) + "½"] = at + Decimal("0.625")
    return MappingProxyType(sizes)


# Circumferences in tenths of a mm of the sizes 1 to 32 used in Hong Kong's trade.
_HK = (
    386, 396, 405, 418, 430, 443, 452, 465, 474, 484, 496, 506, 518, 531, 540, 553,
    562, 575, 584, 597, 603, 612, 625, 634, 650, 660, 669, 678, 694, 710, 719, 725,
)  # fmt: skip

_WIKIPEDIA = "https://en.wikipedia.org/wiki/Ring_size (read 2026-11-24)"
_CHINESE = "https://hunlipic.com/liwu/7006666.html (read 2026-11-24)"

_SYSTEMS = (
    System("iso", "ISO 8653", _numbers(36, 80, lambda n: n), Decimal("0.2"), _WIKIPEDIA),
    System(
        "us", "United States, Canada",
        _numbers(0, 16, lambda n: (Decimal("0.458") + Decimal("0.032") * n) * _INCH * PI, 4),
        Decimal("0.3"), _WIKIPEDIA,
        "Size 0 is 0.458 inch across, each size 0.032 inch more. Some tables start 0.01 mm higher.",
    ),
    System(
        "uk", "United Kingdom, Ireland, Australia", _letters(), Decimal("0.4"), _WIKIPEDIA,
        "A is 37.5 mm and each letter 1.25 mm more; tables of American origin put A at 37.8 mm.",
    ),
    System(
        "jp", "Japan (JCS)", _numbers(1, 30, lambda n: (38 + n) / 3 * PI), Decimal("0.2"),
        "http://www.tomigin.com/ring_size.htm (read 2026-11-24)",
        "1 is 13 mm across and three sizes are 1 mm more. The JIS size is the ISO one.",
    ),
    System(
        "hk", "Hong Kong",
        MappingProxyType({str(n): tenths * _TENTH for n, tenths in enumerate(_HK, 1)}),
        Decimal("1.0"),
        "https://www.oisogo.cn/article/wsifhh (read 2026-11-24)",
        "A table without a formula; another source spans 46 mm at 7 to 67 mm at 25.",
    ),
    System(
        "cn", "Mainland China", _numbers(1, 33, lambda n: n + 40), Decimal("1.0"), _CHINESE,
        "Circumference less 40; many mainland shops use the Hong Kong gauge instead.",
    ),
    System(
        "it", "Italy, Spain, Netherlands", _numbers(1, 36, lambda n: n + 40), Decimal("0.2"),
        _WIKIPEDIA,
    ),
    System(
        "ch", "Switzerland", _numbers(1, 36, lambda n: n + 40), Decimal("0.2"), _WIKIPEDIA,
    ),
)  # fmt: skip

SYSTEMS: Mapping[str, System] = MappingProxyType({each.code: each for each in _SYSTEMS})

# Countries that use another's system by its own name.
_SAME_AS = {"eu": "iso", "fr": "iso", "de": "iso", "kr": "jp", "ca": "us", "au": "uk", "gb": "uk"}
_FRACTIONS = ((r"\s*1/4", "¼"), (r"\s*1/2", "½"), (r"\s*3/4", "¾"), (r"\.25", "¼"), (r"\.75", "¾"))


def system(code: str) -> System:
    """The system of a code ("us", "jp", "eu"…), or UnknownCode."""
    lower = code.lower()
    try:
        return SYSTEMS[_SAME_AS.get(lower, lower)]
    except KeyError:
        raise UnknownCode(
            f"There is no ring size system {code!r}", hint=f"Use one of: {', '.join(SYSTEMS)}"
        ) from None


def circumference(code: str, label: str) -> Decimal:
    """The inner circumference in mm that a label means. "6 1/2", "6.5", "6½" are one size.

    ISO labels may have a decimal ("53.5"). UnknownCode for a label the system does not have.
    """
    sizes = system(code).sizes
    clean = label.strip().upper().replace(",", ".")
    if system(code).code == "iso" and re.fullmatch(r"\d{2}(\.\d)?", clean):
        return Decimal(clean)
    for pattern, sign in _FRACTIONS:
        clean = re.sub(pattern + "$", sign, clean)
    clean = re.sub(r"\.50?$", "½", clean)
    clean = re.sub(r"\.0+$", "", clean)
    try:
        return sizes[clean]
    except KeyError:
        first, *_, last = sizes
        raise UnknownCode(
            f"There is no size {label!r} in {system(code).name}",
            hint=f"Sizes go from {first} to {last}.",
        ) from None


def nearest(code: str, circumference_mm: Decimal) -> RingSize:
    """The size closest to a circumference; of two equally close, the larger, which goes on."""
    chosen = system(code)
    label, mm = min(
        chosen.sizes.items(), key=lambda item: (abs(item[1] - circumference_mm), -item[1])
    )
    return RingSize(chosen.code, label, mm, circumference_mm - mm)
