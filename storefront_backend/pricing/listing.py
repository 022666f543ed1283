"""Brings listings up to date: price, landed total and verdict of each variant in each market."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from i18n.errors import SaleRefused
from i18n.listing import Verdict, may_list
from i18n.money import Money
from i18n.passport import Passport
from storefront_backend.catalog.models import (
    Listing,
    PastPrice,
    PriceTerms,
    ProductVariant,
    Ruling,
    ShippingMethod,
    TariffClass,
)
from storefront_backend.commerce.delivery import insuring
from storefront_backend.commerce.formula import PriceFormula, price_terms
from storefront_backend.commerce.formula import PriceTerms as Terms
from storefront_backend.commerce.landed import LandedCosts, Parcel, supply_line
from storefront_backend.commerce.pricebook import METALS, PriceBook
from storefront_backend.commerce.reductions import PRIOR_PERIOD
from storefront_backend.pricing.market_locks import hold_together

_BATCH = 500
_FIELDS = (
    "currency", "goods", "total", "shipping", "ruling", "is_wanted", "may_sell", "is_live",
    "stopped_by", "stopped_because", "rulebook", "rates", "updated_at",
)  # fmt: skip
_TERMS = ("currency", "constant", *METALS, "floor", "ceiling", "tariff")
NOT_INSURED = ("no_insured_delivery", "No carrier insures this value there")


@dataclass(frozen=True, slots=True)
class Lister:
    """Lists variants by one price book and one rulebook at one moment."""

    book: PriceBook
    costs: LandedCosts
    now: datetime
    _rulings: dict[str, Ruling] = field(default_factory=dict, repr=False)
    _tariffs: dict[tuple[Any, ...], TariffClass] = field(default_factory=dict, repr=False)

    def relist(self, variants: Iterable[ProductVariant], markets: Sequence[str]) -> int:
        """Write the listings of the variants in those markets; returns how many.

        One transaction: all of it changes at once. Variants need `product` loaded. Raises
        StaleRates before anything is written.
        """
        variants = list(variants)
        with transaction.atomic():
            hold_together(markets)
            methods = shipping_methods(markets)
            terms, rows = [], []
            for variant in variants:
                passport = Passport.from_json(variant.passport)
                formula = PriceFormula.from_json(variant.price_formula)
                price = price_terms(formula, passport.metals)
                terms.append(self._terms_row(variant, passport, price))
                rows += [
                    self._listing(variant, market, methods[market], passport, price)
                    for market in markets
                ]
            _upsert(PriceTerms, terms, ("variant",), _TERMS)
            keep_past_prices(variants, rows, self.costs, self.now)
            _upsert(Listing, rows, ("variant", "market"), _FIELDS)
        return len(rows)

    def _listing(
        self,
        variant: ProductVariant,
        market: str,
        methods: list[ShippingMethod],
        passport: Passport,
        terms: Terms,
    ) -> Listing:
        goods = self.book.goods(terms, market, self.now)
        verdict = may_list(
            passport,
            market,
            self.costs.rulebook,
            self.now.date(),
            accept_disputed=self.costs.accept_disputed,
        )
        wanted = market in variant.product.markets
        row = Listing(
            variant=variant,
            market=market,
            currency=goods.currency,
            goods=goods.amount,
            ruling=self._ruling(_verdict_json(verdict)),
            is_wanted=wanted,
            may_sell=verdict.may_go_live and wanted,
            rulebook=self.costs.rulebook.version,
            rates=self.book.rates.version,
            updated_at=self.now,
        )
        if row.may_sell:
            self._reckon(row, passport, goods, methods)
        return row

    def _reckon(
        self, row: Listing, passport: Passport, goods: Money, methods: list[ShippingMethod]
    ) -> None:
        method = next(iter(insuring(methods, goods.amount)), None)
        if method is None:
            row.stopped_by, row.stopped_because = NOT_INSURED
            return
        shipping = Money(method.price, method.currency)
        parcel = Parcel(row.market, (supply_line("1", passport, goods, 1),), shipping)
        try:
            cost = self.costs.of(parcel, self.now.date())
        except SaleRefused as refusal:
            row.stopped_by, row.stopped_because = stop(refusal.rule, refusal.message)
            return
        row.total = cost.total.amount
        row.shipping = shipping.amount
        row.is_live = True

    def _ruling(self, body: dict[str, Any]) -> Ruling:
        text = json.dumps(body, sort_keys=True, ensure_ascii=False)
        digest = hashlib.sha256(text.encode()).hexdigest()
        if digest not in self._rulings:
            self._rulings[digest], _ = Ruling.objects.get_or_create(
                digest=digest, defaults={"body": body}
            )
        return self._rulings[digest]

    def _terms_row(self, variant: ProductVariant, passport: Passport, terms: Terms) -> PriceTerms:
        return PriceTerms(
            variant=variant,
            currency=terms.currency,
            constant=terms.constant,
            floor=terms.floor,
            ceiling=terms.ceiling,
            tariff=self._tariff(passport),
            **terms.weights,
        )

    def _tariff(self, passport: Passport) -> TariffClass:
        main = passport.main_metal
        metal, fineness = (main.kind.metal, main.kind.fineness) if main else ("", 0)
        key = (passport.hs_code, passport.origin, metal, fineness)
        if key not in self._tariffs:
            self._tariffs[key], _ = TariffClass.objects.get_or_create(
                hs_code=passport.hs_code, origin=passport.origin, metal=metal, fineness=fineness
            )
        return self._tariffs[key]


def stop(rule: str, message: str) -> tuple[str, str]:
    """What keeps a listing off sale, cut to its columns."""
    return rule[:80], message[:300]


def shipping_methods(markets: Sequence[str]) -> dict[str, list[ShippingMethod]]:
    """The ways into each market that are offered."""
    found: dict[str, list[ShippingMethod]] = defaultdict(list)
    for method in ShippingMethod.objects.filter(market__in=markets, is_active=True):
        found[method.market].append(method)
    return found


def keeps_past_prices(costs: LandedCosts, market: str) -> bool:
    """Whether the market's law asks what a price was before a reduction: the EU's members."""
    return "eu" in costs.rulebook.market(market).market.extends


def keep_past_prices(
    variants: Sequence[ProductVariant], rows: Sequence[Listing], costs: LandedCosts, now: datetime
) -> None:
    """Write down what live listings cost until now, where the new row says something else."""
    fresh = {(row.variant_id, row.market): row.total for row in rows}
    markets = {row.market for row in rows if keeps_past_prices(costs, row.market)}
    known = Listing.objects.filter(variant__in=variants, market__in=markets, is_live=True)
    PastPrice.objects.bulk_create(
        PastPrice(listing=old, total=old.total, until=now)
        for old in known
        if old.total is not None and old.total != fresh[(old.variant_id, old.market)]
    )


def forget_past_prices(now: datetime) -> int:
    """Delete what no announcement of a reduction will look at again; returns how many."""
    return PastPrice.objects.filter(until__lt=now - PRIOR_PERIOD).delete()[0]


def _upsert(model: Any, rows: list[Any], unique: tuple[str, ...], fields: tuple[str, ...]) -> None:
    model.objects.bulk_create(
        rows,
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=unique,
        update_fields=fields,
    )


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
