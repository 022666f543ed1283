"""The pieces: the list with its filters, and one piece with its price."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from storefront_backend import wiring
from storefront_backend.catalog import queries
from storefront_backend.catalog.reading import Facets, ProductPage, Variant, Wanted
from storefront_backend.catalog.slugs import current_slug
from storefront_backend.web import seo, words
from storefront_backend.web.engravings import preview_path, shown
from storefront_backend.web.forms import BagForm
from storefront_backend.web.passport_rows import passport_rows
from storefront_backend.web.pictures import pictures
from storefront_backend.web.places import ShopRequest
from storefront_backend.web.price import part_rows, price_rows
from storefront_backend.web.stops import stop_of

_LONGEST_SEARCH = 80
_FILTERS = ("q", "kind", "brand", "alloy", "sort")


@require_safe
@cache_control(public=True, max_age=60)
def piece_list(request: ShopRequest, market: str, language: str) -> HttpResponse:
    """The pieces of a market, narrowed, sorted and paged by the address alone."""
    requested = {name: request.GET.get(name, "").strip()[:_LONGEST_SEARCH] for name in _FILTERS}
    page = request.GET.get("page", "1")
    found = queries.list_cards(
        Wanted(
            market=market,
            language=request.language,
            kind=requested["kind"],
            brand=requested["brand"],
            alloy=requested["alloy"],
            text=requested["q"],
            sort=requested["sort"],
            page=int(page) if page.isdecimal() and len(page) < 6 else 1,
        )
    )
    facets = queries.facets(market, request.language)
    narrowed = any(requested[name] for name in ("q", "kind", "brand", "alloy"))
    return render(
        request,
        "web/jewellery.html",
        {
            "found": found,
            "requested": requested,
            "filters": _filters(facets, requested),
            "narrowed": narrowed,
            "stop": None if found.count or narrowed else stop_of(request.market),
            "heading": words.word(words.KINDS, requested["kind"]) if requested["kind"] else "",
            "query": urlencode({name: value for name, value in requested.items() if value}),
            "robots": "noindex, follow" if requested["q"] or page != "1" else "",
            **seo.head(request, "jewellery"),
        },
    )


@require_safe
@cache_control(private=True, no_cache=True)
def product(request: ShopRequest, market: str, language: str, slug: str) -> HttpResponse:
    """One piece. `?alloy=…&size=…` chooses the variant; without, the first that can be bought."""
    page = queries.product_page(slug, market, request.language, wiring.till())
    if page is None:
        return _moved(request, market, language, slug)
    variant = page.chosen(request.GET.get("alloy", ""), request.GET.get("size", ""))
    context: dict[str, Any] = {
        "page": page,
        "variant": variant,
        **seo.head(request, "product", slug, only=page.markets),
    }
    if variant is not None:
        context |= _shown(request, page, variant)
    bench = queries.newest(Wanted(market, request.language, brand=page.brand.slug, size=5))
    context["more"] = [card for card in bench if card.slug != slug][:4]
    return render(request, "web/product.html", context)


def _moved(request: ShopRequest, market: str, language: str, slug: str) -> HttpResponse:
    """Redirect a former address of a product to its current one, with the query string."""
    present = current_slug(slug)
    if present is None:
        raise Http404(slug)
    path = reverse("web:product", args=(market, language, present))
    requested = request.GET.urlencode()
    return redirect(f"{path}?{requested}" if requested else path, permanent=True)


def _engraving(request: ShopRequest, page: ProductPage, variant: Variant) -> dict[str, Any]:
    """The form, with the words to engrave in the preview, and where their picture is."""
    words_asked, values = request.GET.get("engraving", ""), {"sku": variant.sku}
    form = BagForm(initial=values, engraving_max=page.engraving_max)
    found: dict[str, Any] = {"form": form}
    if not page.engraving_max:
        return found
    place = (request.market, request.language, page.slug, variant.alloy)
    if words_asked:
        form = found["form"] = BagForm(
            {**values, "engraving": words_asked}, engraving_max=page.engraving_max
        )
        if form.is_valid():
            found["engraved"] = shown(*place, form.cleaned_data["engraving"])
    return found | {"engraving_path": preview_path(*place)}


def _filters(facets: Facets, requested: dict[str, str]) -> list[dict[str, Any]]:
    def named(codes: tuple[str, ...], of: words.Words) -> list[tuple[str, str]]:
        return [(code, words.word(of, code)) for code in codes]

    return [
        {"name": "kind", "choices": named(facets.kinds, words.KINDS), "value": requested["kind"]},
        {"name": "brand", "choices": list(facets.brands), "value": requested["brand"]},
        {
            "name": "alloy",
            "choices": named(facets.alloys, words.ALLOYS),
            "value": requested["alloy"],
        },
        {"name": "sort", "choices": named(queries.SORTS, words.SORTS), "value": requested["sort"]},
    ]


def _shown(request: ShopRequest, page: ProductPage, variant: Variant) -> dict[str, Any]:
    alloys = queries.in_trade_order(each.alloy for each in page.variants)
    shown = pictures(page, variant.alloy, request.market.currency)
    models = page.assets_of("web-glb", variant.alloy)
    return {
        "alloys": alloys,
        "sizes": [each for each in page.variants if each.alloy == variant.alloy],
        "price": price_rows(variant.landed),
        "parts": part_rows(variant.parts) if variant.parts else (),
        "passport": passport_rows(variant.passport, request.language),
        "delivery": queries.cheapest_delivery(request.market.code, request.language, variant.goods),
        "pictures": shown,
        "poster": shown.square.file if shown.square else None,
        "model": next(iter(models), None),
        "usdz": next(iter(page.assets_of("usdz", variant.alloy)), None),
        "ar_model": next(iter(page.assets_of("ar-glb", variant.alloy)), None),
        **_engraving(request, page, variant),
        "json_ld": seo.product_ld(page, request),
    }
