"""The door: choosing a market, the home page, and what search engines ask for first."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from i18n import locales
from storefront_backend import wiring
from storefront_backend.campaigns.queries import stories
from storefront_backend.catalog import queries
from storefront_backend.catalog.reading import Wanted
from storefront_backend.web import seo
from storefront_backend.web.addresses import absolute, page_path
from storefront_backend.web.places import (
    LANGUAGES,
    ShopRequest,
    by_region,
    languages_of,
    market_at_home,
    markets,
)
from storefront_backend.web.stops import stop_of

COOKIE = "market"  # needed to work, tells nothing of the person: "ae/ar"
_A_YEAR = 365 * 24 * 3600


@require_safe
def chooser(request: HttpRequest) -> HttpResponse:
    """Every market with its languages, by region. A guess is offered and never forced."""
    regions = [
        (name, [{"market": market, "languages": languages_of(market)} for market in there])
        for name, there in by_region(markets())
    ]
    response = render(
        request,
        "web/chooser.html",
        {
            "regions": regions,
            "guess": place_of(request),
            "canonical": absolute("/"),
            "alternates": seo.alternates("home"),
        },
    )
    patch_vary_headers(response, ("Accept-Language", "Cookie"))
    return response


@require_safe
@cache_control(private=True, max_age=60)
def home(request: ShopRequest, market: str, language: str) -> HttpResponse:
    """The market's front window; where the law leaves it empty, the rule that does."""
    newest = queries.newest(Wanted(market, request.language, size=8))
    response = render(
        request,
        "web/home.html",
        {
            "newest": newest,
            "stop": None if newest else stop_of(request.market),
            "brands": queries.brand_cards(market, request.language),
            "stories": stories(request.language, wiring.now(), limit=3),
            "facets": queries.facets(market, request.language),
            **seo.head(request, "home"),
        },
    )
    response.set_cookie(
        COOKIE, f"{market}/{language}", max_age=_A_YEAR, httponly=True, samesite="Lax",
        secure=request.is_secure(),
    )  # fmt: skip
    return response


@require_safe
@cache_control(public=True, max_age=86_400)
def robots(request: HttpRequest) -> HttpResponse:
    """Everything may be read but what is personal."""
    lines = ["User-agent: *"]
    lines += [f"Disallow: /*/*/{room}/" for room in ("bag", "checkout", "order", "account")]
    lines += ["Disallow: /admin/", f"Sitemap: {absolute(reverse('web:sitemap-index'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=3600)
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """One site map a market."""
    maps = [absolute(reverse("web:sitemap", args=(market.code,))) for market in markets()]
    return render(request, "web/sitemap_index.xml", {"maps": maps}, "application/xml")


@require_safe
@cache_control(public=True, max_age=3600)
def sitemap(request: HttpRequest, market: str) -> HttpResponse:
    """Every public page of a market, in the languages it is offered in."""
    place = next(each for each in markets() if each.code == market)
    products = queries.published(market)
    brands = queries.brand_cards(market, "en")
    tales = stories("en", wiring.now())
    pages: list[tuple[str, datetime | None]] = []
    for language in languages_of(place):
        pages += [
            (absolute(page_path(name, place, language)), None)
            for name in ("home", "jewellery", "brands", "what-you-pay", "imprint")
        ]
        pages += [
            (absolute(page_path("product", place, language, slug)), changed)
            for slug, changed in products
        ]
        pages += [(absolute(page_path("brand", place, language, b.slug)), None) for b in brands]
        pages += [(absolute(page_path("story", place, language, s.slug)), None) for s in tales]
    return render(request, "web/sitemap.xml", {"pages": pages}, "application/xml")


def place_of(request: HttpRequest) -> tuple[str, str] | None:
    """The market and language that the visitor chose before, or that their browser suggests."""
    return _remembered(request) or _guessed(request)


def _remembered(request: HttpRequest) -> tuple[str, str] | None:
    code, _, language = request.COOKIES.get(COOKIE, "").partition("/")
    if any(market.code == code for market in markets()) and language in LANGUAGES:
        return code, LANGUAGES[language]
    return None


def _guessed(request: HttpRequest) -> tuple[str, str] | None:
    """From the browser's languages: a country named in them ("en-GB"), else a language's home."""
    accepted = request.headers.get("Accept-Language", "")
    places = markets()
    if not accepted or not places:
        return None
    for tag in (part.partition(";")[0].strip() for part in accepted.split(",")[:20]):
        country = tag.rpartition("-")[2].upper()
        for market in places:
            if market.country == country and len(tag) > 2:
                return market.code, locales.negotiate(accepted, languages_of(market))
    language = locales.negotiate(accepted, tuple(LANGUAGES.values()))
    market_there = market_at_home(language)
    return (market_there.code, language) if market_there else None
