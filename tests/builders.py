"""Rows and values with sensible defaults, so that a test states only what it is about."""

from __future__ import annotations

import io
import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from PIL import Image, ImageDraw

from i18n.passport import MetalPart, Passport, Stone
from i18n.price_formula import Making, PriceFormula
from storefront_backend import wiring
from storefront_backend.catalog.models import (
    Brand,
    Product,
    ProductVariant,
    Rate,
    ShippingMethod,
    Stock,
    Warehouse,
)
from storefront_backend.commerce.checkout import Address
from storefront_backend.models3d.models import Asset, Build, Model

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
MARKETS = ("us", "gb", "de", "jp", "ae", "hk")
_CURRENCIES = {"us": "USD", "gb": "GBP", "de": "EUR", "jp": "JPY", "ae": "AED", "hk": "HKD"}
_ADDRESSES = {
    "us": Address("Alice Shaw", "US", "350 5th Ave", "New York", "", "NY", "10118"),
    "gb": Address("Alice Shaw", "GB", "10 Downing St", "London", "", "", "SW1A 2AA"),
    "de": Address("Alice Schmidt", "DE", "Unter den Linden 1", "Berlin", "", "", "10117"),
    "jp": Address("佐藤 愛", "JP", "丸の内1-9-1", "千代田区", "", "東京都", "100-0005"),
    "ae": Address("أليس", "AE", "شارع الشيخ زايد 1", "دبي", "", "دبي", ""),
    "hk": Address("Alice Chan", "HK", "1 Queen's Road", "", "Central", "Hong Kong Island", ""),
}
_count = itertools.count(1)


def make_passport(kind: str = "ring", **fields: object) -> Passport:
    """An 18K yellow gold ring of 4 g, made in China."""
    defaults: dict[str, object] = {
        "metals": (MetalPart("gold-750-yellow", Decimal("4.0")),),
        "hs_code": "711319",
        "origin": "CN",
        "hallmarks": ("750",),
        "ring_size_mm": Decimal("54.4") if kind == "ring" else None,
    }
    return Passport(kind=kind, **(defaults | fields))  # type: ignore[arg-type]  # named by the test


def make_stone(kind: str = "diamond", carat: str = "0.50", **fields: object) -> Stone:
    """One natural stone."""
    from i18n.passport import StoneOrigin

    defaults: dict[str, object] = {"count": 1, "origin": StoneOrigin.NATURAL, "treatment": "none"}
    return Stone(kind=kind, carat=Decimal(carat), **(defaults | fields))  # type: ignore[arg-type]


def make_brand(slug: str = "", **fields: object) -> Brand:
    """A brand with a name in English."""
    slug = slug or f"brand-{next(_count)}"
    defaults: dict[str, object] = {"names": {"en": slug.replace("-", " ").title()}}
    return Brand.objects.create(slug=slug, **(defaults | fields))


def make_warehouse(slug: str = "shenzhen", country: str = "CN") -> Warehouse:
    """The warehouse of that name."""
    return Warehouse.objects.get_or_create(
        slug=slug, defaults={"name": slug.title(), "country": country}
    )[0]


def make_product(brand: Brand | None = None, **fields: object) -> Product:
    """A published ring that its brand wants to sell in six markets."""
    code = f"piece-{next(_count)}"
    defaults: dict[str, object] = {
        "code": code,
        "slug": code,
        "kind": "ring",
        "names": {"en": f"Ring {code}"},
        "markets": list(MARKETS),
    }
    return Product.objects.create(brand=brand or make_brand(), **(defaults | fields))


def make_variant(
    product: Product | None = None,
    *,
    stock: int = 5,
    passport: Passport | None = None,
    formula: PriceFormula | None = None,
    **fields: object,
) -> ProductVariant:
    """A variant with stock in Shenzhen."""
    product = product or make_product()
    passport = passport or make_passport(product.kind)
    main = passport.main_metal
    defaults: dict[str, object] = {
        "sku": f"sku-{next(_count)}",
        "alloy": main.alloy if main else "",
        "ring_size_mm": passport.ring_size_mm,
        "ring_size_label": "7" if passport.ring_size_mm else "",
        "ring_size_system": "us" if passport.ring_size_mm else "",
    }
    variant = ProductVariant.objects.create(
        brand=product.brand,
        product=product,
        passport=passport.to_json(),
        price_formula=(formula or make_formula()).to_json(),
        **(defaults | fields),
    )
    Stock.objects.create(warehouse=make_warehouse(), variant=variant, quantity=stock)
    return variant


def make_marked_variant(product: Product | None = None, **fields: object) -> ProductVariant:
    """A variant that carries the marks of every market that asks for one."""
    marks = ("750", "common-control-mark", "uae-official-stamp")
    passport = make_passport(product.kind if product else "ring", hallmarks=marks)
    return make_variant(product, passport=passport, **fields)  # type: ignore[arg-type]


def make_poster(product: Product, picture: bytes = b"", alloy: str = "") -> Asset:
    """A poster of a finished build; a gold ring on paper, when no picture is given."""
    model, _ = Model.objects.get_or_create(
        product=product, defaults={"brand": product.brand, "source_bytes": 1, "source_key": "-"}
    )
    if model.current_build is None:
        model.current_build = Build.objects.create(model=model, input_key="-", state="done")
        model.save()
    picture = picture or _drawn_ring()
    key = wiring.assets().put(io.BytesIO(picture), media_type="image/webp", public=True)
    return Asset.objects.create(
        build=model.current_build,
        kind="poster",
        variation="square",
        alloy=alloy,
        key=key,
        media_type="image/webp",
        bytes=len(picture),
        width=800,
        height=800,
    )


def _drawn_ring() -> bytes:
    picture = Image.new("RGB", (800, 800), "#faf7f0")
    ImageDraw.Draw(picture).ellipse((200, 200, 600, 600), outline="#c79a3f", width=60)
    file = io.BytesIO()
    picture.save(file, "WEBP")
    return file.getvalue()


def make_formula(**fields: object) -> PriceFormula:
    """Metal by weight, 60 CNY a gram of making, 20 % margin."""
    defaults: dict[str, object] = {
        "currency": "CNY",
        "making_kind": Making.PER_GRAM,
        "making": Decimal(60),
        "margin_percent": Decimal(20),
    }
    return PriceFormula(**(defaults | fields))  # type: ignore[arg-type]  # named by the test


def make_rates(as_of: datetime | None = None) -> None:
    """A round rate table in CNY: gold 900 a gram, 7 CNY to the dollar."""
    as_of = as_of or wiring.now() - timedelta(hours=1)
    metals = {"gold": 900, "silver": 11, "platinum": 320, "palladium": 260}
    exchange = {
        "USD": "0.14", "GBP": "0.11", "EUR": "0.13", "JPY": "21", "AED": "0.51", "HKD": "1.09",
    }  # fmt: skip
    Rate.objects.bulk_create(
        Rate(kind=kind, code=code, base="CNY", value=Decimal(value), source="builder", as_of=as_of)
        for kind, table in (("metal", metals), ("exchange", exchange))
        for code, value in table.items()
    )


def make_delivery(markets: Sequence[str] = MARKETS, price: str = "20") -> None:
    """One insured way into each market."""
    ShippingMethod.objects.bulk_create(
        ShippingMethod(
            market=market,
            slug="insured",
            names={"en": "Insured courier"},
            carrier="SF",
            currency=_CURRENCIES[market],
            price=Decimal(price),
            insured_up_to=Decimal(10_000_000),
            min_days=4,
            max_days=7,
        )
        for market in markets
    )


def make_shop(*variants: ProductVariant, markets: Sequence[str] = MARKETS) -> ProductVariant:
    """A shop that sells the variants (one ring, when none is given); returns the first."""
    make_rates()
    make_delivery(markets)
    chosen = variants or (make_variant(),)
    wiring.lister().relist(chosen, markets)
    return chosen[0]


def make_address(market: str = "de") -> Address:
    """A deliverable address in the market."""
    return _ADDRESSES[market]
