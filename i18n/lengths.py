"""Lengths of chains and sizes of bracelets and bangles, between mm, cm, inches and the trade's own.

A bracelet is sold by its length, a bangle by the opening a hand passes through: its inner diameter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from i18n.errors import UnknownCode

MM_PER_INCH = Decimal("25.4")  # exact by definition since 1959
_PI = Decimal("3.14159265358979323846")
_PLACES = {"mm": Decimal(1), "cm": Decimal("0.1"), "in": Decimal("0.25")}
_MM = {"mm": Decimal(1), "cm": Decimal(10), "in": MM_PER_INCH}


@dataclass(frozen=True, slots=True)
class ChainLength:
    """A customary length of necklace: where on the body it ends, and its span in mm."""

    name: str
    from_mm: Decimal
    to_mm: Decimal


# The trade's words in whole inches (https://sashaljewels.com/pages/necklace_lengths and
# https://glossaria.net/en/jewellery/pearl-necklace-lengths, read 2026-11-24). Houses shift them by
# an inch or two; opera ends at 34 in one and 36 in the other.
CHAIN_LENGTHS: tuple[ChainLength, ...] = tuple(
    ChainLength(name, first * MM_PER_INCH, last * MM_PER_INCH)
    for name, first, last in (
        ("collar", 12, 13), ("choker", 14, 16), ("princess", 17, 19), ("matinee", 20, 24),
        ("opera", 28, 36), ("rope", 45, 120),
    )
)  # fmt: skip

# India's bangle sizes are inches and sixteenths of inner diameter: 2-4 is 2 4/16 inches
# (http://www.jewelsify.com/bangle-size-guide, read 2026-11-24).
INDIAN_BANGLES: Mapping[str, Decimal] = MappingProxyType(
    {
        f"2-{sixteenths}": (2 + Decimal(sixteenths) / 16) * MM_PER_INCH
        for sixteenths in range(0, 16, 2)
    }
)


def shown(length_mm: Decimal, unit: str) -> Decimal:
    """A length as a shop states it: whole mm, tenths of a cm, quarters of an inch."""
    if unit not in _MM:
        raise UnknownCode(f"There is no unit of length {unit!r}", hint="Use mm, cm or in")
    step = _PLACES[unit]
    return (length_mm / _MM[unit] / step).quantize(Decimal(1)) * step


def to_mm(length: Decimal, unit: str) -> Decimal:
    """A length in mm, exact."""
    if unit not in _MM:
        raise UnknownCode(f"There is no unit of length {unit!r}", hint="Use mm, cm or in")
    return length * _MM[unit]


def bangle_for(hand_mm: Decimal) -> Decimal:
    """The least inner diameter in mm for a hand of that girth over the folded knuckles."""
    return (hand_mm / _PI).quantize(Decimal("0.1"))


def indian_bangle(inner_mm: Decimal) -> str:
    """The Indian size nearest to an inner diameter; of two equally near, the larger."""
    return min(
        INDIAN_BANGLES.items(), key=lambda item: (abs(item[1] - inner_mm), -item[1])
    )[0]  # fmt: skip


def chain_name(length_mm: Decimal) -> str:
    """The trade's word for a necklace of that length, "" between two."""
    for each in CHAIN_LENGTHS:
        if each.from_mm <= length_mm <= each.to_mm:
            return each.name
    return ""
