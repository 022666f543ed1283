"""Units of weight and length against their definitions, and back."""

from __future__ import annotations

from decimal import Decimal

import pytest

from i18n import lengths, weights
from i18n.errors import UnknownCode


@pytest.mark.parametrize(
    ("code", "grams"),
    [("ozt", "31.1034768"), ("dwt", "1.55517384"), ("tola", "11.6638038"), ("tael-hk", "37.429"),
     ("mace-hk", "3.7429"), ("ct", "0.2"), ("don", "3.75"), ("baht", "15.244"),
     ("gr", "0.06479891")],
)  # fmt: skip
def test_a_unit_weighs_what_it_is_defined_to(code: str, grams: str) -> None:
    assert weights.to_grams(Decimal(1), code) == Decimal(grams)


@pytest.mark.parametrize("code", weights.UNITS)
def test_grams_come_back(code: str) -> None:
    assert weights.from_grams(weights.to_grams(Decimal("12.5"), code), code) == Decimal("12.5")


def test_every_unit_names_its_source() -> None:
    assert all(unit.source for unit in weights.UNITS.values())


def test_an_unknown_unit_names_those_there_are() -> None:
    with pytest.raises(UnknownCode) as refusal:
        weights.unit("tael")
    assert "tael-hk" in refusal.value.hint


def test_lengths_are_shown_in_the_shopper_s_steps() -> None:
    assert lengths.shown(Decimal(457), "in") == Decimal("18.00")
    assert lengths.shown(Decimal(457), "cm") == Decimal("45.7")
    assert lengths.to_mm(Decimal(18), "in") == Decimal("457.2")


def test_a_bangle_passes_the_hand() -> None:
    assert lengths.bangle_for(Decimal(188)) == Decimal("59.8")
    assert lengths.indian_bangle(Decimal("57.2")) == "2-4"
