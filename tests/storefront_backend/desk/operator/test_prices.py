"""Held rates with what they would do, and prices that sheets held."""

from __future__ import annotations

from decimal import Decimal

import pytest

from storefront_backend import wiring
from storefront_backend.catalog.models import ImportRun, Listing, Rate, RateTick
from storefront_backend.desk.operator.models import OperatorAct
from tests.builders import make_brand, make_shop
from tests.storefront_backend.desk.operator.people import DESK, bob, confirmed, olga, otto

pytestmark = pytest.mark.django_db


@pytest.fixture
def tick() -> RateTick:
    """Gold jumps by a half after a ring is listed."""
    make_shop()
    gold = Rate.objects.get(code="gold")
    gold.pk, gold.value, gold.as_of = None, Decimal(1350), wiring.now()
    gold.save()
    held = wiring.rate_desk().meet()
    assert held.state == "held"
    return held


def held_sheet() -> ImportRun:
    moves = [
        {"product": "R", "sku": f"R-{n}", "before": "100 CNY", "after": "1 CNY", "percent": percent}
        for n, percent in enumerate(("-90.0", "40.0", "50.0"))
    ]
    report = {"moves": moves, "counts": {"moves": 3, "errors": 0}}
    return ImportRun.objects.create(
        brand=make_brand("lotus"), name="rings.csv", bytes=1, sha256="-", source_key="-",
        state="done", report=report, options={
            "retire_missing": False, "metal_value": False, "set_stock": False, "ignored": [],
            "accepted_moves": [], "warehouse": "",
        },
    )  # fmt: skip


def test_the_page_says_what_held_rates_would_do_and_writes_nothing(tick: RateTick) -> None:
    before = list(Listing.objects.order_by("pk").values_list("goods", "rates"))
    preview = wiring.repricer(tick).preview("de")
    assert preview.listings == 1
    assert preview.lowest == preview.middle == preview.highest
    assert Decimal("0.3") < preview.lowest < Decimal("0.5")
    page = olga().get(f"{DESK}rates/{tick.pk}/").content.decode()
    assert "+50.0%" in page
    assert f"{preview.middle:+.1%}" in page
    assert list(Listing.objects.order_by("pk").values_list("goods", "rates")) == before


def test_rates_are_taken_once_and_by_whom_is_kept(tick: RateTick) -> None:
    confirmed(olga(), f"{DESK}rates/{tick.pk}/decide/", {"do": "take"})
    tick.refresh_from_db()
    assert (tick.state, tick.decided_by) == ("accepted", "olga@example.org")
    assert tick.repricings.filter(market="de").exists()
    act = OperatorAct.objects.get()
    assert (act.act, act.before, act.after) == ("take-rates", "held", "accepted")


def test_refused_rates_move_nothing(tick: RateTick) -> None:
    confirmed(olga(), f"{DESK}rates/{tick.pk}/decide/", {"do": "refuse"})
    tick.refresh_from_db()
    assert tick.state == "rejected"
    assert not tick.repricings.exists()


def test_who_may_only_look_decides_nothing(tick: RateTick) -> None:
    client = otto("catalog.view_ratetick")
    assert client.get(f"{DESK}rates/{tick.pk}/").status_code == 200
    place = f"{DESK}rates/{tick.pk}/decide/"
    assert client.post(place, {"do": "take", "sure": "1"}).status_code == 404
    assert bob().get(f"{DESK}rates/").status_code == 404
    tick.refresh_from_db()
    assert tick.state == "held"


def test_held_prices_show_their_moves_and_are_taken(db: None) -> None:
    run, client = held_sheet(), olga()
    page = client.get(f"{DESK}held-prices/").content.decode()
    assert all(text in page for text in ("rings.csv", "-90.0%", "+40.0%", "+50.0%"))
    confirmed(client, f"{DESK}held-prices/{run.pk}/decide/", {"do": "take"})
    run.refresh_from_db()
    assert run.state == "applying"
    assert run.options["accepted_moves"] == ["R-0", "R-1", "R-2"]


def test_refused_prices_are_set_aside_and_stay_as_they_are(db: None) -> None:
    run, client = held_sheet(), olga()
    confirmed(client, f"{DESK}held-prices/{run.pk}/decide/", {"do": "refuse"})
    run.refresh_from_db()
    assert run.state == "done"
    assert "No price is held." in client.get(f"{DESK}held-prices/").content.decode()
