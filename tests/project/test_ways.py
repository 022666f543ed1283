"""The ways of docs/architecture.md, walked: what the page names is what runs."""

from __future__ import annotations

import gc
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import _lru_cache_wrapper
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from storefront_backend.catalog.models import Listing, Warehouse
from storefront_backend.jobs.catalogue import import_sheet
from storefront_backend.jobs.listing import relist_products
from storefront_backend.orders.models import LedgerEntry, Order
from tests.builders import make_brand, make_shop
from tests.catalog_import.workbooks import row, xlsx
from tests.project.files import ROOT, text
from tests.storefront_backend.stripe_shop import shop_with_stripe
from tests.storefront_backend.web.test_checkout import open_checkout, pay, send_address
from tests.storefront_backend.web.test_paying_with_stripe import post_webhook, sent_to_pay

pytestmark = pytest.mark.django_db
PAGE = Path("docs/architecture.md")
TOPS = ("storefront_backend", "catalog_import", "infra", "i18n", "showroom")
# What every request goes through, whatever it is about.
EVERYWHERE = re.compile(
    r"settings|middleware|request_log|log_setup|templatetags|errors\.py|request_text|proxies"
    r"|web/(places|urls)|queue_pages|sign_in|apps\.py"
)
# Other doors to the same way, definitions that nothing calls, and rows (their classes are made at
# the start).
NOT_WALKED = {
    "jobs/management/commands/import_sheet.py", "api/desk/imports.py", "jobs/sheet_imports.py",
    "api/checkouts.py", "commerce/ports.py", "catalog/prices.py", "pricing/undo.py",
    "catalog_import/confined/tasks.py", "catalog_import/sheets.py",  # in the confined child
}  # fmt: skip
OPTIMIZED = 1  # the flag of a function's code; a class body has none


@contextmanager
def walked() -> Iterator[set[str]]:
    """The project's files of which a function is called meanwhile."""
    found: set[str] = set()

    def note(frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if event == "call" and code.co_flags & OPTIMIZED:
            name = code.co_filename.removeprefix(f"{ROOT}/")
            if name.startswith(TOPS) and not EVERYWHERE.search(name):
                found.add(name.removeprefix("storefront_backend/"))

    # An earlier test may have had its answers kept. (`isinstance` would wake lazy objects.)
    for kept in gc.get_objects():
        if type(kept) is _lru_cache_wrapper and kept.__module__.startswith("catalog_import"):
            kept.cache_clear()
    for address in ("/de/en/", "/de/en/jewellery/"):  # what is loaded by the first request
        Client().get(address)
    sys.setprofile(note)
    try:
        yield found
    finally:
        sys.setprofile(None)


def named(way: int) -> set[str]:
    """The Python files in the numbered steps of a way."""
    part = text(PAGE).split(f"\n### {way}. ")[1].split("\n##")[0]
    steps = "\n".join(line for line in part.splitlines() if re.match(r"\d\. ", line))
    return set(re.findall(r"`([\w./]+\.py)`", steps))


def is_counted(way: str, files: set[str]) -> bool:
    """Whether the page's number of files is right to a sixth: caches leave some out."""
    [number] = re.findall(rf"^\| {way} \| \d+ \| (\d+) \|", text(PAGE), re.M)
    return abs(len(files) - int(number)) * 6 <= int(number)


def test_a_price_goes_from_a_sheet_to_a_page(settings: Settings, tmp_path: Path) -> None:
    settings.MARKETS = ("de",)
    make_shop()
    priced = row(fixed_price=12_800, markets="de", hs_code="711319", origin="CN")
    sheet = xlsx(tmp_path / "a.xlsx", priced)
    brand = make_brand("lingnan")
    with walked() as files:
        import_sheet(brand, sheet, Warehouse.objects.get(), lambda problem: None)
        product = brand.products.get()
        relist_products.func([product.pk])
        page = Client().get(f"/de/en/jewellery/{product.slug}/")
    assert page.status_code == 200
    assert Listing.objects.get(variant__product=product).is_live
    assert named(1) - NOT_WALKED - files == set()
    assert is_counted("sheet price → page", files)


def test_a_line_goes_from_a_checkout_to_the_ledger(client: Client) -> None:
    ring = make_shop()
    with walked() as files:
        path = open_checkout(client, ring)
        send_address(client, path)
        client.post(f"{path}delivery/", {"option": "insured"})
        pay(client, path, "pay")
    assert LedgerEntry.objects.exists()
    assert named(2) - NOT_WALKED - files == set()
    assert is_counted("checkout line → ledger", files)


def test_an_event_of_stripe_goes_to_the_state_of_an_order(
    client: Client, settings: Settings
) -> None:
    with shop_with_stripe(settings) as server:
        _, session = sent_to_pay(client)
        intent = server.pay(session["id"])
        with walked() as files:
            assert post_webhook(client, server, "payment_intent.succeeded", intent) == 204
    assert Order.objects.exists()
    assert named(3) - NOT_WALKED - files == set()
    assert is_counted("Stripe event → order state", files)
