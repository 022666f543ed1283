"""Warnings of what is possible and hardly meant: a slip of unit, a decimal point, a column.

The bounds are our own, chosen wide: they only warn, and nothing is calculated from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from catalog_import.columns import STONE_GROUPS
from catalog_import.reading import Reading
from catalog_import.texts import say

# Metal weight of a piece in grams: what a whole house of jewellers might make of that kind.
GRAMS: Mapping[str, tuple[Decimal, Decimal]] = {
    "ring": (Decimal("0.5"), Decimal(60)),
    "bangle": (Decimal(3), Decimal(400)),
    "bracelet": (Decimal(1), Decimal(300)),
    "pendant": (Decimal("0.3"), Decimal(150)),
    "necklace": (Decimal(1), Decimal(500)),
    "earrings": (Decimal("0.3"), Decimal(80)),
    "chain": (Decimal("0.5"), Decimal(400)),
    "brooch": (Decimal(1), Decimal(150)),
}
# Carats a stone: a melee of half a millimetre, and more than most museums show.
CARAT_A_STONE = (Decimal("0.0005"), Decimal(100))


def warn(reading: Reading) -> None:
    """Report what is unlikely in a row whose cells could be read."""
    _grams(reading)
    for n in range(1, STONE_GROUPS + 1):
        _carats(reading, n)
    code = reading["hs_code"]
    if code and not code.startswith("71"):
        reading.report(
            "hs_not_jewellery",
            say("{code} is not in chapter 71, where jewellery is", code=code),
            say("7113 is jewellery of precious metal, 7116 of stones alone"),
            column="hs_code",
            warning=True,
        )
    if (
        reading["kind"] == "ring"
        and (inner := reading["inner_diameter_mm"])
        and not 10 <= inner <= 28
    ):
        reading.report(
            "unlikely_diameter",
            say("A finger of {inner} mm is unlikely", inner=inner),
            say("Is it in mm, and the inner one?"),
            column="inner_diameter_mm",
            warning=True,
        )


def _grams(reading: Reading) -> None:
    bounds = GRAMS.get(reading["kind"] or "")
    weight = (reading["grams"] or 0) + (reading["grams_2"] or 0)
    if bounds and weight and not bounds[0] <= weight <= bounds[1]:
        reading.report(
            "unlikely_weight",
            say(
                "{weight} g of metal is unlikely for a {kind}", weight=weight, kind=reading["kind"]
            ),
            say(
                "From {bound} to {bound2} g are usual; is the weight in grams?",
                bound=bounds[0],
                bound2=bounds[1],
            ),
            column="grams",
            warning=True,
        )


def _carats(reading: Reading, n: int) -> None:
    count, carat = reading[f"stone_{n}_count"], reading[f"stone_{n}_carat"]
    if count and carat and not CARAT_A_STONE[0] <= carat / count <= CARAT_A_STONE[1]:
        reading.report(
            "unlikely_carat",
            say(
                "{carat} ct over {count} stones is {each} ct each",
                carat=carat,
                count=count,
                each=f"{carat / count:.4f}",
            ),
            say("Carat is the weight of all of them together"),
            column=f"stone_{n}_carat",
            warning=True,
        )
