"""Wires what prices and listings need: the law, the rates, the price book, sheets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from i18n.rulebook import Rulebook, load_rulebook
from storefront_backend.catalog.models import Brand, RateTick, Warehouse
from storefront_backend.commerce.landed import LandedCosts
from storefront_backend.commerce.ports import (
    RateSource,
)
from storefront_backend.commerce.pricebook import MarketPolicy, PriceBook, Rates, Rounding
from storefront_backend.commerce.till import Till
from storefront_backend.pricing import policies
from storefront_backend.pricing.brand_limits import variants
from storefront_backend.pricing.import_sink import BrandSink
from storefront_backend.pricing.listing import Lister
from storefront_backend.pricing.rate_desk import RateDesk
from storefront_backend.pricing.rates import RateTable
from storefront_backend.pricing.relisting import Relister
from storefront_backend.pricing.repricing import Repricer
from storefront_backend.pricing.sheet_import import SheetImport
from storefront_backend.rates import ecb
from storefront_backend.rates.combined import Combined
from storefront_backend.rates.http_json import JsonRates
from storefront_backend.wiring.stores import (
    assets,
)


def now() -> datetime:
    """The clock."""
    return timezone.now()


def rulebook() -> Rulebook:
    """The law of every market."""
    return load_rulebook()


def rate_source() -> RateSource:
    """Where metal and exchange rates come from. Asking it may go over the network."""
    metals = _rate_source(settings.METAL_RATES)
    if settings.EXCHANGE_RATES == settings.METAL_RATES:
        return metals
    return Combined(exchange=_rate_source(settings.EXCHANGE_RATES), rest=metals)


def _rate_source(name: str) -> RateSource:
    if name == "table":
        return RateTable()
    if name == "ecb":
        return ecb.from_web()
    if name.startswith(("https://", "http://")):
        return JsonRates(name, settings.RATES_TOKEN)
    if name.endswith(".xml"):
        return ecb.from_file(Path(name))
    raise ImproperlyConfigured(f"There is no rate source {name!r}")


def rate_desk() -> RateDesk:
    """Where rates are taken, or held when they jump."""
    return RateDesk(rate_source(), Decimal(settings.RATES_MAX_JUMP) / 100, now)


def price_book() -> PriceBook:
    """The prices of this moment. Raises StaleRates when there are no rates."""
    return _price_book(rate_desk().in_force())


def _price_book(rates: Rates) -> PriceBook:
    defaults = {
        market.code: MarketPolicy(
            currency=market.currency, rounding=Rounding(market.price_rounding)
        )
        for market in rulebook().markets
    }
    return PriceBook(rates, policies.over(defaults), settings.RATES_MAX_AGE)


def landed_costs() -> LandedCosts:
    """The landed-cost engine on this operator's terms."""
    return _landed_costs(rate_desk().in_force())


def _landed_costs(rates: Rates) -> LandedCosts:
    book = rulebook()
    return LandedCosts(
        rulebook=book,
        accept_disputed=settings.ACCEPT_DISPUTED_RULES,
        thresholds={market.code: _per_unit_of(market.currency, rates) for market in book.markets},
        registrations=_registrations(book),
        rates=rates,
    )


def _registrations(book: Rulebook) -> frozenset[str]:
    """The seller's registrations, each one that some market's law asks about."""
    held: frozenset[str] = settings.SELLER_REGISTRATIONS
    countries = {market.country for market in book.markets}
    unknown = sorted(
        name for name in held - book.registrations if name.partition("-")[0] not in countries
    )
    if unknown:
        raise ImproperlyConfigured(
            f"SELLER_REGISTRATIONS names {', '.join(unknown)}, which no market knows. Name "
            f"{', '.join(sorted(book.registrations))}, or a region such as US-NY"
        )
    return held


def _per_unit_of(currency: str, rates: Rates) -> Mapping[str, Decimal]:
    """Units of the market's currency for one unit of each other, for thresholds in the law."""
    per_base = {rates.base: Decimal(1)} | {
        code: rate.value for code, rate in rates.exchange.items()
    }
    if currency not in per_base:
        return {}
    return {other: per_base[currency] / value for other, value in per_base.items()}


def till() -> Till:
    """What calculates prices for a page."""
    rates = rate_desk().in_force()
    return Till(_landed_costs(rates), lambda: _price_book(rates), now())


def sheet_import(
    brand: Brand,
    warehouse: Warehouse,
    files: Path | None,
    on_saved: Callable[[Sequence[int]], None],
    run: UUID | None = None,
) -> SheetImport:
    """What checks a brand's sheet and brings it into the catalogue; `run` keeps what it finds."""
    own = brand.price_move_percent
    percent = settings.IMPORT_MAX_PRICE_MOVE if own is None else own
    return SheetImport(
        sink=BrandSink(brand, warehouse, files, assets(), on_saved, run),
        rulebook=rulebook(),
        accept_disputed=settings.ACCEPT_DISPUTED_RULES,
        book=price_book,
        now=now(),
        limit=Decimal(percent) / 100,
        variants=variants,
    )


def lister() -> Lister:
    """What brings listings up to date."""
    rates = rate_desk().in_force()
    return Lister(_price_book(rates), _landed_costs(rates), now())


def relister(changed: Callable[[Sequence[int]], None]) -> Relister:
    """What brings the listings of products, or of the whole shop, up to date."""
    return Relister(lister, settings.MARKETS, now, changed)


def repricer(tick: RateTick) -> Repricer:
    """What brings a tick of the rates to every listing."""
    rates = Rates.from_json(tick.rates)
    return Repricer(tick, _price_book(rates), _landed_costs(rates), now())
