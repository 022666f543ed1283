"""Listings follow their products and the law, whatever is killed in between."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import Settings

from i18n.passport import MetalPart
from storefront_backend import wiring
from storefront_backend.background.models import Failure
from storefront_backend.catalog.models import Listing, Product, ProductVariant, Relisting, Ruling
from storefront_backend.catalog.relisting import mark_for_relisting
from storefront_backend.jobs.listing import follow_law, relist_lagging, relister
from storefront_backend.jobs.sweep import STEPS
from storefront_backend.pricing import relisting
from storefront_backend.pricing.listing import Lister
from tests.builders import (
    MARKETS,
    make_brand,
    make_formula,
    make_passport,
    make_product,
    make_shop,
    make_variant,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _markets(settings: Settings) -> None:
    settings.MARKETS = list(MARKETS)


class Killed(BaseException):
    """No code of ours runs after it."""


@pytest.fixture
def shop() -> ProductVariant:
    """One variant that is listed, and nothing that lags."""
    variant = make_shop(make_variant())
    relist_lagging()
    assert not Product.objects.exclude(relist_needed_at=None).exists()
    return variant


def raise_the_price(variant: ProductVariant) -> None:
    formula = make_formula(fixed=Decimal(9000)).to_json()
    ProductVariant.objects.filter(pk=variant.pk).update(price_formula=formula)


def goods(variant: ProductVariant) -> Decimal | None:
    return Listing.objects.get(variant=variant, market="us").goods


def test_an_update_that_is_killed_before_its_follow_up_is_listed_by_the_sweep(
    shop: ProductVariant,
) -> None:
    before = goods(shop)
    raise_the_price(shop)
    mark_for_relisting([shop.product_id])  # in the importer's transaction; then it is killed
    assert relist_lagging() == 1
    assert goods(shop) != before
    assert relist_lagging() == 0


def test_a_relisting_that_is_killed_is_done_again(
    shop: ProductVariant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kill(*given: object) -> None:
        raise Killed

    raise_the_price(shop)
    mark_for_relisting([shop.product_id])
    monkeypatch.setattr("storefront_backend.pricing.listing._upsert", kill)
    with pytest.raises(Killed):
        relist_lagging()
    monkeypatch.undo()
    assert relist_lagging() == 1


def test_a_mark_that_is_set_while_we_list_stays(shop: ProductVariant) -> None:
    mark_for_relisting([shop.product_id])

    def changed(ids: object) -> None:
        mark_for_relisting([shop.product_id])

    raise_the_price(shop)
    wiring.relister(changed).products([shop.product_id])
    assert Product.objects.get(pk=shop.product_id).relist_needed_at is not None


def test_a_product_without_variants_is_looked_at_once() -> None:
    make_shop(make_variant())
    make_product()
    assert STEPS["products"]() == 2
    assert STEPS["products"]() == 0


def test_one_product_that_cannot_be_listed_keeps_no_other_waiting(shop: ProductVariant) -> None:
    bad = make_variant()
    ProductVariant.objects.filter(pk=bad.pk).update(price_formula={"nonsense": 1})
    raise_the_price(shop)
    mark_for_relisting([shop.product_id, bad.product_id])
    before = goods(shop)
    assert relist_lagging() == 1
    assert goods(shop) != before
    failure = Failure.objects.get()
    assert (failure.kind, failure.item) == ("relist", str(bad.product_id))
    assert relist_lagging() == 0
    ProductVariant.objects.filter(pk=bad.pk).update(price_formula=make_formula().to_json())
    mark_for_relisting([bad.product_id])  # the brand has sent a better one: no waiting
    assert relist_lagging() == 1
    assert not Failure.objects.exists()


def test_a_day_makes_one_pass_and_a_new_day_or_setting_another(
    shop: ProductVariant, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    assert (follow_law(), follow_law()) == (1, 0)
    settings.ACCEPT_DISPUTED_RULES = frozenset({"a-rule"})
    assert (follow_law(), follow_law()) == (1, 0)
    tomorrow = wiring.now() + timedelta(days=1)
    for room in (wiring, wiring.pricing):
        monkeypatch.setattr(room, "now", lambda: tomorrow)
    assert (follow_law(), follow_law()) == (1, 0)
    assert Relisting.objects.filter(done_at=None).count() == 0


def test_a_pass_that_is_killed_goes_on_behind_its_last_chunk(
    shop: ProductVariant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relisting, "CHUNK", 1)
    for _ in range(3):
        make_variant()
    seen: list[int] = []
    relist = Lister.relist

    def killed_at_the_third(self: Lister, variants, markets) -> int:
        variants = list(variants)
        if len(seen) == 2:
            seen.append(0)
            raise Killed
        seen.extend(variant.pk for variant in variants)
        return relist(self, variants, markets)

    monkeypatch.setattr(Lister, "relist", killed_at_the_third)
    with pytest.raises(Killed):
        follow_law()
    assert follow_law() == 1
    assert sorted(filter(None, seen)) == list(
        ProductVariant.objects.order_by("pk").values_list("pk", flat=True)
    )
    assert Relisting.objects.get().products == 4


def test_a_pass_leaves_a_product_that_cannot_be_listed_to_the_sweep(shop: ProductVariant) -> None:
    bad = make_variant()
    ProductVariant.objects.filter(pk=bad.pk).update(price_formula={"nonsense": 1})
    assert follow_law() == 1
    assert Relisting.objects.get().failed == 2
    relist_lagging()
    assert Failure.objects.get().item == str(bad.product_id)


def test_what_has_not_changed_is_not_written_again(shop: ProductVariant) -> None:
    written = dict(Listing.objects.values_list("pk", "updated_at"))
    assert relister().products([shop.product_id]) == 0
    assert dict(Listing.objects.values_list("pk", "updated_at")) == written


def test_the_command_relists_one_brand_in_one_market(shop: ProductVariant, capsys) -> None:
    other = make_variant(make_product(make_brand("other")))
    call_command("relist", "--brand", "other", "--market", "jp")
    assert set(Listing.objects.filter(variant=other).values_list("market", flat=True)) == {"jp"}
    assert "1 products, 1 listings changed" in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_two_listers_of_the_same_rulings_never_wait_in_a_circle() -> None:
    """`catalog_ruling_digest_key` deadlocked when both inserted them as they came."""
    make_shop()
    alloys = ("gold-750-yellow", "silver-925", "platinum-950", "gold-375-yellow", "palladium-950")
    variants = [
        make_variant(passport=make_passport(metals=(MetalPart(alloy, Decimal(4)),), origin=origin))
        for alloy in alloys
        for origin in ("CN", "HK", "")
    ]
    ids, errors = [variant.pk for variant in variants], list[Exception]()
    together = threading.Barrier(2)

    def relist(step: int) -> None:
        try:
            rows = ProductVariant.objects.select_related("product").in_bulk(ids)
            together.wait()
            wiring.lister().relist(list(rows.values())[::step], ("us", "de", "jp")[::step])
        except Exception as error:  # noqa: BLE001 - reported below, in the test's own thread
            errors.append(error)
        finally:
            connection.close()

    for _ in range(3):
        Listing.objects.all().delete()
        Ruling.objects.all().delete()
        threads = [threading.Thread(target=relist, args=(step,)) for step in (1, -1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not errors
    assert Listing.objects.count() == len(ids) * 3
