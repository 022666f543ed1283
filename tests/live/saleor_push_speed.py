"""How fast the catalogue goes into a running Saleor, against that Saleor's own bulk mutation.

    SALEOR_API_URL=… SALEOR_APP_TOKEN=… .venv/bin/python -m tests.live.saleor_push_speed

Raw is productBulkCreate with the very same rows, batch after batch, as fast as Saleor answers; a
push first reads what exists, creates, and translates. Raw and pushed rounds alternate, and the best
of each counts, since on a busy machine all others tell of the neighbours. Exits with 1 when the
push reaches less than 90 % of raw.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import uuid
from decimal import Decimal

import httpx

from i18n.money import Money
from storefront_backend.commerce.catalogue import (
    CatalogProduct,
    CatalogVariant,
    ListingPrice,
    StockLevel,
)
from storefront_backend.saleor.catalogue.brands import brand_pages
from storefront_backend.saleor.catalogue.engine import BATCH, SaleorCatalog
from storefront_backend.saleor.catalogue.reading import surroundings
from storefront_backend.saleor.catalogue.translating import (
    Translations,
    translate,
    translations_of,
)
from storefront_backend.saleor.catalogue.writing import to_create, wanted
from storefront_backend.saleor.transport import Patience, Saleor

MARKETS = {"us": "USD", "de": "EUR", "jp": "JPY"}
ALLOYS = ("gold-750-yellow", "gold-750-white", "platinum-950")
LANGUAGES = ("zh-Hans", "zh-Hant", "ja", "ko", "fr", "de", "it", "ar", "th", "ms")


def rich(number: int, run: str, *, translated: bool) -> CatalogProduct:
    """A ring in three alloys: a diamond, ten facts a variant, three markets, one warehouse."""
    from i18n.passport import MetalPart, Passport, Stone, StoneOrigin

    slug = f"speed-{run}-{number}"
    variants = []
    for alloy in ALLOYS:
        sku = f"{slug}-{alloy}"
        stone = Stone("diamond", 1, Decimal("0.50"), StoneOrigin.NATURAL, "none", "round")
        passport = Passport(
            kind="ring",
            metals=(MetalPart(alloy, Decimal("4.2")),),
            stones=(stone,),
            hallmarks=("750",),
            origin="CN",
            hs_code="711319",
            ring_size_mm=Decimal("54.4"),
            certificates=("GIA 2141438171",),
        )
        prices = tuple(
            ListingPrice(sku, market, Money(Decimal(1200 + number), currency))
            for market, currency in MARKETS.items()
        )
        labels = {language: f"{alloy} ({language})" for language in LANGUAGES if translated}
        stock = (StockLevel(sku, "shenzhen", 3),)
        variants.append(CatalogVariant(sku, alloy, passport, prices, stock, labels=labels))
    names = {"en": f"Kapok solitaire {number}"}
    texts = {"en": "Cast and set by hand in Shunde.\n\nThe diamond is natural."}
    if translated:
        names |= {language: f"{names['en']} ({language})" for language in LANGUAGES}
        texts |= {language: f"{texts['en']} ({language})" for language in LANGUAGES}
    return CatalogProduct(
        slug, "speed", "ring", names, texts, tuple(variants), tuple(MARKETS), "Speed"
    )


def raw_seconds(saleor: Saleor, products: list[CatalogProduct], *, translated: bool) -> float:
    """The bulk mutations alone, on rows that were prepared before the clock starts."""
    around = surroundings(saleor, ["ring"])
    pages = brand_pages(saleor, products, around)
    wants = [wanted(product, pages["speed"]) for product in products]
    rows = [to_create(want, around) for want in wants]
    began = time.monotonic()
    texts = Translations()
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        answer = saleor.run("catalogue/create_products", products=batch)
        for want, each in zip(
            wants[start:], answer.data["productBulkCreate"]["results"], strict=False
        ):
            ids = {variant["sku"]: variant["id"] for variant in each["product"]["variants"]}
            texts += translations_of(want, want.texts, each["product"]["id"], ids)
    if translated:
        translate(saleor, texts)
    return time.monotonic() - began


def pushed_seconds(saleor: Saleor, products: list[CatalogProduct]) -> float:
    """The same through the port."""
    began = time.monotonic()
    report = SaleorCatalog(saleor).publish(products)
    took = time.monotonic() - began
    assert len(report.created) == len(products), report.failures[:3]
    return took


def main() -> int:
    """Measure, print, judge."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--products", type=int, default=100)
    options.add_argument("--rounds", type=int, default=2)
    chosen = options.parse_args()
    patience = Patience(read=180)
    saleor = Saleor(
        os.environ["SALEOR_API_URL"],
        os.environ["SALEOR_APP_TOKEN"],
        http=httpx.Client(),
        patience=patience,
    )
    worst = 10.0
    for translated in (False, True):
        raw, pushed = [], []
        for _ in range(chosen.rounds):
            for times in (raw, pushed):
                run = uuid.uuid4().hex[:6]
                products = [
                    rich(number, run, translated=translated) for number in range(chosen.products)
                ]
                times.append(
                    raw_seconds(saleor, products, translated=translated)
                    if times is raw
                    else pushed_seconds(saleor, products)
                )
        rates = [chosen.products / min(times) for times in (raw, pushed)]
        share = rates[1] / rates[0]
        worst = min(worst, share)
        what = "with ten translations" if translated else "in one language"
        print(
            f"{chosen.products} rings {what}: raw {rates[0]:.1f} a second, "
            f"pushed {rates[1]:.1f} a second, {share:.0%} "
            f"(raw {', '.join(f'{t:.1f}' for t in raw)} s; "
            f"pushed {', '.join(f'{t:.1f}' for t in pushed)} s)",
            flush=True,
        )
    return 0 if worst >= 0.9 else 1


if __name__ == "__main__":
    sys.exit(main())
