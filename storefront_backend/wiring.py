"""The only file that names a concrete adapter: settings in, ports out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from i18n.money import Money
from i18n.rulebook import Rulebook, load_rulebook
from storefront_backend.aftersale.allocations import AllocationDesk
from storefront_backend.aftersale.orders import EmbeddedOrders
from storefront_backend.aftersale.payment_desk import PaymentDesk
from storefront_backend.aftersale.refunds import RefundDesk
from storefront_backend.catalog.models import RateTick
from storefront_backend.commerce.catalogue import CatalogAsset
from storefront_backend.commerce.checkout import DeliveryOption
from storefront_backend.commerce.errors import ProviderUnavailable
from storefront_backend.commerce.landed import LandedCosts
from storefront_backend.commerce.ports import (
    AssetStore,
    CheckoutEngine,
    OrderEngine,
    RateSource,
    UploadStore,
)
from storefront_backend.commerce.pricebook import MarketPolicy, PriceBook, Rates, Rounding
from storefront_backend.commerce.till import Till
from storefront_backend.models3d.uploads import UploadDesk
from storefront_backend.payments.sandbox import SandboxProvider
from storefront_backend.payments.stripe_provider import StripeProvider, StripeTerms
from storefront_backend.pricing import policies
from storefront_backend.pricing.listing import Lister
from storefront_backend.pricing.rate_desk import RateDesk
from storefront_backend.pricing.rates import RateTable
from storefront_backend.pricing.repricing import Repricer
from storefront_backend.rates import ecb
from storefront_backend.rates.combined import Combined
from storefront_backend.rates.http_json import JsonRates
from storefront_backend.saleor.catalogue.engine import SaleorCatalog
from storefront_backend.saleor.catalogue.files import ModelFiles
from storefront_backend.saleor.keys import fetch_keys
from storefront_backend.saleor.taxes import TaxBase
from storefront_backend.saleor.transport import Patience, Saleor
from storefront_backend.saleor_rows.models import Installation
from storefront_backend.saleor_rows.queries import active
from storefront_backend.saleor_sync.checkouts import MirroredCheckouts
from storefront_backend.saleor_sync.desk import MirroredDesk
from storefront_backend.saleor_sync.orders import MirroredOrders
from storefront_backend.saleor_sync.quotes import Reckoned, reckon
from storefront_backend.saleor_sync.sales import Sales
from storefront_backend.selling.checkout import EmbeddedCheckouts
from storefront_backend.selling.checkout_rows import options_for
from storefront_backend.storage.local import LocalAssets
from storefront_backend.storage.local_uploads import LocalUploads
from storefront_backend.storage.s3 import S3Assets
from storefront_backend.storage.s3_client import s3_client
from storefront_backend.storage.s3_uploads import S3Uploads

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

# A whole checkout is some five requests: each has to be answered or given up soon.
_SHOPPERS_PATIENCE = Patience(connect=2, read=15, attempts=2, first_wait=0.3)


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
    """What reckons prices for a page."""
    rates = rate_desk().in_force()
    return Till(_landed_costs(rates), lambda: _price_book(rates), now())


def lister() -> Lister:
    """What brings listings up to date."""
    rates = rate_desk().in_force()
    return Lister(_price_book(rates), _landed_costs(rates), now())


def repricer(tick: RateTick) -> Repricer:
    """What brings a tick of the rates to every listing."""
    rates = Rates.from_json(tick.rates)
    return Repricer(tick, _price_book(rates), _landed_costs(rates), now())


def checkouts() -> CheckoutEngine:
    """The engine that shoppers buy through."""
    if settings.SALEOR_API_URL:
        return MirroredCheckouts(_our_checkouts(), sales())
    return _our_checkouts()


def _our_checkouts() -> EmbeddedCheckouts:
    return EmbeddedCheckouts(
        costs=landed_costs,
        now=now,
        quote_valid_for=settings.QUOTE_VALID_FOR,
        markets=settings.MARKETS,
    )


def orders() -> OrderEngine:
    """The engine that keeps orders."""
    if settings.SALEOR_API_URL:
        return MirroredOrders(our_orders(), sales())
    return our_orders()


def our_orders() -> EmbeddedOrders:
    """Orders in our own rows, which a Saleor is told of where there is one."""
    return EmbeddedOrders(now=now, payments=our_desk())


def sales() -> Sales:
    """The steps between our rows and the Saleor that the shop sells through."""
    return Sales(
        installation=_selling_saleor,
        connect=_for_shoppers,
        ours=our_orders,
        allocations=allocations,
    )


def refunds() -> RefundDesk:
    """What cancels, takes back and refunds."""
    return RefundDesk(payment_desk(), now)


def allocations() -> AllocationDesk:
    """What says whose money was given back at the provider's, or lost to a dispute."""
    return AllocationDesk(now)


@cache
def sandbox() -> SandboxProvider:
    """The sandbox, for its payment page; only where it is the provider."""
    return SandboxProvider(
        settings.PAVILION_HOME / "sandbox.sqlite",
        f"{settings.PUBLIC_URL}/pay/sandbox/{{provider_id}}/",
        settings.SECRET_KEY,
        production=settings.PRODUCTION,
        capture_later=settings.PAYMENT_CAPTURE == "on-fulfilment",
    )


@cache
def stripe_provider() -> StripeProvider:
    """Stripe, where it is the provider."""
    if not settings.STRIPE_SECRET_KEY or not settings.STRIPE_WEBHOOK_SECRET:
        raise ImproperlyConfigured(
            "PAYMENT_PROVIDER=stripe needs STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET"
        )
    terms = StripeTerms(
        hosted=settings.STRIPE_MODE == "checkout-session",
        capture_later=settings.PAYMENT_CAPTURE == "on-fulfilment",
    )
    return StripeProvider(
        settings.STRIPE_SECRET_KEY,
        settings.STRIPE_WEBHOOK_SECRET,
        terms,
        api_base=settings.STRIPE_API_BASE,
    )


def payment_provider() -> SandboxProvider | StripeProvider:
    """The provider that takes the money, and gives account of it."""
    if settings.PAYMENT_PROVIDER == "sandbox":
        return sandbox()
    if settings.PAYMENT_PROVIDER == "stripe":
        return stripe_provider()
    raise ImproperlyConfigured(f"There is no payment provider {settings.PAYMENT_PROVIDER!r}")


def payment_desk() -> PaymentDesk:
    """What keeps money and orders in step, and Saleor with them where there is one."""
    if settings.SALEOR_API_URL:
        return saleor_desk()
    return our_desk()


def our_desk() -> PaymentDesk:
    """The desk that tells nobody."""
    return PaymentDesk(payment_provider(), now=now, hold_for=settings.QUOTE_VALID_FOR)


def saleor_desk() -> MirroredDesk:
    """The desk of a shop on a Saleor."""
    return MirroredDesk(
        payment_provider(), now=now, hold_for=settings.QUOTE_VALID_FOR, sales=sales()
    )


@cache
def local_assets() -> LocalAssets:
    """The folder of assets that we serve ourselves."""
    return LocalAssets(settings.ASSET_FOLDER, "/assets", settings.SECRET_KEY)


@cache
def local_uploads() -> LocalUploads:
    """Uploads into that folder; their parts are PUT to our own addresses."""
    return LocalUploads(local_assets(), f"{settings.PUBLIC_URL}/uploads", settings.SECRET_KEY)


@cache
def s3_assets() -> S3Assets:
    """The bucket. A mistake in its settings fails at the first use, not at a shopper's."""
    if not settings.S3_BUCKET or not settings.S3_PUBLIC_URL:
        raise ImproperlyConfigured("ASSET_STORE=s3 needs S3_BUCKET and S3_PUBLIC_URL")
    return S3Assets(
        _s3_client_at(settings.S3_ENDPOINT_URL),
        settings.S3_BUCKET,
        settings.S3_PUBLIC_URL,
        private_bucket=settings.S3_PRIVATE_BUCKET,
        browser_client=_s3_client_at(settings.S3_BROWSER_ENDPOINT_URL),
    )


def _s3_client_at(endpoint: str) -> S3Client:
    return s3_client(endpoint, region=settings.S3_REGION, path_style=settings.S3_PATH_STYLE)


def assets() -> AssetStore:
    """Where files lie."""
    return s3_assets() if _on_s3() else local_assets()


def uploads() -> UploadStore:
    """Where large files come in."""
    if _on_s3():
        return S3Uploads(s3_assets(), part_checksums=settings.S3_PART_CHECKSUMS)
    return local_uploads()


def _on_s3() -> bool:
    if settings.ASSET_STORE not in ("local", "s3"):
        raise ImproperlyConfigured(f"There is no asset store {settings.ASSET_STORE!r}")
    return bool(settings.ASSET_STORE == "s3")


def upload_desk() -> UploadDesk:
    """What takes in the brands' meshes."""
    return UploadDesk(
        store=uploads(),
        now=now,
        max_bytes=settings.UPLOAD_MAX_BYTES,
        part_bytes=settings.UPLOAD_PART_BYTES,
        kept_for=settings.UPLOAD_KEPT_FOR,
        open_a_brand=settings.UPLOADS_OPEN_A_BRAND,
    )


def taxed(base: TaxBase) -> Reckoned:
    """The landed cost behind a tax question of Saleor, and its line ids."""
    return reckon(base, landed_costs, now())


def deliveries(market: str, goods: Money, language: str) -> tuple[DeliveryOption, ...]:
    """The ways into a market that insure goods of that value, cheapest first."""
    return options_for(market, goods, language)


def saleor_with_token(api_url: str, token: str) -> Saleor:
    """A Saleor as the owner of that token sees it."""
    return Saleor(api_url, token)


def saleor(row: Installation) -> Saleor:
    """A Saleor as our app in it sees it."""
    return saleor_with_token(row.api_url, row.token)


def saleor_keys(api_url: str) -> Mapping[str, Any]:
    """The public keys that a Saleor shows now."""
    return fetch_keys(api_url)


def saleor_catalog(row: Installation, *, thorough: bool = False) -> SaleorCatalog:
    """The catalogue of that Saleor."""
    client = saleor(row)
    files = ModelFiles(client, _content_of) if settings.SALEOR_KEEPS_3D_FILES else None
    return SaleorCatalog(client, thorough=thorough, files=files)


def _content_of(asset: CatalogAsset) -> bytes:
    with assets().open(asset.key) as source:
        return source.read()


def shop_saleor() -> Installation | None:
    """The Saleor that the shop sells through; None where it sells through its own engine."""
    if not settings.SALEOR_API_URL:
        return None
    row = active(settings.SALEOR_API_URL)
    if row is None:
        raise ImproperlyConfigured(
            "SALEOR_API_URL is set, but the app is not installed there: see docs/saleor.md"
        )
    return row


def _selling_saleor() -> Installation:
    """The same for a shopper who is in the middle of buying: not now, instead of a fault."""
    try:
        row = shop_saleor()
    except ImproperlyConfigured as error:
        raise ProviderUnavailable(str(error)) from error
    if row is None:
        raise ProviderUnavailable("The shop sells through no Saleor")
    return row


def _for_shoppers(row: Installation) -> Saleor:
    """A Saleor with the patience that somebody at a checkout has."""
    return Saleor(row.api_url, row.token, http=_connections(), patience=_SHOPPERS_PATIENCE)


@cache
def _connections() -> httpx.Client:
    """Kept open from one shopper to the next."""
    return httpx.Client()
