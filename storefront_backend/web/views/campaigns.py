"""A campaign's page in a market, and its preview for marketers."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from storefront_backend import wiring
from storefront_backend.accounts.models import User
from storefront_backend.accounts.rights import markets
from storefront_backend.campaigns.queries import CampaignPage, campaign_page
from storefront_backend.catalog import queries
from storefront_backend.catalog.reading import Wanted
from storefront_backend.orders.models import PromoCode
from storefront_backend.web import seo
from storefront_backend.web.places import ShopRequest

_SHOWN = 48


@require_safe
def show(request: ShopRequest, market: str, language: str, slug: str) -> HttpResponse:
    """The campaign while it is live here; with `preview`, to a marketer, as on that day."""
    day = _preview_day(request)
    zone = request.market.time_zone
    now = wiring.now() if day is None else datetime.combine(day, time(12), ZoneInfo(zone))
    page = campaign_page(slug, market, zone, request.language, now, with_drafts=day is not None)
    if page is None:
        raise Http404(slug)
    wanted = Wanted(market, request.language, slugs=page.products, size=_SHOWN)
    response = render(
        request,
        "web/campaign.html",
        {
            "campaign": page,
            "preview_day": day,
            "pieces": queries.newest(wanted) if page.products else (),
            "code": _code(page),
            **seo.head(request, "campaign", slug, only=page.markets),
        },
    )
    if day is None:
        patch_cache_control(response, public=True, max_age=60)
    else:
        patch_cache_control(response, private=True, no_store=True)
        response.headers["X-Robots-Tag"] = "noindex"
    return response


def _preview_day(request: ShopRequest) -> date | None:
    """The day that a marketer wants to see. To anybody else there is no such page."""
    wish = request.GET.get("preview", "")
    if not wish:
        return None
    if not isinstance(request.user, User) or not markets(request.user):
        raise Http404(request.path)
    try:
        return date.fromisoformat(wish)
    except ValueError as error:
        raise Http404(request.path) from error


def _code(page: CampaignPage) -> str:
    """The code to enter at the checkout; empty where none holds."""
    offers = PromoCode.objects.filter(campaign=page.id, is_active=True)
    return offers.values_list("code", flat=True).first() or ""
