"""What one brand may use: over it a file or a sheet is refused, before anything is written."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from storefront_backend import wiring
from storefront_backend.accounts.models import BrandMembership, User
from storefront_backend.catalog.models import Brand, ImportRun, Product, ProductVariant
from storefront_backend.commerce.errors import BrandLimitReached
from storefront_backend.commerce.ports import AssetStore
from storefront_backend.models3d.models import Model, Upload
from storefront_backend.photographs.models import Photograph
from storefront_backend.pricing import brand_limits
from tests.builders import make_brand, make_product, make_rates, make_warehouse
from tests.catalog_import.workbooks import row
from tests.storefront_backend.pricing.imports import PRICED, bring_in, planned

pytestmark = pytest.mark.django_db

LION = row(**PRICED)
SECOND = row(sku="LION-2", **PRICED)
WAVE = row(product_code="WAVE", sku="WAVE-1", **PRICED)


@pytest.fixture
def brand() -> Brand:
    make_rates()
    make_warehouse()
    return make_brand("lingnan")


def store(brand: Brand, product: Product) -> None:
    """1,000 bytes of sheets (one handed in twice), 200 of a mesh, 30 on their way, 4 of a photo."""
    for name in ("a.xlsx", "b.xlsx"):
        ImportRun.objects.create(brand=brand, name=name, bytes=1000, source_key="one")
    Model.objects.create(brand=brand, product=product, source_key="k", source_bytes=200)
    for state in (Upload.State.RECEIVING, Upload.State.DONE):
        Upload.objects.create(
            brand=brand, product=product, bytes=30, part_bytes=30, state=state,
            expires_at=wiring.now(),
        )  # fmt: skip
    Photograph.objects.create(brand=brand, product=product, bytes=4, position=0)


def test_all_that_was_handed_over_is_counted_once(brand: Brand) -> None:
    store(brand, make_product(brand))
    assert brand_limits.stored_bytes(brand).used == 1234
    assert brand_limits.stored_bytes(make_brand("other")).used == 0


def test_a_mesh_and_a_photograph_that_do_not_fit_are_refused(
    brand: Brand, settings: Settings
) -> None:
    product = make_product(brand)
    store(brand, product)
    settings.BRAND_MAX_STORAGE = 1300
    photographs = wiring.photograph_desk(lambda: None)
    with pytest.raises(BrandLimitReached):
        wiring.upload_desk().begin(product, name="a.stl", size=67, by=None)
    with pytest.raises(BrandLimitReached):
        photographs.take(product, "a.jpg", io.BytesIO(b"x" * 67))
    assert (Upload.objects.count(), Photograph.objects.count()) == (2, 1)
    wiring.upload_desk().begin(product, name="a.stl", size=66, by=None)
    assert brand_limits.stored_bytes(brand).used == 1300


def test_room_that_is_taken_while_a_file_is_stored_is_not_given_twice(
    brand: Brand, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    product = make_product(brand)
    settings.BRAND_MAX_STORAGE = 100
    photographs = wiring.photograph_desk(lambda: None)
    put = type(photographs.store).put

    def slow(store: AssetStore, *args: Any, **said: Any) -> str:
        Model.objects.create(brand=brand, product=product, source_key="k", source_bytes=60)
        return put(store, *args, **said)

    monkeypatch.setattr(type(photographs.store), "put", slow)
    with pytest.raises(BrandLimitReached):
        photographs.take(product, "a.jpg", io.BytesIO(b"x" * 60))
    assert (Photograph.objects.count(), brand_limits.stored_bytes(brand).used) == (0, 60)


def test_a_brand_has_the_limits_that_an_operator_gave_it(brand: Brand) -> None:
    Brand.objects.filter(pk=brand.pk).update(most_variants=7, most_storage_gb=2, most_sheets=3)
    brand.refresh_from_db()
    assert (brand_limits.variants(brand).of, brand_limits.open_sheets(brand).of) == (7, 3)
    assert brand_limits.stored_bytes(brand).of == 2 << 30


def test_a_sheet_that_makes_too_many_variants_is_an_error_of_its_check(
    brand: Brand, tmp_path: Path, settings: Settings
) -> None:
    settings.BRAND_MAX_VARIANTS = 2
    bring_in(brand, tmp_path, LION, SECOND)
    _, checked, _ = planned(brand, tmp_path, LION, SECOND, WAVE)
    (problem,) = checked.result.errors
    assert (problem.code, problem.message) == (
        "brand_limit_reached", "3 variants would be on sale; a brand may have 2",
    )  # fmt: skip
    with pytest.raises(BrandLimitReached):
        bring_in(brand, tmp_path, LION, SECOND, WAVE, only_valid=True)
    assert not Product.objects.filter(code="WAVE").exists()


def test_what_the_sheet_replaces_or_withdraws_makes_room(
    brand: Brand, tmp_path: Path, settings: Settings
) -> None:
    settings.BRAND_MAX_VARIANTS = 2
    bring_in(brand, tmp_path, LION, SECOND)
    bring_in(brand, tmp_path, SECOND, WAVE)  # LION has one variant less
    bring_in(brand, tmp_path, LION, SECOND, retire_missing=True)
    on_sale = ProductVariant.objects.filter(is_active=True, product__is_published=True)
    assert on_sale.count() == brand_limits.variants(brand).used == 2


def test_a_brand_over_a_lowered_limit_still_changes_what_it_has(
    brand: Brand, tmp_path: Path, settings: Settings
) -> None:
    bring_in(brand, tmp_path, LION, SECOND)
    settings.BRAND_MAX_VARIANTS = 1
    bring_in(brand, tmp_path, {**LION, "name_en": "Lion"}, {**SECOND, "name_en": "Lion"})
    assert Product.objects.get().names["en"] == "Lion"


def test_the_desks_first_page_and_the_api_tell(brand: Brand, settings: Settings) -> None:
    user = User.objects.create_user("alice@example.org", "kapok-blossom-9")
    BrandMembership.objects.create(user=user, brand=brand, role="owner")
    client = Client()
    client.force_login(user)
    store(brand, make_product(brand))
    settings.BRAND_MAX_STORAGE = 2048
    page = client.get("/desk/brand/lingnan/").content.decode().replace("\xa0", " ")
    assert "1.2 KB of 2.0 KB" in page
    assert "2 of 10" in page
    sheet = client.post(
        "/api/desk/brands/lingnan/imports/?name=a.xlsx", b"x" * 900,
        content_type="application/octet-stream",
    )  # fmt: skip
    assert (sheet.status_code, sheet.json()["code"]) == (422, "brand_limit_reached")
