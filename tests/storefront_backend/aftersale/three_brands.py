"""An order of three brands from Germany, paid in the sandbox."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from i18n.passport import MetalPart
from storefront_backend import wiring
from storefront_backend.catalog.models import Brand, ProductVariant
from storefront_backend.commerce.checkout import LineRequest, OpenCheckout
from storefront_backend.commerce.orders import Order
from storefront_backend.orders.models import BrandTerms, Transaction
from tests.builders import (
    make_address,
    make_brand,
    make_passport,
    make_product,
    make_shop,
    make_variant,
)

BRANDS = ("aurelia", "bao", "canton")


@dataclass(frozen=True)
class Sold:
    """The order and what was sold, by brand slug."""

    order: Order
    variants: dict[str, ProductVariant]

    def line(self, brand: str) -> str:
        """The order line of the brand."""
        return next(line.id for line in self.order.lines if line.brand == brand)


def make_brands() -> dict[str, Brand]:
    """Three houses: the shop keeps 15 %, 12 % and nothing, with 6 % tax on what it keeps."""
    brands = {slug: make_brand(slug, legal_name=f"{slug.title()} Ltd.") for slug in BRANDS}
    for slug, share in (("aurelia", "0.15"), ("bao", "0.12")):
        BrandTerms.objects.create(
            brand=brands[slug], commission=Decimal(share), commission_tax=Decimal("0.06")
        )
    return brands


def sell_three(
    quantities: tuple[int, int, int] = (1, 2, 1), market: str = "de", grams: str = "4.0"
) -> Sold:
    """One payment for a ring of each house; bao sells two. The rings of aurelia weigh `grams`."""
    variants = {
        slug: make_variant(make_product(brand), passport=make_passport(metals=(_gold(weight),)))
        for (slug, brand), weight in zip(make_brands().items(), (grams, "4.0", "4.0"), strict=True)
    }
    make_shop(*variants.values())
    engine = wiring.checkouts()
    lines = [
        LineRequest(variants[slug].sku, quantity)
        for slug, quantity in zip(BRANDS, quantities, strict=True)
    ]
    opened = engine.open(OpenCheckout(market, "de", tuple(lines)))
    engine.set_delivery(
        opened.token,
        email="alice@example.com",
        shipping=make_address(market),
        billing=None,
        option="",
    )
    session = wiring.payment_desk().begin(
        opened.token, return_url="http://shop/{reference}", cancel_url="http://shop/"
    )
    wiring.sandbox().pay(session.provider_id)
    payment = Transaction.objects.get(provider_id=session.provider_id)
    order = wiring.payment_desk().settle(str(payment.reference))
    assert order is not None
    return Sold(order, variants)


def _gold(grams: str) -> MetalPart:
    return MetalPart("gold-750-yellow", Decimal(grams))
