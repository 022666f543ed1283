"""Finds prices of a sheet that move too far from the live ones: a slip of a column or a unit.

Both prices are made with the rates of this moment, so that only what the sheet says can move them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from catalog_import import PriceMove, VariantDraft
from i18n.passport import MetalPart, Passport
from i18n.price_formula import PriceFormula, price_terms
from storefront_backend.catalog.models import Brand, ProductVariant
from storefront_backend.commerce.errors import StaleRates
from storefront_backend.commerce.pricebook import PriceBook

type Live = Mapping[str, tuple[PriceFormula, tuple[MetalPart, ...]]]


@dataclass(frozen=True, slots=True)
class PriceMoves:
    """A catalog_import PriceGuard over a brand's live variants.

    `limit` is a share: 0.3 lets a price move by 30 %. `accepted` are the SKUs whose moves somebody
    has confirmed; "*" confirms all. `book` raises StaleRates where there are no rates.
    """

    live: Live
    book: Callable[[], PriceBook]
    now: datetime
    limit: Decimal
    accepted: frozenset[str] = frozenset()
    _books: list[PriceBook] = field(default_factory=list, repr=False)

    def __call__(self, product: str, variant: VariantDraft) -> PriceMove | None:
        """The variant's move where it is too large, else None."""
        if variant.sku not in self.live or self.accepted & {"*", variant.sku}:
            return None
        formula, metals = variant.price, variant.passport.metals
        before, live_metals = self.live[variant.sku]
        if (formula, metals) == (before, live_metals):
            return None
        try:
            old = self._home(before, live_metals)
            new = self._home(formula, metals) * self._exchange(formula.currency, before.currency)
        except StaleRates:
            # Without rates nothing can be compared, and nothing is taken for small.
            return PriceMove(product, variant.sku, "?", "?", Decimal(0))
        if old > 0 and abs(new / old - 1) <= self.limit:
            return None
        percent = ((new / old - 1) * 100).quantize(Decimal("0.1")) if old > 0 else Decimal(100)
        return PriceMove(
            product,
            variant.sku,
            f"{old:.2f} {before.currency}",
            f"{new:.2f} {before.currency}",
            percent,
        )

    def _home(self, formula: PriceFormula, metals: tuple[MetalPart, ...]) -> Decimal:
        terms = price_terms(formula, metals)
        per_gram = {
            metal: self._book.per_gram(metal, terms.currency, self.now) for metal in terms.weights
        }
        return terms.home(per_gram)

    def _exchange(self, home: str, other: str) -> Decimal:
        if home == other:
            return Decimal(1)
        book = self._book
        return book.rates.exchange_between(home, other, self.now, book.max_rate_age)

    @property
    def _book(self) -> PriceBook:
        if not self._books:
            self._books.append(self.book())
        return self._books[0]


def live_prices(brand: Brand) -> Live:
    """What the brand's pieces on sale are priced by, by its own SKU."""
    rows = ProductVariant.objects.filter(
        brand=brand, is_active=True, product__is_published=True
    ).exclude(own_sku="")
    return {
        row.own_sku: (
            PriceFormula.from_json(row.price_formula),
            Passport.from_json(row.passport).metals,
        )
        for row in rows.only("own_sku", "price_formula", "passport")
    }
