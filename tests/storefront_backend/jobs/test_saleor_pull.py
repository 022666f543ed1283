"""Taking in a catalogue that others made in Saleor."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from i18n.passport import Passport
from i18n.price_formula import PriceFormula
from storefront_backend import wiring
from storefront_backend.catalog.models import Product, ProductVariant, Stock
from storefront_backend.pricing.import_sink import BrandSink
from storefront_backend.saleor.transport import Saleor
from storefront_backend.saleor_rows.models import Installation, Intake
from tests.builders import (
    make_brand,
    make_delivery,
    make_product,
    make_rates,
    make_variant,
    make_warehouse,
)
from tests.fakes.saleor_foreign import UsedSaleor, choice, number, page, text
from tests.fakes.saleor_wire import TOKEN, URL

pytestmark = pytest.mark.django_db
KNOWN = [
    choice("material", "18K white gold", "Material"),
    number("gold-weight", 4.2),
    text("pavilion-hs-code", "711319"),
    text("made-in", "Hong Kong", "Made in"),
    number("pavilion-ring-size", 54.4),
]


@pytest.fixture
def used(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> UsedSaleor:
    saleor = UsedSaleor()
    settings.SALEOR_API_URL = URL
    settings.SALEOR_DASHBOARD_ORIGINS = ["https://dashboard.example"]
    settings.MARKETS = ["us", "de"]
    make_warehouse()
    make_brand("lanyue")
    row = Installation(api_url=URL, state=Installation.State.ACTIVE)
    row.token = TOKEN
    row.save()
    client = saleor.client()
    monkeypatch.setattr(
        wiring, "saleor_with_token", lambda url, token: Saleor(url, token, http=client)
    )
    return saleor


def said(*options: str) -> str:
    """What the command prints, whether or not something is held back."""
    out = io.StringIO()
    try:
        call_command("saleor_pull", *options, stdout=out)
    except CommandError as error:
        out.write(str(error))
    return out.getvalue()


def wave(used: UsedSaleor, *attributes: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A ring of theirs in one size."""
    variant = {
        "sku": "WAVE-52", "name": "52", "prices": {"us": 980.0, "de": 900.0},
        "stock": {"shenzhen": 3}, "assignedAttributes": [*attributes],
    }  # fmt: skip
    product = used.add("wave", variant, **({"name": "Wave ring"} | fields))
    used.publish("wave", "us")
    return product


def test_it_says_what_it_would_take_and_takes_nothing(used: UsedSaleor) -> None:
    wave(used, *KNOWN)
    answer = said("--brand", "lanyue")
    assert "+ wave  'Wave ring' → lanyue, ring" in answer
    assert "+ WAVE-52 52: gold-750-white 4.2 g, HS 711319, from HK, 54.4 mm, 980.00 USD" in answer
    assert not Product.objects.exists()
    assert "TakeIn" not in used.requests


def test_a_complete_piece_becomes_a_draft_with_all_that_is_known(used: UsedSaleor) -> None:
    product = wave(used, *KNOWN, media=[{"url": "http://s/1.jpg", "alt": "Front", "type": "IMAGE"}])
    product["_t"] = {"DE": {"name": "Wellenring"}}
    said("--brand", "lanyue", "--apply")
    row = Product.objects.get(slug="wave")
    assert (row.brand.slug, row.kind, row.is_published) == ("lanyue", "ring", False)
    assert row.names == {"en": "Wave ring", "de": "Wellenring"}
    assert row.markets == ["us"]
    variant = row.variants.get()
    passport = Passport.from_json(variant.passport)
    assert [(each.alloy, str(each.grams)) for each in passport.metals] == [
        ("gold-750-white", "4.2")
    ]
    assert (passport.hs_code, passport.origin, str(passport.ring_size_mm)) == (
        "711319",
        "HK",
        "54.4",
    )
    assert PriceFormula.from_json(variant.price_formula).fixed == 980
    assert (variant.is_active, Stock.objects.get(variant=variant).quantity) == (True, 3)
    assert Intake.objects.get().media == [["http://s/1.jpg", "Front"]]


def test_what_is_missing_is_told_with_a_code_and_an_address(used: UsedSaleor) -> None:
    product = wave(used, choice("material", "18K gold", "Material"))
    answer = said("--brand", "lanyue", "--apply")
    for code in ("unknown_alloy", "no_alloy", "no_hs_code", "no_origin", "no_ring_size"):
        assert f"! {code}  WAVE-52" in answer
    assert f"https://dashboard.example/products/{product['id']}" in answer
    variant = ProductVariant.objects.get(sku="WAVE-52")
    assert not variant.is_active
    assert set(Intake.objects.get().waiting["WAVE-52"]) == {
        "no_alloy", "no_hs_code", "no_origin", "no_ring_size"
    }  # fmt: skip


def test_again_it_changes_nothing(used: UsedSaleor) -> None:
    wave(used, *KNOWN)
    said("--brand", "lanyue", "--apply")
    used.requests.clear()
    assert "0 taken in, 0 with news, 1 as they were" in said("--brand", "lanyue", "--apply")
    assert "TakeIn" not in used.requests


@pytest.mark.parametrize("request_number", range(4))
def test_killed_at_any_request_it_goes_on(used: UsedSaleor, request_number: int) -> None:
    def cut(request: httpx.Request) -> httpx.Response:
        raise KeyboardInterrupt

    wave(used, *KNOWN)
    used.add("tide", {"sku": "TIDE-1"}, productType=used.kind("Bangles"))
    used.after_write = lambda operation: None
    original, count = used._answer, iter(range(99))

    def answer(request: httpx.Request) -> httpx.Response:
        done = original(request)
        return cut(request) if next(count) == request_number else done

    used._answer = answer  # type: ignore[method-assign]  # the process ends after this request
    client = used.client()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wiring, "saleor_with_token", lambda url, t: Saleor(url, t, http=client))
        if request_number < 3:
            with pytest.raises(KeyboardInterrupt):
                said("--brand", "lanyue", "--apply")
        said("--brand", "lanyue", "--apply")
    assert sorted(Product.objects.values_list("slug", flat=True)) == ["tide", "wave"]
    assert all(each["_meta"]["pavilion"] == "1" for each in used.products.values())


def test_the_brand_is_whoever_the_page_names(used: UsedSaleor) -> None:
    make_brand("suisui", names={"en": "Suisui Atelier"})
    wave(used, assignedAttributes=[page("brand", "suisui-page", "Suisui Atelier")])
    said("--apply")
    assert Product.objects.get().brand.slug == "suisui"


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("no_brand", {}),
        ("unknown_brand", {"assignedAttributes": [page("brand", "missing")]}),
        ("no_kind", {"_kind": "Homeware"}),
        ("not_a_piece", {"_kind": "Rings", "_shipped": False}),
    ],
)
def test_what_cannot_be_placed_is_held_back(
    used: UsedSaleor, code: str, fields: dict[str, Any]
) -> None:
    if "_kind" in fields:
        kind = used.kind(fields.pop("_kind"), shipped=fields.pop("_shipped", True))
        fields = {"productType": kind, "assignedAttributes": [page("brand", "lanyue")]}
    wave(used, **fields)
    answer = said("--apply")
    assert f"! {code}" in answer
    assert "1 held back" in answer
    assert not Product.objects.exists()


def test_a_piece_of_ours_is_never_taken_for_theirs(used: UsedSaleor) -> None:
    make_product(slug="wave", names={"en": "Ours"})
    make_variant(sku="TIDE-1")
    wave(used, *KNOWN)
    used.add("tide", {"sku": "TIDE-1"})
    answer = said("--brand", "lanyue", "--apply")
    assert "! slug_taken" in answer
    assert "! sku_taken" in answer
    assert Product.objects.get(slug="wave").names == {"en": "Ours"}


def test_prices_that_hold_tax_are_not_taken_for_net(used: UsedSaleor) -> None:
    used.with_tax = ("us", "de")
    wave(used, *KNOWN)
    assert "! price_with_tax  WAVE-52" in said("--brand", "lanyue", "--apply")
    assert not ProductVariant.objects.get().is_active


def test_facts_filled_in_over_there_wake_the_variant(used: UsedSaleor) -> None:
    product = wave(used)
    said("--brand", "lanyue", "--apply")
    product["variants"][0]["assignedAttributes"] = KNOWN
    assert wiring.saleor_intakes().complete_drafts(Installation.objects.get()) == 1
    variant = ProductVariant.objects.get()
    assert (variant.is_active, variant.alloy) == (True, "gold-750-white")
    assert Intake.objects.get().waiting == {}
    assert wiring.saleor_intakes().complete_drafts(Installation.objects.get()) == 0


def test_what_a_brand_wrote_is_never_written_over(used: UsedSaleor) -> None:
    product = wave(used, *KNOWN)
    product["_t"] = {"DE": {"name": "Wellenring"}}
    said("--brand", "lanyue", "--apply")
    row, variant = Product.objects.get(), ProductVariant.objects.get()
    row.names = {"en": "Tidal ring", "de": "Wellenring"}
    row.save()
    variant.passport = {**variant.passport, "origin": "CN"}
    variant.is_active = False
    variant.save()
    used.edit("wave", name="Their new name")
    used.edit_translation("wave", "DE", "Woge")
    said("--brand", "lanyue", "--apply")
    row.refresh_from_db()
    variant.refresh_from_db()
    assert row.names == {"en": "Tidal ring", "de": "Woge"}
    assert (variant.passport["origin"], variant.is_active) == ("CN", False)


def test_a_draft_stays_as_it_is_over_there(used: UsedSaleor) -> None:
    product = wave(used, *KNOWN)
    said("--brand", "lanyue", "--apply")
    wiring.saleor_push().everything(Installation.objects.get(), thorough=True)
    variant = product["variants"][0]
    assert variant["name"] == "52"
    assert [each["price"]["amount"] for each in variant["channelListings"]] == [980.0, 900.0]
    assert product["channelListings"][0]["isPublished"]


def test_webhooks_and_pushes_go_on_with_what_was_taken_in(
    used: UsedSaleor, settings: Settings
) -> None:
    make_rates()
    make_delivery()
    product = wave(used, *KNOWN)
    said("--brand", "lanyue", "--apply")
    row, installation = Product.objects.get(), Installation.objects.get()
    used.edit("wave", name="Wave ring, new")
    wiring.saleor_projection().pull(installation)
    row.refresh_from_db()
    assert row.names["en"] == "Wave ring, new"
    row.is_published, row.names = True, {**row.names, "ja": "波の指輪"}
    row.save()
    wiring.lister().relist(row.variants.select_related("product"), settings.MARKETS)
    report = wiring.saleor_push().everything(installation).report
    assert (report.updated, report.failures) == (("wave",), ())
    assert product["_t"]["JA"]["name"] == "波の指輪"
    assert product["variants"][0]["_meta"]["pavilion.passport"]
    assert wiring.saleor_push().everything(installation, thorough=True).report.unchanged == (
        "wave",
    )


def test_the_line_for_duty_is_pavilions_own(used: UsedSaleor) -> None:
    used.add(
        "pavilion-import-charges",
        {"sku": "PAVILION-IMPORT-CHARGES"},
        productType=used.kind("Duty", shipped=False),
    )
    assert "1 of Pavilion's own, 0 held back" in said("--apply")


def test_a_brands_next_sheet_leaves_alone_what_was_taken_in(used: UsedSaleor) -> None:
    wave(used, *KNOWN)
    said("--brand", "lanyue", "--apply")
    row = Product.objects.get()
    row.is_published = True
    row.save()
    sink = BrandSink(row.brand, make_warehouse(), Path(), wiring.assets(), lambda pk: None)
    assert sink.existing() == {}
