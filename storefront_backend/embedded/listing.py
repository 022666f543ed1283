"""Brings listings up to date: price, landed cost and verdict of each variant in each market."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from i18n.errors import SaleRefused
from i18n.listing import Verdict, may_list
from i18n.money import Money
from i18n.passport import Passport
from storefront_backend.catalog.models import Listing, ProductVariant, ShippingMethod
from storefront_backend.commerce.landed import LandedCosts, Parcel, cheapest_cover, supply_line
from storefront_backend.commerce.pricebook import PriceBook, PriceFormula

_BATCH = 500
_FIELDS = (
    "currency", "goods", "total", "landed", "price_parts", "verdict", "is_live", "rulebook",
    "rates", "updated_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lister:
    """Lists variants by one price book and one rulebook at one moment."""

    book: PriceBook
    costs: LandedCosts
    now: datetime

    def relist(self, variants: Iterable[ProductVariant], markets: Sequence[str]) -> int:
        """Write the listings of the variants in those markets; returns how many.

        One statement a batch: the whole batch changes at once. Variants need `product` loaded.
        Raises StaleRates before anything is written.
        """
        methods = _methods(markets)
        rows = [
            self._listing(variant, market, methods[market])
            for variant in variants
            for market in markets
        ]
        with transaction.atomic():
            Listing.objects.bulk_create(
                rows,
                batch_size=_BATCH,
                update_conflicts=True,
                unique_fields=("variant", "market"),
                update_fields=_FIELDS,
            )
        return len(rows)

    def _listing(
        self, variant: ProductVariant, market: str, methods: list[ShippingMethod]
    ) -> Listing:
        passport = Passport.from_json(variant.passport)
        formula = PriceFormula.from_json(variant.price_formula)
        parts = self.book.price(passport.metals, formula, market, self.now)
        row = Listing(
            variant=variant,
            market=market,
            currency=parts.goods.currency,
            goods=parts.goods.amount,
            price_parts=parts.to_json(),
            rulebook=self.costs.rulebook.version,
            rates=self.book.rates.version,
            updated_at=self.now,
        )
        verdict = may_list(
            passport,
            market,
            self.costs.rulebook,
            self.now.date(),
            accept_disputed=self.costs.accept_disputed,
        )
        wanted = market in variant.product.markets
        row.verdict = _verdict_json(verdict) | {"wanted": wanted}
        if not verdict.may_go_live or not wanted:
            return row
        self._reckon(row, passport, parts.goods, methods)
        return row

    def _reckon(
        self, row: Listing, passport: Passport, goods: Money, methods: list[ShippingMethod]
    ) -> None:
        method = cheapest_cover([_offer(method) for method in methods], goods)
        if method is None:
            row.verdict |= _stop("no_insured_delivery", "No carrier insures this value there")
            return
        parcel = Parcel(
            market=row.market,
            lines=(supply_line("1", passport, goods, 1),),
            shipping=Money(method.price, method.currency),
        )
        try:
            cost = self.costs.of(parcel, self.now.date())
        except SaleRefused as refusal:
            row.verdict |= _stop(refusal.rule, refusal.message)
            return
        row.landed = cost.to_json()
        row.total = cost.total.amount
        row.is_live = True


def _verdict_json(verdict: Verdict) -> dict[str, Any]:
    return {
        "outcome": verdict.outcome.value,
        "names": list(verdict.names),
        "forbidden_names": list(verdict.forbidden_names),
        "statements": list(verdict.statements),
        "findings": [
            {
                "rule": finding.rule,
                "message": finding.message,
                "state": finding.state.value,
                "need": finding.need,
                "outcome": finding.outcome.value,
                "source": {
                    "title": finding.source.title,
                    "url": finding.source.url,
                    "checked": finding.source.checked.isoformat(),
                },
            }
            for finding in verdict.findings
        ],
    }


def _stop(rule: str, message: str) -> dict[str, Any]:
    return {"stopped_by": rule, "stopped_because": message}


def _offer(method: ShippingMethod) -> tuple[Money, Money, ShippingMethod]:
    return (
        Money(method.price, method.currency),
        Money(method.insured_up_to, method.currency),
        method,
    )


def _methods(markets: Sequence[str]) -> dict[str, list[ShippingMethod]]:
    found: dict[str, list[ShippingMethod]] = defaultdict(list)
    for method in ShippingMethod.objects.filter(market__in=markets, is_active=True):
        found[method.market].append(method)
    return found
