"""Background work, builds, Saleor, markets and the shop's settings at the operators' desk."""

from __future__ import annotations

from datetime import date

import pytest

from storefront_backend import wiring
from storefront_backend.background.models import Failure
from storefront_backend.catalog.models import Relisting, ShippingMethod, Warehouse
from storefront_backend.desk.operator.models import OperatorAct
from storefront_backend.desk.operator.readiness import changes, readiness
from storefront_backend.models3d.models import Build, Model
from storefront_backend.pricing.law_preview import touched
from storefront_backend.saleor_rows.models import Conflict, SaleorEvent
from tests.builders import NOW, make_product, make_shop
from tests.storefront_backend.desk.operator.people import DESK, bob, confirmed, olga, otto

pytestmark = pytest.mark.django_db


def failure(**fields: object) -> Failure:
    defaults: dict[str, object] = {
        "kind": "mail:order", "item": "7", "error": "OSError", "message": "no server",
        "attempts": 8, "first_at": NOW, "last_at": NOW, "set_aside_at": NOW,
    }  # fmt: skip
    return Failure.objects.create(**(defaults | fields))


def build(**fields: object) -> Build:
    product = make_product()
    model = Model.objects.create(
        product=product, brand=product.brand, source_bytes=1, source_key="-", source_name="r.stl"
    )
    defaults: dict[str, object] = {"model": model, "input_key": "-", "state": "failed"}
    return Build.objects.create(**(defaults | fields))


def test_the_state_of_background_work_is_said_in_words(db: None) -> None:
    page = olga().get(f"{DESK}work/").content.decode()
    assert "Late:" in page
    assert "workers" in page


def test_what_is_set_aside_is_found_and_tried_again(db: None) -> None:
    row, client = failure(), olga()
    failure(item="8", set_aside_at=None, next_at=NOW)
    page = client.get(f"{DESK}failures/", {"state": "aside"})
    assert [each.item for each in page.context["page"]] == ["7"]
    confirmed(client, f"{DESK}failures/{row.pk}/", {"do": "retry"})
    assert not Failure.objects.filter(item="7").exists()
    assert OperatorAct.objects.get().subject == "mail:order 7"


def test_an_item_that_is_discarded_stays_set_aside(db: None) -> None:
    row = failure(set_aside_at=None, next_at=NOW)
    confirmed(olga(), f"{DESK}failures/{row.pk}/", {"do": "drop"})
    row.refresh_from_db()
    assert (row.next_at, row.set_aside_at) == (None, NOW)


def test_a_failed_build_is_tried_again_and_a_queued_one_stopped(db: None) -> None:
    row, client = build(), olga()
    confirmed(client, f"{DESK}builds/{row.pk}/", {"do": "build-retry"})
    row.refresh_from_db()
    assert row.state == "queued"
    confirmed(client, f"{DESK}builds/{row.pk}/", {"do": "build-stop"})
    row.refresh_from_db()
    assert row.state == "canceled"


def test_a_build_that_is_not_finished_is_not_shown(db: None) -> None:
    row = build()
    answer = olga().post(f"{DESK}builds/{row.pk}/", {"do": "build-show", "sure": "1"})
    assert answer.status_code == 302
    assert Model.objects.get().current_build is None
    assert not OperatorAct.objects.exists()


def test_a_failed_event_of_saleor_is_queued_again(db: None) -> None:
    event = SaleorEvent.objects.create(
        api_url="https://s.example/graphql/", digest="-", name="stock", body={}, state="failed",
        attempts=8, problem="away", issued_at=NOW,
    )  # fmt: skip
    confirmed(olga(), f"{DESK}saleor/events/{event.pk}/", {})
    event.refresh_from_db()
    assert (event.state, event.attempts) == ("received", 0)


def test_a_conflict_is_closed_by_a_person(db: None) -> None:
    row = Conflict.objects.create(
        api_url="-", subject="ring", field="name", ours="A", theirs="B", kept="ours"
    )
    client = olga()
    assert "ring" in client.get(f"{DESK}saleor/").content.decode()
    confirmed(client, f"{DESK}saleor/conflicts/{row.pk}/", {})
    row.refresh_from_db()
    assert row.resolved_at is not None
    assert OperatorAct.objects.get().before == "A"


def test_every_market_says_how_ready_it_is(db: None) -> None:
    make_shop(markets=("de",))
    found = {each.code: each for each in readiness(wiring.rulebook(), NOW.date())}
    assert len(found) == 17
    assert (found["de"].deliveries, found["de"].live, found["de"].has_rate) == (1, 1, True)
    assert found["kr"].deliveries == 0
    assert found["de"].in_force > 10


def test_law_that_ends_ahead_is_listed_with_what_it_touches(db: None) -> None:
    make_shop(markets=("jp",))
    book = wiring.rulebook()
    ahead = changes(book, date(2028, 3, 1), 60)
    assert [(each.market, each.rule, each.begins) for each in ahead] == [
        ("jp", "jp.customs.relief-10000", False)
    ]
    count = touched(wiring.landed_costs(), "jp", date(2028, 4, 1))
    assert (count.listings, count.looked_at) == (1, 1)


def test_a_market_is_listed_anew_once(db: None) -> None:
    client = olga()
    for _ in range(2):
        client.post(f"{DESK}markets/jp/relist/", {"sure": "1", "key": "k1"})
    assert Relisting.objects.get().markets == ["jp"]
    assert client.get(f"{DESK}markets/zz/").status_code == 404


def delivery(**fields: object) -> dict[str, object]:
    said: dict[str, object] = {
        "market": "jp", "slug": "vault", "carrier": "SF", "price": "3000",
        "insured_up_to": "9000000", "min_days": "3", "max_days": "6", "is_active": "on",
        "name_en": "Vault", "name_ja": "金庫便",
    }  # fmt: skip
    return said | fields


def test_a_delivery_is_added_without_json_and_its_market_is_listed_anew(db: None) -> None:
    confirmed(olga(), f"{DESK}deliveries/new/", delivery())
    way = ShippingMethod.objects.get()
    assert (way.names, way.currency) == ({"en": "Vault", "ja": "金庫便"}, "JPY")
    assert Relisting.objects.get().markets == ["jp"]


def test_a_changed_price_says_from_what_to_what(db: None) -> None:
    make_shop(markets=("jp",))
    way, client = ShippingMethod.objects.get(), olga()
    said = delivery(slug="insured", name_en="Insured courier", name_ja="", min_days="4",
                    max_days="7", insured_up_to="10000000", price="25")  # fmt: skip
    confirmed(client, f"{DESK}deliveries/{way.pk}/", said)
    act = OperatorAct.objects.get()
    assert "20.000" in act.before
    assert act.after.endswith("25")


@pytest.mark.parametrize("wrong", [{"max_days": "1"}, {"market": "zz"}, {"name_en": ""}])
def test_a_delivery_that_makes_no_sense_is_refused(wrong: dict[str, object], db: None) -> None:
    assert olga().post(f"{DESK}deliveries/new/", delivery(**wrong)).status_code == 422
    assert not ShippingMethod.objects.exists()


def test_a_warehouse_is_added_and_its_country_checked(db: None) -> None:
    client, said = olga(), {"slug": "hk", "name": "Kwai Chung", "country": "ZZ"}
    assert client.post(f"{DESK}warehouses/new/", said).status_code == 422
    confirmed(client, f"{DESK}warehouses/new/", said | {"country": "hk"})
    assert Warehouse.objects.get().country == "HK"


PLACES = ("work", "failures", "builds", "saleor", "markets", "deliveries", "warehouses")


def test_each_page_has_a_right_of_its_own(db: None) -> None:
    client = otto("background.view_failure")
    opened = {place for place in PLACES if client.get(f"{DESK}{place}/").status_code == 200}
    assert opened == {"failures"}
    row = failure()
    assert client.post(f"{DESK}failures/{row.pk}/", {"sure": "1"}).status_code == 404
    assert Failure.objects.filter(pk=row.pk).exists()
    assert all(bob().get(f"{DESK}{place}/").status_code == 404 for place in PLACES)
