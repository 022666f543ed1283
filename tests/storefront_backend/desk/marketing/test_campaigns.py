"""A campaign from plan to sale: texts, claims, schedule, days by market, page and offer."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from i18n.money import Money
from i18n.passport import MetalPart
from storefront_backend import wiring
from storefront_backend.campaigns.claims import findings
from storefront_backend.campaigns.models import Campaign
from storefront_backend.campaigns.timing import State, state_in
from storefront_backend.catalog.models import PriceTerms, Product
from storefront_backend.commerce.checkout import LineRequest, OpenCheckout
from storefront_backend.commerce.errors import InvalidRequest
from storefront_backend.jobs.campaigns import keep_claims
from storefront_backend.orders.models import PromoCode
from storefront_backend.selling import promotions
from tests.builders import make_passport, make_product, make_shop, make_variant
from tests.storefront_backend.desk.marketing.people import DESK, marta

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


def make_campaign(*products: Product, **fields: object) -> Campaign:
    """A live campaign in Hong Kong and Japan."""
    given: dict[str, object] = {
        "slug": "mid-autumn",
        "names": {"en": "Under the moon", "zh-Hant": "月下", "ja": "月の下で"},
        "markets": ["hk", "jp"],
        "first_day": TODAY,
        "last_day": TODAY,
        "scheduled_at": datetime(2026, 11, 1, tzinfo=UTC),
    }
    campaign = Campaign.objects.create(**(given | fields))
    campaign.products.set(products)
    return campaign


def make_offer(campaign: Campaign, **fields: object) -> PromoCode:
    given: dict[str, object] = {"code": "MOON10", "kind": "percentage", "value": Decimal(10)}
    return PromoCode.objects.create(campaign=campaign, **(given | fields))


def test_a_day_begins_in_tokyo_before_it_begins_in_hong_kong() -> None:
    campaign = make_campaign()
    at = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)  # 00:30 in Tokyo, 23:30 in Hong Kong
    assert state_in(campaign, "Asia/Tokyo", at) is State.LIVE
    assert state_in(campaign, "Asia/Hong_Kong", at) is State.SCHEDULED
    later = at + timedelta(days=1)
    assert state_in(campaign, "Asia/Tokyo", later) is State.ENDED
    assert state_in(campaign, "Asia/Hong_Kong", later) is State.LIVE


def test_a_marketer_plans_is_stopped_by_a_claim_mends_it_and_schedules() -> None:
    piece = make_variant().product  # 18K
    client = marta()
    plan = {"slug": "moon", "markets": ["hk", "jp"], "first_day": "2026-09-18",
            "last_day": "2026-09-27", "pieces": piece.slug}  # fmt: skip
    place = client.post(f"{DESK}campaigns/new/", plan)["Location"]
    named = {**plan, "name_zh-Hant": "足金月戒", "name_ja": "月"}
    client.post(place, named)
    page = client.post(f"{place}schedule/", {"do": "schedule"}, follow=True).content.decode()
    assert "hk.naming." in page
    assert "足金" in page
    assert Campaign.objects.get().scheduled_at is None
    client.post(place, {**named, "name_zh-Hant": "18K金月戒"})
    client.post(f"{place}schedule/", {"do": "schedule"})
    assert Campaign.objects.get().scheduled_at is not None


def test_a_scheduled_campaign_with_a_new_forbidden_claim_is_a_draft_again() -> None:
    campaign = make_campaign(make_variant().product)
    said = {"slug": "mid-autumn", "markets": ["hk"], "first_day": "2026-09-18",
            "last_day": "2026-09-27", "name_zh-Hant": "足金",
            "pieces": campaign.products.get().slug}  # fmt: skip
    marta().post(f"{DESK}campaigns/{campaign.pk}/", said)
    campaign.refresh_from_db()
    assert campaign.scheduled_at is None


def test_a_piece_that_changes_makes_its_scheduled_campaign_a_draft_within_the_hour() -> None:
    pure = make_passport(metals=(MetalPart("gold-999", Decimal(4)),))
    ring = make_variant(passport=pure)
    named = {"zh-Hant": "足金月戒", "ja": "月の下で"}
    campaign = make_campaign(ring.product, names=named, first_day=_day(1), last_day=_day(9))
    assert keep_claims.func() == 0
    ring.passport["metals"][0]["alloy"] = "gold-750-yellow"
    ring.save()
    assert keep_claims.func() == 1
    campaign.refresh_from_db()
    assert campaign.scheduled_at is None
    assert keep_claims.func() == 0


def test_a_text_that_stands_in_for_a_markets_language_is_checked_too() -> None:
    campaign = make_campaign(
        make_variant().product, names={"zh-Hans": "足金月戒"}, markets=["hk"], scheduled_at=None
    )
    found = findings(campaign, wiring.rulebook(), TODAY)
    assert {(each.market, each.language, each.words) for each in found} == {
        ("hk", "zh-Hans", "足金")
    }


def test_a_draft_is_previewed_by_marketers_alone() -> None:
    make_campaign(scheduled_at=None)
    place = "/hk/zh-hant/campaigns/mid-autumn/"
    assert Client().get(place).status_code == 404
    assert Client().get(place, {"preview": "2026-11-24"}).status_code == 404
    seen = marta().get(place, {"preview": "2026-11-24"})
    assert "月下" in seen.content.decode()
    assert seen["Cache-Control"] == "private, no-store"
    assert marta().get(place, {"preview": "2026-11-25"}).status_code == 404


def bag(*skus: str) -> str:
    """A new checkout in Hong Kong."""
    lines = tuple(LineRequest(sku, 1) for sku in skus)
    return wiring.checkouts().open(OpenCheckout("hk", "en", lines, "bob@example.org")).token


def test_an_offer_takes_off_its_pieces_alone_and_stops_at_the_floor() -> None:
    ring, other = make_variant(), make_variant(make_product())
    make_shop(ring, other)
    campaign = make_campaign(ring.product, first_day=_day(-1), last_day=_day(1))
    make_offer(campaign)
    token = bag(ring.sku, other.sku)
    full = {line.sku: line.unit_price for line in wiring.checkouts().get(token).lines}
    reduced = wiring.checkouts().apply_code(token, "moon10")
    assert reduced.code == "MOON10"
    assert reduced.discount == (full[ring.sku] * Decimal("0.1")).quantized()
    floor = full[ring.sku] - Money(Decimal(1), "HKD")
    PriceTerms.objects.filter(variant=ring).update(floor=floor.amount, currency="HKD")
    assert wiring.checkouts().apply_code(token, "moon10").discount == Money(Decimal(1), "HKD")


def test_an_offer_of_a_draft_or_of_another_market_does_not_hold() -> None:
    ring = make_variant()
    make_shop(ring)
    campaign = make_campaign(ring.product, scheduled_at=None, first_day=_day(-1), last_day=_day(1))
    make_offer(campaign)
    token = bag(ring.sku)
    with pytest.raises(InvalidRequest, match="not valid yet"):
        wiring.checkouts().apply_code(token, "MOON10")
    campaign.markets, campaign.scheduled_at = ["jp"], datetime(2026, 11, 1, tzinfo=UTC)
    campaign.save()
    with pytest.raises(InvalidRequest, match="not valid in this market"):
        wiring.checkouts().apply_code(token, "MOON10")


def test_one_use_a_shopper_is_one_use() -> None:
    make_offer(make_campaign(), per_shopper=0)
    with pytest.raises(InvalidRequest, match="used by you before"):
        promotions.use("MOON10", "bob@example.org")


def _day(offset: int) -> date:
    return wiring.now().date() + timedelta(days=offset)
