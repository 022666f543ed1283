"""The brand's pieces on the markets board, and one piece in full."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext

from i18n.locales import LANGUAGES, text_in
from storefront_backend import wiring
from storefront_backend.catalog.metal_words import variant_name
from storefront_backend.catalog.models import Listing, Product, ProductVariant, Stock
from storefront_backend.desk.brand.board import BLOCKED, LIVE, Reason, blocking, board
from storefront_backend.desk.brand.seat import Seat, brand_page, desk_render
from storefront_backend.jobs.listing import relist_products
from storefront_backend.models3d.models import Asset, Model
from storefront_backend.photographs.models import Photograph

_ON_A_PAGE = 25
_MOST_AT_ONCE = 200


@brand_page("GET")
def listed(request: HttpRequest, seat: Seat) -> HttpResponse:
    """A page of pieces by markets, narrowed by what was typed and chosen."""
    wanted = {
        name: request.GET.get(name, "").strip()[:80]
        for name in ("search", "kind", "state", "market", "metal", "missing", "reason")
    }
    reasons = blocking(seat.scope)
    page = Paginator(_found(seat, wanted, reasons), _ON_A_PAGE).get_page(request.GET.get("page"))
    markets = settings.MARKETS
    kinds = seat.scope.rows(Product).order_by("kind").values_list("kind", flat=True).distinct()
    context = {
        "rows": [
            {"row": row, "name": text_in(row.product.names, seat.language)}
            for row in board(list(page.object_list), markets, seat.scope)
        ],
        "page": page,
        "markets": [wiring.rulebook().market(code).market for code in markets],
        "kinds": list(kinds),
        "metals": sorted(
            seat.scope.rows(ProductVariant)
            .filter(is_active=True)
            .order_by()
            .values_list("alloy", flat=True)
            .distinct()
        ),
        "reasons": [reason for reason, _rulings in reasons.values()],
        "wanted": wanted,
        "query": urlencode({name: value for name, value in wanted.items() if value}),
    }
    return desk_render(request, seat, "desk/brand/pieces.html", context)


def _found(
    seat: Seat, wanted: dict[str, str], reasons: dict[str, tuple[Reason, frozenset[int]]]
) -> QuerySet[Product]:
    rows = seat.scope.rows(Product).order_by("-created_at", "id")
    if words := wanted["search"]:
        named = Q(code__icontains=words) | Q(variants__sku__icontains=words)
        for language in ("en", "zh-Hans", "zh-Hant"):
            named |= Q(**{f"names__{language}__icontains": words})
        rows = rows.filter(named).distinct()
    if wanted["kind"]:
        rows = rows.filter(kind=wanted["kind"])
    listings = seat.scope.rows(Listing).filter(variant__is_active=True)
    if wanted["market"]:
        listings = listings.filter(market=wanted["market"])
    if wanted["state"] == LIVE:
        rows = rows.filter(pk__in=listings.filter(is_live=True).values("variant__product"))
    elif wanted["state"] == BLOCKED:
        stopped = listings.filter(is_live=False, is_wanted=True)
        rows = rows.filter(pk__in=stopped.values("variant__product"))
    elif wanted["state"] == "hidden":
        rows = rows.filter(is_published=False)
    if wanted["metal"]:
        variants = seat.scope.rows(ProductVariant).filter(alloy=wanted["metal"], is_active=True)
        rows = rows.filter(pk__in=variants.values("product"))
    if wanted["reason"]:
        _, rulings = reasons.get(wanted["reason"], (None, frozenset()))
        stopped = listings.filter(is_live=False, is_wanted=True).filter(
            Q(ruling__in=rulings) | Q(stopped_by=wanted["reason"])
        )
        rows = rows.filter(pk__in=stopped.values("variant__product"))
    return _lacking(seat, rows, wanted["missing"])


def _lacking(seat: Seat, rows: QuerySet[Product], what: str) -> QuerySet[Product]:
    """Those of the rows that lack a thing; all of them where it is none that we know."""
    match what:
        case "photograph":
            ready = seat.scope.rows(Photograph).filter(
                state=Photograph.State.READY, product__isnull=False
            )
            return rows.exclude(pk__in=ready.values("product"))
        case "model":
            built = seat.scope.rows(Model).filter(current_build__isnull=False)
            return rows.exclude(pk__in=built.values("product"))
        case "text":
            lacks = Q()
            for code in LANGUAGES:
                lacks |= ~Q(names__has_key=code)
            return rows.filter(lacks)
        case "stock":
            kept = seat.scope.rows(Stock).filter(quantity__gt=F("reserved"))
            made = seat.scope.rows(ProductVariant).filter(made_to_order_days__isnull=False)
            return rows.exclude(pk__in=kept.values("variant__product")).exclude(
                pk__in=made.values("product")
            )
        case _:
            return rows


@brand_page("POST")
def publication(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Publish or hide the chosen pieces, all at once."""
    chosen = [int(each) for each in request.POST.getlist("piece") if each.isdecimal()]
    shown = request.POST.get("do") == "publish"
    rows = seat.scope.rows(Product).filter(pk__in=chosen[:_MOST_AT_ONCE])
    ids = list(rows.exclude(is_published=shown).values_list("pk", flat=True))
    seat.scope.rows(Product).filter(pk__in=ids).update(is_published=shown)
    if ids:
        relist_products.enqueue(ids)
    said = (
        ngettext("%(count)s piece published.", "%(count)s pieces published.", len(ids))
        if shown
        else ngettext("%(count)s piece hidden.", "%(count)s pieces hidden.", len(ids))
    )
    messages.success(request, said % {"count": len(ids)})
    return redirect("brand-desk:pieces", seat.brand.slug)


@brand_page("GET")
def one(request: HttpRequest, seat: Seat, piece_id: int) -> HttpResponse:
    """A piece: its texts, variants, stock, model, and each market with what stops it there."""
    product = seat.scope.rows(Product).filter(pk=piece_id).select_related("collection").first()
    if product is None:
        raise Http404(piece_id)
    (row,) = board([product], settings.MARKETS, seat.scope)
    book = wiring.rulebook()
    context = {
        "product": product,
        "name": text_in(product.names, seat.language),
        "first_variant": seat.scope.rows(ProductVariant).filter(product=product).first(),
        "variants": _variants(seat, product),
        "cells": [
            {"cell": cell, "market": book.market(cell.market).market}
            for cell in sorted(row.cells, key=lambda cell: cell.state != BLOCKED)
        ],
        "live": row.live,
        "posters": _posters(seat, product),
    }
    return desk_render(request, seat, "desk/brand/piece.html", context)


def _variants(seat: Seat, product: Product) -> list[dict[str, Any]]:
    stock: dict[int, list[Stock]] = {}
    rows = seat.scope.rows(Stock).filter(variant__product=product).select_related("warehouse")
    for each in rows:
        stock.setdefault(each.variant_id, []).append(each)
    found = seat.scope.rows(ProductVariant).filter(product=product)
    return [
        {
            "variant": each,
            "name": variant_name(
                each.alloy, each.ring_size_system, each.ring_size_label, seat.language
            ),
            "stock": stock.get(each.pk, []),
            "grams": sum(float(part["grams"]) for part in each.passport.get("metals", ())),
        }
        for each in found
    ]


def _posters(seat: Seat, product: Product) -> list[str]:
    shown = seat.scope.rows(Asset).filter(
        build__model__product=product, build__model__current_build=F("build"), kind="poster"
    )
    found = shown.filter(variation="square", media_type="image/webp")[:4]
    return [wiring.assets().url(each.key) for each in found]
