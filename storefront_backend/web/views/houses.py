"""The houses and their stories."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from storefront_backend import wiring
from storefront_backend.campaigns.queries import stories, story_page
from storefront_backend.catalog import queries
from storefront_backend.catalog.reading import Wanted
from storefront_backend.web import seo
from storefront_backend.web.places import ShopRequest


@require_safe
@cache_control(public=True, max_age=300)
def brand_list(request: ShopRequest, market: str, language: str) -> HttpResponse:
    """The houses that sell in this market."""
    return render(
        request,
        "web/brands.html",
        {
            "brands": queries.brand_cards(market, request.language),
            "stories": stories(request.language, wiring.now(), limit=12),
            **seo.head(request, "brands"),
        },
    )


@require_safe
@cache_control(public=True, max_age=300)
def brand(request: ShopRequest, market: str, language: str, slug: str) -> HttpResponse:
    """A house: its story and its pieces."""
    house = queries.brand_page(slug, request.language)
    if house is None:
        raise Http404(slug)
    return render(
        request,
        "web/brand.html",
        {
            "house": house,
            "pieces": queries.newest(Wanted(market, request.language, brand=slug, size=24)),
            "stories": stories(request.language, wiring.now(), brand=slug),
            **seo.head(request, "brand", slug),
        },
    )


@require_safe
@cache_control(public=True, max_age=300)
def story(request: ShopRequest, market: str, language: str, slug: str) -> HttpResponse:
    """A story, and the pieces it speaks of that are sold here."""
    tale = story_page(slug, request.language, wiring.now())
    if tale is None:
        raise Http404(slug)
    pieces = queries.newest(Wanted(market, request.language, slugs=tale.products, size=12))
    return render(
        request,
        "web/story.html",
        {
            "story": tale,
            "pieces": pieces if tale.products else (),
            **seo.head(request, "story", slug),
        },
    )
