"""The houses and their stories."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from storefront_backend import wiring
from storefront_backend.accounts.models import User
from storefront_backend.accounts.rights import Act, may
from storefront_backend.campaigns.queries import stories, story_page
from storefront_backend.catalog import queries
from storefront_backend.catalog.reading import BrandPage, Wanted
from storefront_backend.web import seo
from storefront_backend.web.brand_pictures import house_pictures
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
    return _house(request, market, house)


@require_safe
@never_cache
def brand_preview(request: ShopRequest, market: str, language: str, slug: str) -> HttpResponse:
    """The house's page as its draft would make it, for the house's own people: 404 to others."""
    user = request.user
    if not isinstance(user, User) or not may(user, slug, Act.READ_CATALOGUE):
        raise Http404(slug)
    house = queries.brand_page(slug, request.language, drafted=True)
    if house is None:
        raise Http404(slug)
    return _house(request, market, house, is_preview=True)


def _house(
    request: ShopRequest, market: str, house: BrandPage, *, is_preview: bool = False
) -> HttpResponse:
    language, slug = request.language, house.card.slug
    hero = queries.newest(Wanted(market, language, slugs=(house.hero,), size=1))
    context = {
        "house": house,
        "own": house_pictures(slug, house.logo, house.pictures, language),
        "film": wiring.assets().url(house.film_key) if house.film_key else "",
        "hero": hero if house.hero else (),
        "pieces": queries.newest(Wanted(market, language, brand=slug, size=24)),
        "stories": stories(language, wiring.now(), brand=slug),
        "is_preview": is_preview,
        "robots": "noindex" if is_preview else "",
    }
    if not is_preview:
        context |= seo.head(request, "brand", slug)
    return render(request, "web/brand.html", context)


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
