"""A refund of one line gives back that line's part of duty and tax, to the minor unit."""

from __future__ import annotations

import importlib
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Sum

from i18n.money import Money, minor_unit
from storefront_backend import wiring
from storefront_backend.orders.models import LedgerEntry, Order, Refund
from tests.storefront_backend.aftersale.three_brands import BRANDS, Sold, sell_three

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_sandbox")]
MIGRATION = importlib.import_module("storefront_backend.orders.migrations.0010_costs_by_line")


def cancel(sold: Sold, brand: str) -> Money:
    """Call the brand's pieces off; what the shopper got back for them."""
    wiring.refunds().cancel_brand(sold.order.number, brand, reason="no stock")
    refund = Refund.objects.get(brand__slug=brand)
    return Money(refund.amount, refund.currency).quantized()


def due(sold: Sold, brand: str) -> Decimal:
    """The brand's proportional part of all that was paid: one code, one rate."""
    goods = {line.brand: line.goods.amount for line in sold.order.lines}
    return sold.order.paid.amount * goods[brand] / sum(goods.values())


def as_sold_before(sold: Sold) -> None:
    """Store the order as code did that put a group's charge on its first line."""
    row = Order.objects.get(number=sold.order.number)
    first = sold.order.lines[0].id
    for line in row.landed["lines"]:
        line.pop("parts", None)
        if line["rule"] in MIGRATION.GROUPED:
            line["line_id"] = first
    row.save(update_fields=["landed"])


def balance(brand: str, account: str) -> Decimal:
    """What an account holds for a brand."""
    found = LedgerEntry.objects.filter(brand__slug=brand, account=account)
    return found.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)


@pytest.mark.parametrize("market", ["jp", "de", "us"])
@pytest.mark.parametrize("order", list(permutations(BRANDS))[::2])
def test_lines_called_off_in_any_order_give_back_what_they_cost(
    market: str, order: tuple[str, ...]
) -> None:
    sold = sell_three((1, 2, 1), market, grams="31.7")
    unit, back = minor_unit(sold.order.paid.currency), Decimal(0)
    for brand in order:
        step = cancel(sold, brand).amount
        assert abs(step - due(sold, brand)) <= unit
        back += step
    assert back == sold.order.paid.amount
    assert all(balance(b, a) == 0 for b in BRANDS for a in ("duty", "tax", "brand-held"))


def test_an_order_from_before_gives_back_by_line_too() -> None:
    sold = sell_three((1, 1, 1), "jp", grams="31.7")
    as_sold_before(sold)
    MIGRATION.share_orders(apps, None)
    steps = {brand: cancel(sold, brand) for brand in ("bao", "canton", "aurelia")}
    for brand, step in steps.items():
        assert abs(step.amount - due(sold, brand)) <= 2  # three charges, each rounded by itself
    assert Money.sum(steps.values(), "JPY") == sold.order.paid


def test_the_ledger_follows_where_brands_shared_a_charge() -> None:
    sold = sell_three((1, 1, 1), "jp")
    tax = {brand: balance(brand, "tax") for brand in BRANDS}
    as_sold_before(sold)
    row = Order.objects.get()
    before = {brand: Decimal(0) for brand in BRANDS} | {"aurelia": sum(tax.values())}
    MIGRATION._move_between_brands(apps, row, *_shares(row, before, tax))
    assert {brand: balance(brand, "tax") - tax[brand] for brand in BRANDS} == {
        brand: tax[brand] - before[brand] for brand in BRANDS
    }


def _shares(row: Order, *taxes: dict[str, Decimal]) -> list[dict[int, Any]]:
    """Shares of tax alone, by the brand's key."""
    zero = MIGRATION.Share.zero("JPY")
    keys = {line.brand.slug: line.brand_id for line in row.lines.all()}
    return [
        {keys[b]: MIGRATION.Share(zero.goods, zero.shipping, zero.duty, Money(-t, "JPY"))
         for b, t in tax.items()}
        for tax in taxes
    ]  # fmt: skip


@pytest.mark.parametrize("first", ["aurelia", "canton"])
def test_an_order_refunded_in_part_before_keeps_the_split_it_was_sold_by(first: str) -> None:
    sold = sell_three((1, 1, 1), "jp")
    as_sold_before(sold)
    back = cancel(sold, first)
    MIGRATION.share_orders(apps, None)
    rest = [cancel(sold, brand) for brand in BRANDS if brand != first]
    assert Money.sum((back, *rest), "JPY") == sold.order.paid


def test_a_quote_that_is_being_paid_meanwhile_is_shared_as_well() -> None:
    codes = {"1": "711319", "2": "711319", "3": "711311"}
    landed = {
        "currency": "JPY",
        "lines": [
            *({"kind": "goods", "rule": "", "line_id": k, "amount": "100"} for k in codes),
            {"kind": "tax", "rule": "jp.tax.consumption-tax", "line_id": "1", "amount": "21"},
            {"kind": "tax", "rule": "jp.tax.consumption-tax", "line_id": "3", "amount": "10"},
        ],
    }
    assert MIGRATION.share_groups(landed, codes)
    assert [line.get("parts") for line in landed["lines"][3:]] == [{"1": "11", "2": "10"}, None]
    assert not MIGRATION.share_groups(landed, codes)  # again: no change
