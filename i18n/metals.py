"""The alloys that jewellery is sold in, and the one spelling of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from i18n.errors import UnknownCode


@dataclass(frozen=True, slots=True)
class Alloy:
    """An alloy as the trade names it.

    `fineness` is parts of the precious metal per thousand; `colour` is empty where the metal has
    only one; `karat` is the trade's name for gold fineness and None for other metals.
    """

    code: str
    metal: str
    fineness: int
    colour: str = ""
    karat: int | None = None

    @property
    def purity(self) -> Decimal:
        """The share of precious metal by weight, from 0 to 1."""
        return Decimal(self.fineness) / 1000


# Fineness by karat as ISO 9202:2019 lists it (333 to 999).
_ALLOYS = (
    Alloy("gold-999", "gold", 999, "yellow", 24),
    Alloy("gold-916", "gold", 916, "yellow", 22),
    Alloy("gold-750-yellow", "gold", 750, "yellow", 18),
    Alloy("gold-750-white", "gold", 750, "white", 18),
    Alloy("gold-750-rose", "gold", 750, "rose", 18),
    Alloy("gold-585-yellow", "gold", 585, "yellow", 14),
    Alloy("gold-585-white", "gold", 585, "white", 14),
    Alloy("gold-585-rose", "gold", 585, "rose", 14),
    Alloy("gold-375-yellow", "gold", 375, "yellow", 9),
    Alloy("platinum-950", "platinum", 950),
    Alloy("palladium-950", "palladium", 950),
    Alloy("silver-925", "silver", 925),
    Alloy("silver-999", "silver", 999),
)

ALLOYS: Mapping[str, Alloy] = MappingProxyType({alloy.code: alloy for alloy in _ALLOYS})


def alloy(code: str) -> Alloy:
    """The alloy of that code, or UnknownCode naming the codes there are."""
    try:
        return ALLOYS[code]
    except KeyError:
        raise UnknownCode(
            f"There is no alloy {code!r}", hint=f"Use one of: {', '.join(ALLOYS)}"
        ) from None
