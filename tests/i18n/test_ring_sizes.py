"""Ring sizes against the anchors that the trade agrees on, and back."""

from __future__ import annotations

from decimal import Decimal

import pytest

from i18n.errors import UnknownCode
from i18n.ring_sizes import SYSTEMS, circumference, nearest


@pytest.mark.parametrize(
    ("system", "label", "mm"),
    [
        ("us", "0", "36.55"),  # 0.458 inch across
        ("us", "7", "54.42"),  # 0.682 inch
        ("jp", "1", "40.84"),  # 13 mm across
        ("jp", "13", "53.41"),  # 17 mm
        ("jp", "19", "59.69"),  # 19 mm: the size the workshops remember
        ("hk", "13", "51.8"),
        ("ch", "14", "54"),
        ("uk", "A", "37.50"),
        ("uk", "L½", "51.875"),
        ("iso", "53.5", "53.5"),
    ],
)
def test_a_label_stands_for_a_circumference(system: str, label: str, mm: str) -> None:
    assert circumference(system, label) == Decimal(mm)


@pytest.mark.parametrize("spelling", ["6½", "6.5", "6 1/2", "6,5", "6.50"])
def test_a_half_is_written_in_many_ways(spelling: str) -> None:
    assert circumference("us", spelling) == circumference("us", "6½")


@pytest.mark.parametrize("system", SYSTEMS.values(), ids=lambda s: s.code)
def test_every_label_comes_back_from_its_circumference(system: object) -> None:
    for label, mm in system.sizes.items():  # type: ignore[attr-defined]  # parametrize erases it
        assert nearest(system.code, mm).label == label  # type: ignore[attr-defined]


def test_between_two_sizes_the_nearer_one_says_how_far_off_it_is() -> None:
    size = nearest("jp", Decimal(54))
    assert (size.label, size.off_mm) == ("14", Decimal("-0.45"))


def test_of_two_equally_near_the_larger_goes_on() -> None:
    assert nearest("iso", Decimal("54.5")).label == "55"


def test_a_size_that_does_not_exist_is_refused_with_the_range() -> None:
    with pytest.raises(UnknownCode) as refusal:
        circumference("jp", "31")
    assert refusal.value.hint == "Sizes go from 1 to 30."
