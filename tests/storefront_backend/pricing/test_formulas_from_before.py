"""Formulas stored as shares become the sheet's own percentages, and back."""

from __future__ import annotations

import importlib
from decimal import Decimal

import pytest
from django.db import connection

from i18n.price_formula import Making, PriceFormula
from tests.builders import make_variant

pytestmark = pytest.mark.django_db
MIGRATION = "storefront_backend.catalog.migrations.0010_one_price_formula"


def test_a_stored_formula_keeps_its_meaning() -> None:
    old = {
        "currency": "CNY", "making": "percent", "making_amount": "7.5", "stones": "12.00",
        "setting": "0", "finish": "0", "engraving": "0", "loss": "0.033", "margin": "0.20",
        "fixed": None, "floor": "9", "ceiling": None, "compare_at": None,
    }  # fmt: skip
    variant = make_variant()
    variant.price_formula = old
    variant.save()
    migration = importlib.import_module(MIGRATION)
    with connection.cursor() as cursor:
        for _twice in range(2):
            cursor.execute(migration.FORWARDS)
        variant.refresh_from_db()
        assert PriceFormula.from_json(variant.price_formula) == PriceFormula(
            "CNY", Making.PERCENT, Decimal("7.5"), stones=Decimal(12), floor=Decimal(9),
            loss_percent=Decimal("3.3"), margin_percent=Decimal(20),
        )  # fmt: skip
        assert variant.price_formula.keys() == PriceFormula("CNY").to_json().keys()
        cursor.execute(migration.BACKWARDS)
    variant.refresh_from_db()
    assert variant.price_formula == old | {"margin": "0.2"}
