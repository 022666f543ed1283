"""The only file that names a concrete adapter: settings in, ports out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from i18n.rulebook import Rulebook, load_rulebook
from storefront_backend.commerce.landed import LandedCosts
from storefront_backend.commerce.ports import (
    AssetStore,
    CheckoutEngine,
    OrderEngine,
    RateSource,
    UploadStore,
)
from storefront_backend.commerce.pricebook import MarketPolicy, PriceBook, Rates, Rounding
from storefront_backend.embedded.checkout import EmbeddedCheckouts
from storefront_backend.embedded.listing import Lister
from storefront_backend.embedded.orders import EmbeddedOrders
from storefront_backend.embedded.payment_desk import PaymentDesk
from storefront_backend.embedded.rates import RateTable
from storefront_backend.models3d.uploads import UploadDesk
from storefront_backend.payments.sandbox import SandboxProvider
from storefront_backend.payments.stripe_provider import StripeProvider, StripeTerms
from storefront_backend.storage.local import LocalAssets
from storefront_backend.storage.local_uploads import LocalUploads
from storefront_backend.storage.s3 import S3Assets
from storefront_backend.storage.s3_client import s3_client
from storefront_backend.storage.s3_uploads import S3Uploads

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

# Currencies whose prices run in hundreds and more are rounded to tens.
_ROUND_TO_TENS = ("JPY", "KRW", "THB", "INR")


def now() -> datetime:
    """The clock."""
    return timezone.now()


def rulebook() -> Rulebook:
    """The law of every market."""
    return load_rulebook()


def rate_source() -> RateSource:
    """Where metal and exchange rates come from."""
    return RateTable()


def price_book() -> PriceBook:
    """The prices of this moment. Raises StaleRates when there are no rates."""
    policies = {
        market.code: MarketPolicy(
            currency=market.currency,
            rounding=Rounding.TENS if market.currency in _ROUND_TO_TENS else Rounding.WHOLE,
        )
        for market in rulebook().markets
    }
    return PriceBook(rate_source().rates(now()), policies)


def landed_costs() -> LandedCosts:
    """The landed-cost engine on this operator's terms."""
    book = rulebook()
    rates = rate_source().rates(now())
    return LandedCosts(
        rulebook=book,
        accept_disputed=settings.ACCEPT_DISPUTED_RULES,
        thresholds={market.code: _per_unit_of(market.currency, rates) for market in book.markets},
    )


def _per_unit_of(currency: str, rates: Rates) -> Mapping[str, Decimal]:
    """Units of the market's currency for one unit of each other, for thresholds in the law."""
    per_base = {rates.base: Decimal(1)} | {
        code: rate.value for code, rate in rates.exchange.items()
    }
    if currency not in per_base:
        return {}
    return {other: per_base[currency] / value for other, value in per_base.items()}


def lister() -> Lister:
    """What brings listings up to date."""
    return Lister(price_book(), landed_costs(), now())


def checkouts() -> CheckoutEngine:
    """The engine that shoppers buy through."""
    return EmbeddedCheckouts(
        costs=landed_costs,
        now=now,
        quote_valid_for=settings.QUOTE_VALID_FOR,
        markets=settings.MARKETS,
    )


def orders() -> OrderEngine:
    """The engine that keeps orders."""
    return EmbeddedOrders(now=now)


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
    """What keeps money and orders in step."""
    return PaymentDesk(payment_provider(), now=now, hold_for=settings.QUOTE_VALID_FOR)


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
