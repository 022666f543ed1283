"""A brand sends photographs and a mesh in a real browser, and names a part by clicking it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from storefront_backend.jobs.builds import build_model
from storefront_backend.jobs.photographs import develop_photograph
from storefront_backend.jobs.uploads import finish_upload
from storefront_backend.models3d.models import Build, Model, Upload
from storefront_backend.photographs.models import Photograph
from tests.asset_folder import assets_in
from tests.builders import make_brand, make_rates
from tests.catalog_import.workbooks import row
from tests.e2e.test_brand_sheet import sign_in
from tests.e2e.test_shopper import check
from tests.patience import milliseconds
from tests.showroom.photographs.pictures import photograph
from tests.showroom.workpieces import torus, write_stl
from tests.storefront_backend.pricing.imports import PRICED, bring_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def asset_folder(tmp_path: Path, settings: Settings) -> Iterator[None]:
    settings.BUILD_RECIPE = "quick"
    with assets_in(tmp_path / "assets", settings):
        yield


@pytest.fixture
def place(shop: str, browser_page: Page, tmp_path: Path) -> str:
    """The address of a ring at the desk of alice."""
    make_rates()
    brand = make_brand("lotus")
    ring = row(product_code="RING", sku="RING-1", kind="ring", ring_size="US 7", **PRICED)
    bring_in(brand, tmp_path, ring)
    sign_in(browser_page, shop, brand)
    return f"{shop}/desk/brand/lotus/pieces/{brand.products.get().pk}/"


def test_photographs_chosen_in_the_browser_are_sent_and_shown(
    place: str, browser_page: Page, tmp_path: Path
) -> None:
    page = browser_page
    files = [photograph(tmp_path / name, (500, 400)) for name in ("a.jpg", "b.png")]
    page.goto(f"{place}photographs/")
    check(page)
    page.set_input_files("#files", files)
    expect(page.locator(".photo")).to_have_count(2)
    for _ in files:
        develop_photograph.call()
    expect(page.locator(".photo img")).to_have_count(2)  # the page came by itself
    check(page)
    assert Photograph.objects.filter(state="ready").count() == 2


def test_a_mesh_is_sent_in_parts_and_its_part_named_by_clicking_it(
    place: str, browser_page: Page, tmp_path: Path
) -> None:
    page = browser_page
    mesh = write_stl(tmp_path / "ring.stl", torus(around=48, across=16))
    page.goto(f"{place}model/")
    page.set_input_files("#mesh", mesh)
    expect(page.locator("[data-waiting]").first).to_be_attached()
    finish_upload.call(str(Upload.objects.get().pk))
    build_model.call(Build.objects.get().pk)
    page.goto(f"{place}model/")
    check(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    viewer = page.locator("pavilion-viewer")
    viewer.scroll_into_view_if_needed()
    expect(viewer).to_have_attribute("data-state", "shown", timeout=milliseconds(60))
    box = viewer.bounding_box()
    assert box is not None
    chosen = page.locator("[data-part].is-chosen")
    for share in range(2, 100, 2):  # down through the piece until the band is under the pointer
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] * share / 100)
        if chosen.count():
            break
    expect(chosen).to_have_count(1)
    chosen.locator("select").select_option("metal:platinum-950")
    page.locator(".mapping button.act").click()
    page.wait_for_load_state()
    (said,) = Model.objects.get().declared["overrides"].values()
    assert said == {"role": "metal", "material": "platinum-950"}
