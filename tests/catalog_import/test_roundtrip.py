"""Any catalogue written to a sheet is read back as the very same drafts."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from unicodedata import normalize

from hypothesis import given, settings
from hypothesis import strategies as st

from catalog_import import ProductDraft, VariantDraft, check
from catalog_import.cells import says_nothing
from catalog_import.plan import Action, plan
from catalog_import.words import LANGUAGES, MARKETS
from i18n.metals import ALLOYS
from i18n.passport import PIECE_KINDS, STONE_KINDS, MetalPart, Passport, Stone, StoneOrigin
from i18n.price_formula import Making, PriceFormula
from tests.catalog_import.workbooks import xlsx

KINDS = sorted(set(PIECE_KINDS) - {"ring"})  # ring sizes have their own tests
_letters = st.characters(categories=["L", "N"])
# A cell "NA" says nothing: a name that is a placeholder is written as a marked text (test_export).
_latin = st.text(
    st.characters(min_codepoint=0x41, max_codepoint=0x7A, categories=["L"]), min_size=1
).filter(lambda word: not says_nothing(word))
_words = (
    st.text(_letters, min_size=1, max_size=20)
    .map(lambda word: normalize("NFC", word))
    .filter(lambda word: not says_nothing(word))
)
_amounts = st.decimals(min_value=0, max_value=99_999, places=2).map(lambda n: n.normalize() + 0)
_charges = st.decimals(min_value=0, max_value=999, places=2).map(lambda n: n.normalize() + 0)
_grams = st.decimals(min_value=Decimal("0.01"), max_value=900, places=3).filter(lambda n: n > 0)
_stones = st.builds(
    Stone,
    kind=st.sampled_from(STONE_KINDS),
    count=st.integers(1, 400),
    carat=_grams,
    origin=st.sampled_from(list(StoneOrigin)),
    treatment=st.sampled_from(["none", "heated", "oiled", "unknown"]),
    country=st.sampled_from(["", "CN", "MM", "LK"]),
)


@st.composite
def _variants(draw: st.DrawFn, sku: str, kind: str) -> VariantDraft:
    alloys = draw(st.lists(st.sampled_from(sorted(ALLOYS)), min_size=1, max_size=2, unique=True))
    passport = Passport(
        kind,
        tuple(MetalPart(alloy, draw(_grams)) for alloy in alloys),
        tuple(draw(st.lists(_stones, max_size=4))),
        origin=draw(st.sampled_from(["", "CN", "HK"])),
        hs_code=draw(st.sampled_from(["", "711319", "7113191000"])),
    )
    making = draw(st.sampled_from(Making))
    price = PriceFormula(
        currency=draw(st.sampled_from(["CNY", "HKD", "USD"])),
        making_kind=making,
        making=Decimal(0) if making.is_free else draw(_charges),
        stones=draw(_amounts),
        margin_percent=draw(st.sampled_from([Decimal("37.5"), Decimal(100)])),
        engraving=draw(_amounts),
        floor=draw(st.none() | st.just(Decimal("12.50"))),
        ceiling=draw(st.none() | st.just(Decimal(90_000))),
    )
    if draw(st.booleans()):
        price = replace(price, compare_at=(price.at_least + 1).quantize(Decimal("0.01")))
    days = draw(st.none() | st.integers(1, 365))
    return VariantDraft(sku, passport, "", "", price, draw(st.integers(0, 999)), days)


@st.composite
def _catalogues(draw: st.DrawFn) -> tuple[ProductDraft, ...]:
    products = []
    for number in range(draw(st.integers(1, 4))):
        code, kind = f"P{number}", draw(st.sampled_from(KINDS))
        names = draw(st.dictionaries(st.sampled_from(sorted(LANGUAGES)), _latin, max_size=4))
        skus = [f"{code}-{n}" for n in range(draw(st.integers(1, 3)))]
        products.append(
            ProductDraft(
                code,
                kind,
                {"en": draw(_latin), **names},
                collection=draw(st.just("") | _words),
                markets=tuple(draw(st.lists(st.sampled_from(MARKETS), min_size=1, unique=True))),
                engraving_max=draw(st.integers(0, 20)),
                variants=tuple(draw(_variants(sku, kind)) for sku in skus),
            )
        )
    return tuple(products)


def _rows(product: ProductDraft) -> list[dict[str, Any]]:
    shared: dict[str, Any] = {
        "product_code": product.code, "kind": product.kind, "markets": ", ".join(product.markets),
        "engraving_max": product.engraving_max, "collection": product.collection,
    }  # fmt: skip
    shared |= {
        f"name_{lang.lower().replace('-', '_')}": name for lang, name in product.names.items()
    }
    return [{**shared, **_row(variant)} for variant in product.variants]


def _row(variant: VariantDraft) -> dict[str, Any]:
    passport, price = variant.passport, variant.price
    cells: dict[str, Any] = {
        "sku": variant.sku, "origin": passport.origin, "hs_code": passport.hs_code,
        "currency": price.currency, "making_kind": price.making_kind,
        "making": None if price.making_kind.is_free else price.making,
        "stones_price": price.stones, "margin_percent": price.margin_percent,
        "engraving_price": price.engraving, "price_floor": price.floor,
        "price_ceiling": price.ceiling, "compare_at_price": price.compare_at,
        "stock": variant.stock, "made_to_order_days": variant.made_to_order_days,
    }  # fmt: skip
    for suffix, part in zip(("", "_2"), passport.metals, strict=False):
        cells |= {f"alloy{suffix}": part.alloy, f"grams{suffix}": str(part.grams)}
    for n, stone in enumerate(passport.stones, 1):
        cells |= {
            f"stone_{n}_kind": stone.kind, f"stone_{n}_count": stone.count,
            f"stone_{n}_carat": float(stone.carat), f"stone_{n}_origin": stone.origin.value,
            f"stone_{n}_treatment": stone.treatment, f"stone_{n}_country": stone.country,
        }  # fmt: skip
    return cells


@settings(max_examples=40, deadline=None)
@given(_catalogues())
def test_a_catalogue_written_to_a_workbook_is_read_back_the_same(
    products: tuple[ProductDraft, ...],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        rows = [row for product in products for row in _rows(product)]
        result = check(xlsx(Path(folder) / "a.xlsx", *rows))
    assert result.errors == ()
    assert result.products == products
    existing = {product.code: product for product in products}
    assert plan(result.products, existing).count(Action.UNCHANGED) == len(products)


@settings(max_examples=40, deadline=None)
@given(_catalogues())
def test_drafts_survive_json_exactly(products: tuple[ProductDraft, ...]) -> None:
    for product in products:
        assert ProductDraft.from_json(product.to_json()) == product
        assert ProductDraft.from_json(product.to_json()).to_json() == product.to_json()
