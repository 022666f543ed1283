"""A ring's size, however a brand writes it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from catalog_import import check
from tests.catalog_import.workbooks import row, xlsx


def _ring(**changes: Any) -> dict[str, Any]:
    return row(kind="ring", **changes)


@pytest.mark.parametrize(
    ("size", "system", "label", "code"),
    [
        ("US 6½", None, "6½", "us"), ("6 1/2", "US", "6½", "us"), (6.5, "us", "6½", "us"),
        ("54", "iso", "54", "iso"), (54, "EU", "54", "iso"), ("N", "gb", "N", "uk"),
        ("hk 13", None, "13", "hk"), ("jp:12", "jp", "12", "jp"),
    ],
)  # fmt: skip
def test_a_ring_size_is_read_in_every_spelling(
    tmp_path: Path, size: object, system: str | None, label: str, code: str
) -> None:
    result = check(xlsx(tmp_path / "a.xlsx", _ring(ring_size=size, ring_size_system=system)))
    assert result.problems == ()
    (variant,) = result.products[0].variants
    assert (variant.ring_size_label, variant.ring_size_system) == (label, code)
    assert variant.passport.ring_size_mm is not None


def test_an_iso_size_is_the_circumference_itself(tmp_path: Path) -> None:
    result = check(xlsx(tmp_path / "a.xlsx", _ring(ring_size="53.5", ring_size_system="iso")))
    assert result.products[0].variants[0].passport.ring_size_mm == Decimal("53.5")


def test_a_diameter_alone_is_a_size(tmp_path: Path) -> None:
    result = check(xlsx(tmp_path / "a.xlsx", _ring(inner_diameter_mm=17.2)))
    (variant,) = result.products[0].variants
    assert (variant.ring_size_label, variant.ring_size_system) == ("54.0", "iso")
    assert variant.passport.dimensions_mm == {"inner_diameter": Decimal("17.2")}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ring_size": "6½"}, "missing_value"),
        ({"ring_size": "99", "ring_size_system": "us"}, "unknown_ring_size"),
        ({"ring_size": "6", "ring_size_system": "mars"}, "unknown_ring_size"),
        ({"ring_size": "US 6", "ring_size_system": "hk"}, "ring_size_system_disagrees"),
    ],
)
def test_a_size_that_is_ambiguous_is_asked_about(
    tmp_path: Path, changes: dict[str, Any], code: str
) -> None:
    (problem,) = check(xlsx(tmp_path / "a.xlsx", _ring(**changes))).problems
    assert (problem.code, problem.column, problem.is_error) == (code, "ring_size", True)


def test_a_size_and_a_diameter_that_disagree_are_reported(tmp_path: Path) -> None:
    sheet = _ring(ring_size="54", ring_size_system="iso", inner_diameter_mm=19)
    (problem,) = check(xlsx(tmp_path / "a.xlsx", sheet)).problems
    assert (problem.code, problem.cell, problem.is_error) == ("ring_size_disagrees", "K2", False)
    assert "17.2 mm" in problem.message
