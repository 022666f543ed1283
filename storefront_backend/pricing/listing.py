"""Brings listings up to date: price, landed total and verdict of each variant in each market."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.db import transaction

from i18n.errors import SaleRefused
from i18n.listing import Verdict, may_list
from i18n.locales import language
from i18n.money import Money
from i18n.passport import Passport
from i18n.price_formula import PriceFormula, price_terms
from i18n.price_formula import PriceTerms as FormulaTerms
from storefront_backend.catalog.models import (
    Listing,
    PastPrice,
    PriceTerms,
    ProductVariant,
    Ruling,
    ShippingMethod,
    Suspension,
    TariffClass,
)
from storefront_backend.catalog.suspending import STOPPED
from storefront_backend.commerce.delivery import insuring
from storefront_backend.commerce.errors import StaleRates
from storefront_backend.commerce.landed import LandedCosts, Parcel, supply_line
from storefront_backend.commerce.pricebook import METALS, PriceBook
from storefront_backend.commerce.reductions import PRIOR_PERIOD
from storefront_backend.pricing.market_locks import lock_shared

log = structlog.get_logger(__name__)
_BATCH = 500
_FIELDS = (
    "currency", "goods", "total", "shipping", "ruling", "is_wanted", "may_sell", "is_live",
    "stopped_by", "stopped_because", "rulebook", "rates", "updated_at",
)  # fmt: skip
_SAID = tuple(
    {"ruling": "ruling_id"}.get(name, name)
    for name in _FIELDS
    if name not in ("rulebook", "rates", "updated_at")
)
_TERMS = ("currency", "constant", *METALS, "floor", "ceiling", "tariff")
type _TariffKey = tuple[str, str, str, int]
NO_NAME = ("no_name_in_language", "The piece has no name in a language that is read there")
NOT_INSURED = ("no_insured_delivery", "No carrier insures this value there")


@dataclass(frozen=True, slots=True)
class Lister:
    """Lists variants by one price book and one rulebook at one moment."""

    book: PriceBook
    costs: LandedCosts
    now: datetime

    def relist(self, variants: Iterable[ProductVariant], markets: Sequence[str]) -> int:
        """Write the listings of the variants in those markets; returns how many changed.

        One transaction: all of it changes at once. Variants need `product` loaded. Raises
        StaleRates before anything is written. A market whose currency has no rate at all, as on
        the day that it is added, keeps what it has and holds up no other.

        Any number may list at once. Rows are written in one order by all, rulings and tariff
        classes before the listings that point at them, so that no two ever wait in a circle.
        """
        markets = self._with_rates(markets)
        suspended = set(Suspension.objects.values_list("brand_id", flat=True))
        pieces = [self._piece(variant, markets, suspended) for variant in variants]
        pieces.sort(key=lambda piece: piece.variant.pk)
        with transaction.atomic():
            rulings = _put_rulings(piece.rulings[market] for piece in pieces for market in markets)
            tariffs = _put_tariffs(_tariff_key(piece.passport) for piece in pieces)
            lock_shared(markets)
            methods = shipping_methods(markets)
            terms = [_terms_row(p, tariffs[_tariff_key(p.passport)]) for p in pieces]
            rows = [
                self._listing(piece, market, methods[market], rulings)
                for piece in pieces
                for market in sorted(markets)
            ]
            old = _standing([piece.variant for piece in pieces], markets)
            changed = [row for row in rows if _differs(row, old.get((row.variant_id, row.market)))]
            _upsert(PriceTerms, terms, ("variant",), _TERMS)
            keep_past_prices(old, changed, self.costs, self.now)
            _upsert(Listing, changed, ("variant", "market"), _FIELDS)
        return len(changed)

    def _with_rates(self, markets: Sequence[str]) -> Sequence[str]:
        priced = [market for market in markets if self.book.has_rate(market)]
        for market in set(markets) - set(priced):
            currency = self.book.policies[market].currency
            log.warning("not listed: no exchange rate", market=market, currency=currency)
        if not priced and markets:
            raise StaleRates(
                f"There is no exchange rate for {', '.join(markets)}",
                hint="Add a rate for the currency of each market",
            )
        return priced

    def _piece(
        self, variant: ProductVariant, markets: Sequence[str], suspended: set[int]
    ) -> _Piece:
        passport = Passport.from_json(variant.passport)
        formula = PriceFormula.from_json(variant.price_formula)
        verdicts = {market: self._verdict(passport, market) for market in markets}
        return _Piece(
            variant,
            passport,
            price_terms(formula, passport.metals),
            {market: verdict.may_go_live for market, verdict in verdicts.items()},
            {market: _Body.of(verdict) for market, verdict in verdicts.items()},
            variant.brand_id in suspended,
        )

    def _verdict(self, passport: Passport, market: str) -> Verdict:
        return may_list(
            passport,
            market,
            self.costs.rulebook,
            self.now.date(),
            accept_disputed=self.costs.accept_disputed,
        )

    def _listing(
        self,
        piece: _Piece,
        market: str,
        methods: list[ShippingMethod],
        rulings: Mapping[str, Ruling],
    ) -> Listing:
        goods = self.book.goods(piece.terms, market, self.now)
        wanted = market in piece.variant.product.markets
        row = Listing(
            variant=piece.variant,
            market=market,
            currency=goods.currency,
            goods=goods.amount,
            ruling=rulings[piece.rulings[market].digest],
            is_wanted=wanted,
            may_sell=piece.may_sell[market]
            and wanted
            and not piece.is_suspended
            and self._is_named(piece, market),
            rulebook=self.costs.rulebook.version,
            rates=self.book.rates.version,
            updated_at=self.now,
        )
        if piece.is_suspended:
            row.stopped_by, row.stopped_because = STOPPED
        elif row.may_sell:
            self._set_total(row, piece.passport, goods, methods)
        elif piece.may_sell[market] and wanted:
            row.stopped_by, row.stopped_because = NO_NAME
        return row

    def _is_named(self, piece: _Piece, market: str) -> bool:
        """Whether shoppers of the market read a language that the piece has a name in.

        English names are read everywhere; a reader of one Chinese script reads the other.
        """
        names = piece.variant.product.names
        spoken = self.costs.rulebook.market(market).market.languages
        return any(names.get(each) for code in spoken for each in language(code).chain)

    def _set_total(
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


@dataclass(frozen=True, slots=True)
class _Body:
    """A verdict as it is kept, once for all listings that got the same."""

    digest: str
    body: dict[str, Any]

    @staticmethod
    def of(verdict: Verdict) -> _Body:
        body = _verdict_json(verdict)
        text = json.dumps(body, sort_keys=True, ensure_ascii=False)
        return _Body(hashlib.sha256(text.encode()).hexdigest(), body)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A variant with what is known of it before anything is written."""

    variant: ProductVariant
    passport: Passport
    terms: FormulaTerms
    may_sell: Mapping[str, bool]
    rulings: Mapping[str, _Body]
    is_suspended: bool


def _put_rulings(bodies: Iterable[_Body]) -> dict[str, Ruling]:
    """The rows of these verdicts, by digest. Inserted in the order of their digests: two listers
    that insert the same ones in different orders would wait for each other: a deadlock."""
    wanted = {each.digest: each.body for each in bodies}
    known = {row.digest: row for row in Ruling.objects.filter(digest__in=wanted)}
    new = [Ruling(digest=d, body=wanted[d]) for d in sorted(wanted.keys() - known.keys())]
    if new:
        Ruling.objects.bulk_create(new, batch_size=_BATCH, ignore_conflicts=True)
        known |= {row.digest: row for row in Ruling.objects.filter(digest__in=wanted)}
    return known


def _tariff_key(passport: Passport) -> _TariffKey:
    main = passport.main_metal
    metal, fineness = (main.kind.metal, main.kind.fineness) if main else ("", 0)
    return (passport.hs_code, passport.origin, metal, fineness)


def _put_tariffs(keys: Iterable[_TariffKey]) -> dict[_TariffKey, TariffClass]:
    """The rows of these tariff classes; inserted in order, for the same reason."""
    wanted = sorted(set(keys))
    found = _tariffs(wanted)
    new = [
        TariffClass(hs_code=hs, origin=origin, metal=metal, fineness=fineness)
        for hs, origin, metal, fineness in wanted
        if (hs, origin, metal, fineness) not in found
    ]
    if new:
        TariffClass.objects.bulk_create(new, ignore_conflicts=True)
        found = _tariffs(wanted)
    return found


def _tariffs(keys: Sequence[_TariffKey]) -> dict[_TariffKey, TariffClass]:
    rows = TariffClass.objects.filter(hs_code__in={key[0] for key in keys})
    return {(row.hs_code, row.origin, row.metal, row.fineness): row for row in rows}


def _terms_row(piece: _Piece, tariff: TariffClass) -> PriceTerms:
    terms = piece.terms
    return PriceTerms(
        variant=piece.variant,
        currency=terms.currency,
        constant=terms.constant,
        floor=terms.floor,
        ceiling=terms.ceiling,
        tariff=tariff,
        **terms.weights,
    )


def _standing(
    variants: Sequence[ProductVariant], markets: Sequence[str]
) -> dict[tuple[int, str], Listing]:
    rows = Listing.objects.filter(variant__in=variants, market__in=markets)
    return {(row.variant_id, row.market): row for row in rows}


def _differs(new: Listing, old: Listing | None) -> bool:
    """Whether a row says something else; by which rates and rulebook it was worked out does not."""
    return old is None or any(getattr(new, name) != getattr(old, name) for name in _SAID)


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
    old: Mapping[tuple[int, str], Listing],
    rows: Sequence[Listing],
    costs: LandedCosts,
    now: datetime,
) -> None:
    """Record what live listings cost until now, where the new row says something else."""
    kept = {market for _, market in old if keeps_past_prices(costs, market)}
    for_the_law = [
        PastPrice(listing=before, total=before.total, until=now)
        for row in rows
        if row.market in kept and (before := old.get((row.variant_id, row.market))) is not None
        if before.is_live and before.total is not None and before.total != row.total
    ]
    PastPrice.objects.bulk_create(for_the_law)


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
