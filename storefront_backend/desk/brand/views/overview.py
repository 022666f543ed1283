"""The first page: what waits to be done, and how far the brand is on its way abroad."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse

from storefront_backend.catalog.models import Listing, LowStock, Product, ProductVariant
from storefront_backend.desk.brand.seat import Seat, brand_page, desk_render
from storefront_backend.models3d.models import Build
from storefront_backend.orders.models import Fulfillment
from storefront_backend.pricing.brand_limits import open_sheets, stored_bytes, variants


@dataclass(frozen=True, slots=True)
class Counts:
    """What the first page counts."""

    pieces: int
    published: int
    live: int
    with_models: int
    refused_builds: int
    to_send: int
    markets: int
    low: int

    @property
    def stage(self) -> str:
        """The next thing to do on the way to the first piece live abroad."""
        if not self.pieces:
            return "sheet"
        if not self.with_models:
            return "models"
        if not self.live:
            return "verdicts"
        return "orders" if self.to_send else "done"


@brand_page("GET")
def show(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The counts, the guide, and what the brand uses of what it may."""
    limits = {
        "variants": variants(seat.brand),
        "bytes": stored_bytes(seat.brand),
        "sheets": open_sheets(seat.brand),
    }
    return desk_render(
        request, seat, "desk/brand/overview.html", {"counts": _counts(seat), "limits": limits}
    )


def _counts(seat: Seat) -> Counts:
    products = seat.scope.rows(Product)
    listings = seat.scope.rows(Listing)
    live = listings.filter(
        is_live=True, variant__product=OuterRef("pk"), market__in=settings.MARKETS
    )
    builds = seat.scope.rows(Build)
    sellable = seat.scope.rows(ProductVariant).filter(product=OuterRef("pk"), is_active=True)
    return Counts(
        pieces=products.filter(Exists(sellable)).count(),
        published=products.filter(is_published=True).count(),
        live=products.filter(Exists(live), is_published=True).count(),
        with_models=products.filter(model__current_build__isnull=False).count(),
        refused_builds=builds.filter(state=Build.State.REFUSED).values("model").distinct().count(),
        to_send=seat.scope.rows(Fulfillment).filter(state=Fulfillment.State.WAITING).count(),
        markets=listings.filter(is_live=True).values("market").distinct().count(),
        low=seat.scope.rows(LowStock).filter(over_at=None).count(),
    )
