"""The only room that names a concrete adapter: settings in, ports out, one function a port.

Files of their own have what needs nothing else from here: `stores` the files, `saleor_clients` the
shoppers' way to Saleor.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils.module_loading import import_string

from catalog_import.drafts import ProductDraft
from i18n.money import Money
from storefront_backend.aftersale.allocations import AllocationDesk
from storefront_backend.aftersale.orders import EmbeddedOrders
from storefront_backend.aftersale.payment_desk import PaymentDesk
from storefront_backend.aftersale.refunds import RefundDesk
from storefront_backend.catalog.models import ImportImage, ImportRun, PageDraft, PublishedPage
from storefront_backend.commerce.catalogue import CatalogAsset
from storefront_backend.commerce.checkout import DeliveryOption
from storefront_backend.commerce.errors import ProviderUnavailable
from storefront_backend.commerce.ports import CheckoutEngine, OrderEngine
from storefront_backend.models3d.builds import BuildDesk
from storefront_backend.models3d.following import UploadFollower
from storefront_backend.models3d.models import Upload
from storefront_backend.models3d.unused import KeyColumn
from storefront_backend.models3d.uploads import UploadDesk
from storefront_backend.notices.again import SendAgain
from storefront_backend.notices.back_in_stock import BackInStock
from storefront_backend.notices.channels import by_mail
from storefront_backend.notices.confirmations import AskedToConfirm
from storefront_backend.notices.desk.account_letters import AccountNews
from storefront_backend.notices.desk.invitation_letters import Invited
from storefront_backend.notices.desk.low_stock_letters import RunsLow
from storefront_backend.notices.desk.partner_letters import ApplicationDecided, LoanOverdue
from storefront_backend.notices.order_kinds import Bought, ParcelSent
from storefront_backend.notices.order_letters import Writer
from storefront_backend.notices.outbox import Outbox
from storefront_backend.payments.sandbox import SandboxProvider
from storefront_backend.payments.stripe_provider import StripeProvider, StripeTerms
from storefront_backend.photographs.desk import PhotographDesk
from storefront_backend.photographs.models import Photograph, Rendition
from storefront_backend.pricing.brand_limits import require_storage
from storefront_backend.pricing.import_meshes import declared_of
from storefront_backend.saleor.catalogue.engine import SaleorCatalog
from storefront_backend.saleor.catalogue.files import ModelFiles
from storefront_backend.saleor.keys import fetch_keys
from storefront_backend.saleor.taxes import TaxBase
from storefront_backend.saleor.transport import Saleor
from storefront_backend.saleor_rows.models import Installation
from storefront_backend.saleor_rows.queries import active
from storefront_backend.saleor_sync.checkouts import MirroredCheckouts
from storefront_backend.saleor_sync.desk import MirroredDesk
from storefront_backend.saleor_sync.events import Events
from storefront_backend.saleor_sync.installing import Confirming, which_installation
from storefront_backend.saleor_sync.intake import Intakes
from storefront_backend.saleor_sync.keys import refreshed_keys
from storefront_backend.saleor_sync.order_reconcile import OrderSync
from storefront_backend.saleor_sync.orders import MirroredOrders
from storefront_backend.saleor_sync.panel import Panel, panel_of
from storefront_backend.saleor_sync.prices import PricePush
from storefront_backend.saleor_sync.projection import Projection
from storefront_backend.saleor_sync.push import Push
from storefront_backend.saleor_sync.quotes import Calculated, calculate
from storefront_backend.saleor_sync.reconcile import Reconcile
from storefront_backend.saleor_sync.sales import Sales
from storefront_backend.selling.checkout import EmbeddedCheckouts
from storefront_backend.selling.checkout_rows import options_for
from storefront_backend.storage.remote import RemoteFiles
from storefront_backend.wiring import saleor_clients
from storefront_backend.wiring.pricing import (
    landed_costs,
    lister,
    now,
    price_book,
    rate_desk,
    rate_source,
    relister,
    repricer,
    rulebook,
    sheet_import,
    till,
)
from storefront_backend.wiring.stores import (
    assets,
    local_assets,
    local_uploads,
    s3_assets,
    uploads,
)

# Handed on from `pricing` and `stores`.
__all__ = [
    "assets",
    "landed_costs",
    "lister",
    "local_assets",
    "local_uploads",
    "now",
    "price_book",
    "rate_desk",
    "rate_source",
    "relister",
    "repricer",
    "rulebook",
    "s3_assets",
    "sheet_import",
    "till",
    "uploads",
]


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
    """Orders in our own rows; a Saleor is notified of them where there is one."""
    return EmbeddedOrders(now=now, payments=our_desk())


def sales() -> Sales:
    """The steps between our rows and the Saleor that the shop sells through."""
    return Sales(
        installation=_selling_saleor,
        connect=saleor_clients.for_shoppers,
        ours=our_orders,
        allocations=allocations,
        gate=saleor_clients.gate(),
        later=_later("saleor_orders.follow_sale"),
    )


def refunds() -> RefundDesk:
    """What cancels, takes back and refunds."""
    return RefundDesk(payment_desk(), now)


def allocations() -> AllocationDesk:
    """What says whose money was refunded at the provider's, or lost to a dispute."""
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
    """The desk that notifies no one else."""
    return PaymentDesk(payment_provider(), now=now, hold_for=settings.QUOTE_VALID_FOR)


def saleor_desk() -> MirroredDesk:
    """The desk of a shop on a Saleor."""
    return MirroredDesk(
        payment_provider(),
        now=now,
        hold_for=settings.QUOTE_VALID_FOR,
        sales=sales(),
        report_later=_later("saleor_orders.report_payment"),
    )


def upload_desk() -> UploadDesk:
    """What takes in the brands' meshes."""
    return UploadDesk(
        store=uploads(),
        now=now,
        max_bytes=settings.UPLOAD_MAX_BYTES,
        part_bytes=settings.UPLOAD_PART_BYTES,
        kept_for=settings.UPLOAD_KEPT_FOR,
        open_a_brand=settings.UPLOADS_OPEN_A_BRAND,
        require_room=require_storage,
    )


def outbox() -> Outbox:
    """Notices to people, by mail where the shop has a way to send it (EMAIL_URL)."""
    writer = _order_writer()
    return Outbox(
        kinds=(
            Bought(writer),
            ParcelSent(writer),
            AskedToConfirm(settings.PUBLIC_URL),
            BackInStock(settings.PUBLIC_URL),
            AccountNews(settings.PUBLIC_URL),
            Invited(settings.PUBLIC_URL),
            ApplicationDecided(settings.PUBLIC_URL),
            LoanOverdue(),
            RunsLow(settings.PUBLIC_URL),
        ),
        channel=by_mail if settings.EMAIL_URL else None,
        now=now,
    )


def send_again() -> SendAgain:
    """What sends a letter about an order once more."""
    return SendAgain(_order_writer(), by_mail if settings.EMAIL_URL else None, now)


def _order_writer() -> Writer:
    return Writer(settings.PUBLIC_URL, lambda market: rulebook().market(market).market.country)


def build_desk(ask: Callable[[int], object]) -> BuildDesk:
    """What builds 3D assets; `ask` calls a worker."""
    return BuildDesk(assets(), ask, now, settings.BUILD_RECIPE, settings.BUILDS_RUNNING_A_BRAND)


def upload_follower(builds: BuildDesk, ask: Callable[[str], object]) -> UploadFollower:
    """What follows an upload; `ask` calls a worker."""
    return UploadFollower(upload_desk(), builds, assets(), ask, _declared)


def _declared(upload: Upload) -> Mapping[str, object]:
    """What the brand's sheet says of the piece, where there was one."""
    product = upload.product
    if not product.draft:
        return {"kind": product.kind}
    return declared_of(ProductDraft.from_json(product.draft))


def taxed(base: TaxBase) -> Calculated:
    """The landed cost behind a tax question of Saleor, and its line ids."""
    return calculate(base, landed_costs, now())


def deliveries(market: str, goods: Money, language: str) -> tuple[DeliveryOption, ...]:
    """The ways into a market that insure goods of that value, cheapest first."""
    return options_for(market, goods, language)


def other_keys() -> tuple[KeyColumn, ...]:
    """Columns outside models3d that hold keys of stored files."""
    return (
        (ImportRun.objects.all(), "source_key"),
        (Photograph.objects.all(), "source_key"),
        (Rendition.objects.all(), "key"),
        (ImportImage.objects.exclude(mesh_key=""), "mesh_key"),
        (PublishedPage.objects.exclude(film_key=""), "film_key"),
        (PageDraft.objects.exclude(body__film_key=""), "body__film_key"),
    )


def photograph_desk(ask: Callable[[], object]) -> PhotographDesk:
    """What takes in photographs; `ask` calls a worker."""
    return PhotographDesk(assets(), RemoteFiles().fetch, ask, now, require_storage)


def saleor_with_token(api_url: str, token: str) -> Saleor:
    """A Saleor as the owner of that token sees it."""
    return Saleor(api_url, token)


def saleor(row: Installation) -> Saleor:
    """A Saleor as our app in it sees it."""
    return saleor_with_token(row.api_url, row.token)


def saleor_keys(api_url: str) -> Mapping[str, Any]:
    """The public keys that a Saleor shows now."""
    return fetch_keys(api_url)


def saleor_catalog(row: Installation, thorough: bool = False) -> SaleorCatalog:
    """The catalogue of that Saleor."""
    client = saleor(row)
    files = ModelFiles(client, _content_of) if settings.SALEOR_KEEPS_3D_FILES else None
    return SaleorCatalog(client, thorough=thorough, files=files)


def _content_of(asset: CatalogAsset) -> bytes:
    with assets().open(asset.key) as source:
        return source.read()


def saleor_of(api_url: str) -> Installation:
    """The Saleor of that address, or the shop's, or the only one. Raises NotFound."""
    return which_installation(api_url or settings.SALEOR_API_URL, settings.PUBLIC_URL)


def saleor_confirming() -> Confirming:
    """What tries the tokens that Saleors send."""
    return Confirming(saleor_with_token, saleor_keys)


def saleor_signing_keys(row: Installation) -> Mapping[str, Any]:
    """Its keys once more, after it has signed with one that we do not know."""
    return refreshed_keys(row, saleor_keys)


def saleor_projection() -> Projection:
    """What takes over changes that others make in a Saleor."""
    return Projection(saleor_catalog, _later("listing.relist_products"))


def saleor_intakes() -> Intakes:
    """What takes in products that others made in a Saleor."""
    return Intakes(saleor, _later("listing.relist_products"))


def saleor_push() -> Push:
    """What brings our catalogue into a Saleor."""
    return Push(saleor_catalog, assets)


def saleor_prices() -> PricePush:
    """What brings the prices of a tick into a Saleor."""
    return PricePush(saleor_catalog, _later("saleor_push.push_products"))


def saleor_orders() -> OrderSync:
    """What brings orders of both sides into step."""
    return OrderSync(saleor, sales())


def saleor_events() -> Events:
    """What does the events that Saleors send."""
    return Events(saleor_projection(), saleor_orders())


def saleor_reconcile() -> Reconcile:
    """What heals drift, hourly."""
    return Reconcile(
        saleor_projection(),
        saleor_intakes(),
        saleor_push(),
        saleor_orders(),
        settings.SALEOR_API_URL,
    )


def saleor_panel(row: Installation, product_id: str) -> Panel:
    """What the Dashboard shows of a product. Raises NotFound, ProviderUnavailable."""
    with saleor_clients.gate().enter():
        return panel_of(row, product_id, saleor_clients.for_shoppers(row), assets())


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


def shoppers_saleor() -> Saleor:
    """The Saleor that the shop sells through, with a shopper's patience. Raises
    ProviderUnavailable where there is none."""
    return saleor_clients.for_shoppers(_selling_saleor())


def _later(path: str) -> Callable[[Any], None]:
    """What queues the task of that path with one argument, after the commit. Tasks are above the
    wiring, so it knows them by name alone, as the settings know the recurring ones."""

    def enqueue(argument: Any) -> None:
        task = import_string(f"storefront_backend.jobs.{path}")
        transaction.on_commit(lambda: task.enqueue(argument))

    return enqueue
