"""Stock by SKU and warehouse: counted at the desk, and a notice when it runs low."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import F

from storefront_backend import wiring
from storefront_backend.catalog.models import (
    Brand,
    LowStock,
    LowStockMail,
    ProductVariant,
    Stock,
)
from storefront_backend.notices.desk.low_stock_letters import RunsLow
from storefront_backend.selling.low_stock import notice_low_stock
from tests.builders import make_brand, make_product, make_variant, make_warehouse
from tests.storefront_backend.desk.test_brand_pages import signed_in

pytestmark = pytest.mark.django_db
PLACE = "/desk/brand/lotus/stock/"


@pytest.fixture
def lotus() -> Brand:
    return make_brand("lotus")


@pytest.fixture
def ring(lotus: Brand) -> ProductVariant:
    return make_variant(make_product(lotus), stock=5, sku="lotus-r1", own_sku="R1")


def counted(ring: ProductVariant, seen: int, now: str) -> dict[str, Any]:
    row = ring.stock.get()
    return {f"seen-{row.pk}": seen, f"count-{row.pk}": now}


def on_hand(ring: ProductVariant) -> int:
    return ring.stock.get().quantity


def test_a_count_is_written(lotus: Brand, ring: ProductVariant) -> None:
    answer = signed_in("alice", lotus, "member").post(PLACE, counted(ring, 5, "12"))
    assert (answer.status_code, on_hand(ring)) == (302, 12)


def test_a_sale_meanwhile_is_not_written_over(lotus: Brand, ring: ProductVariant) -> None:
    alice = signed_in("alice", lotus)
    ring.stock.update(quantity=F("quantity") - 1)  # a shopper was faster
    answer = alice.post(PLACE, counted(ring, 5, "12"))
    assert (answer.status_code, on_hand(ring)) == (409, 4)
    assert answer.context["refused"] == ["It is 4 by now; your 12 was not saved. Count again."]


def test_promised_pieces_cannot_be_counted_away(lotus: Brand, ring: ProductVariant) -> None:
    ring.stock.update(reserved=2)
    answer = signed_in("alice", lotus).post(PLACE, counted(ring, 5, "1"))
    assert (answer.status_code, on_hand(ring)) == (409, 5)


@pytest.mark.parametrize("text", ["", "-1", "many", "1.5", "9999999999"])
def test_what_is_no_number_is_not_saved(lotus: Brand, ring: ProductVariant, text: str) -> None:
    answer = signed_in("alice", lotus).post(PLACE, counted(ring, 5, text), follow=True)
    assert on_hand(ring) == 5
    assert "no whole numbers" in answer.content.decode()


def test_another_brands_stock_and_sku_are_not_there(lotus: Brand, ring: ProductVariant) -> None:
    alice = signed_in("alice", make_brand("crane"))
    answer = alice.post("/desk/brand/crane/stock/", counted(ring, 5, "9"))
    assert (answer.status_code, on_hand(ring)) == (409, 5)
    make_warehouse("london", "GB")
    alice.post(
        "/desk/brand/crane/stock/place/", {"sku": "R1", "warehouse": "london", "quantity": 3}
    )
    assert ring.stock.count() == 1


def test_a_reader_changes_nothing(lotus: Brand, ring: ProductVariant) -> None:
    rita = signed_in("rita", lotus, "reader")
    assert rita.get(PLACE).status_code == 200
    assert rita.post(PLACE, counted(ring, 5, "9")).status_code == 403
    assert rita.post(f"{PLACE}threshold/", {"low_stock_at": 3}).status_code == 403
    assert on_hand(ring) == 5


def test_stock_is_added_at_another_warehouse_once(lotus: Brand, ring: ProductVariant) -> None:
    make_warehouse("london", "GB")
    alice = signed_in("alice", lotus)
    for quantity in (3, 8):
        alice.post(f"{PLACE}place/", {"sku": "R1", "warehouse": "london", "quantity": quantity})
    rows = ring.stock.order_by("warehouse__slug").values_list("warehouse__slug", "quantity")
    assert list(rows) == [("london", 3), ("shenzhen", 5)]


def test_with_a_saleor_its_stock_is_shown_and_not_changed(
    lotus: Brand, ring: ProductVariant, settings: Any
) -> None:
    settings.SALEOR_API_URL = "https://saleor.example/graphql/"
    alice = signed_in("alice", lotus)
    alice.post(PLACE, counted(ring, 5, "9"))
    assert on_hand(ring) == 5
    assert f"count-{ring.stock.get().pk}" not in alice.get(PLACE).content.decode()


def letters() -> list[tuple[str, str]]:
    """What is due, sent once."""
    kind, found = RunsLow("https://shop.example"), []
    for key in kind.due(wiring.now(), 100):
        letter = kind.write(key)
        assert letter is not None
        found.append((letter.recipient, letter.text))
        kind.sent(key, wiring.now())
    return found


def test_one_mail_goes_out_at_each_crossing(lotus: Brand, ring: ProductVariant) -> None:
    alice = signed_in("alice", lotus)
    signed_in("rita", lotus, "reader")
    alice.post(f"{PLACE}threshold/", {"low_stock_at": "3"})
    assert (notice_low_stock(wiring.now()), letters()) == (0, [])
    for quantity, expected in ((3, 1), (2, 0), (4, 0), (1, 1)):
        ring.stock.update(quantity=quantity)
        notice_low_stock(wiring.now())
        notice_low_stock(wiring.now())  # each minute
        sent = letters()
        assert [to for to, _text in sent] == ["alice@example.org"] * expected
        assert all(f"R1: {quantity} in stock" in text for _to, text in sent)
    assert LowStock.objects.count() == 2
    assert "1 variant runs low" in alice.get("/desk/brand/lotus/").content.decode()


def test_a_variants_own_number_counts_before_the_brands(lotus: Brand, ring: ProductVariant) -> None:
    Brand.objects.update(low_stock_at=10)
    alice = signed_in("alice", lotus)
    alice.post(PLACE, {f"low-{ring.pk}": "2"})
    assert notice_low_stock(wiring.now()) == 0
    assert [each["is_low"] for each in alice.get(PLACE).context["rows"]] == [False]
    alice.post(PLACE, {f"low-{ring.pk}": ""})
    assert notice_low_stock(wiring.now()) == 1
    assert [each["is_low"] for each in alice.get(PLACE, {"low": "on"}).context["rows"]] == [True]


def test_what_no_warehouse_keeps_does_not_run_low(lotus: Brand, ring: ProductVariant) -> None:
    Brand.objects.update(low_stock_at=10)
    Stock.objects.all().delete()
    assert notice_low_stock(wiring.now()) == 0
    assert not LowStockMail.objects.exists()
