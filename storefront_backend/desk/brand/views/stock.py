"""The brand's stock by SKU and warehouse: counted by hand, and what runs low."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from i18n.locales import text_in
from storefront_backend.catalog.metal_words import variant_name
from storefront_backend.catalog.models import Brand, LowStock, ProductVariant, Stock, Warehouse
from storefront_backend.desk.brand.seat import Seat, brand_page, desk_render
from storefront_backend.desk.pages import filters, paged
from storefront_backend.selling.low_stock import running_low, with_threshold
from storefront_backend.selling.stock_counts import (
    MOST,
    Count,
    NotTaken,
    Reason,
    add_place,
    set_counts,
)

_MOST_THRESHOLD = 32_000


@brand_page("GET", "POST")
def listed(request: HttpRequest, seat: Seat) -> HttpResponse:
    """A page of variants with their stock; POST saves the counts and thresholds on it."""
    refused: tuple[NotTaken, ...] = ()
    if request.method == "POST":
        refused = _saved(request, seat)
        if not refused:
            return redirect(_here(request, seat))
    wanted = filters(request, "search", "low", "warehouse")
    page = paged(request, _found(seat, wanted))
    context = {
        "page": page,
        "rows": list(_rows(seat, list(page), refused)),
        "wanted": wanted,
        "refused": [_said(each) for each in refused],
        "warehouses": list(Warehouse.objects.all()),
        "editable": seat.may_write and not settings.SALEOR_API_URL,
        "elsewhere": bool(settings.SALEOR_API_URL),
    }
    status = 409 if refused else 200
    return desk_render(request, seat, "desk/brand/stock.html", context, status=status)


@brand_page("POST")
def place(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Keep a variant, named by its SKU, at another warehouse."""
    sku = request.POST.get("sku", "").strip()[:80]
    quantity = _number(request.POST, "quantity", MOST)
    found = seat.scope.rows(ProductVariant).filter(Q(sku=sku) | Q(own_sku=sku)) if sku else None
    variant = found.first() if found is not None else None
    warehouse = Warehouse.objects.filter(slug=request.POST.get("warehouse", "")).first()
    if settings.SALEOR_API_URL:
        messages.error(request, _("Stock is kept in Saleor. Change it there."))
    elif variant is None:
        messages.error(request, _("You have no SKU %(sku)s.") % {"sku": sku or "–"})
    elif warehouse is None or quantity is None:
        messages.error(request, _("Choose a warehouse and enter a whole number."))
    elif add_place(variant, warehouse, quantity):
        messages.success(request, _("Saved."))
    else:
        messages.error(
            request, _("%(sku)s is at this warehouse already: change its count.") % {"sku": sku}
        )
    here = reverse("brand-desk:stock", args=[seat.brand.slug])
    return redirect(f"{here}?{urlencode({'search': sku})}")


@brand_page("POST")
def threshold(request: HttpRequest, seat: Seat) -> HttpResponse:
    """At how many pieces the brand's people are mailed; empty for never."""
    text = request.POST.get("low_stock_at", "").strip()
    number = _number(request.POST, "low_stock_at", _MOST_THRESHOLD)
    if text and number is None:
        messages.error(request, _("Enter a whole number, or nothing."))
    else:
        seat.scope.rows(Brand).update(low_stock_at=number)
        messages.success(request, _("Saved."))
    return redirect("brand-desk:stock", seat.brand.slug)


def _found(seat: Seat, wanted: dict[str, str]) -> QuerySet[ProductVariant]:
    rows = seat.scope.rows(ProductVariant).filter(is_active=True)
    if words := wanted["search"]:
        rows = rows.filter(
            Q(sku__icontains=words)
            | Q(own_sku__icontains=words)
            | Q(product__code__icontains=words)
        )
    if wanted["warehouse"]:
        there = seat.scope.rows(Stock).filter(
            variant=OuterRef("pk"), warehouse__slug=wanted["warehouse"]
        )
        rows = rows.filter(Exists(there))
    rows = running_low(rows) if wanted["low"] else with_threshold(rows)
    return rows.select_related("product").order_by("product__code", "position", "pk")


def _rows(
    seat: Seat, variants: list[Any], refused: tuple[NotTaken, ...]
) -> Iterator[dict[str, Any]]:
    places: dict[int, list[dict[str, Any]]] = {}
    wrong = {each.count.stock_id: each for each in refused}
    stock = seat.scope.rows(Stock).filter(variant__in=variants).select_related("warehouse")
    for row in stock.order_by("warehouse__slug"):
        bad = wrong.get(row.pk)
        places.setdefault(row.variant_id, []).append(
            {
                "row": row,
                "free": row.quantity - row.reserved,
                "value": bad.count.counted if bad else row.quantity,
                "wrong": bad is not None,
            }
        )
    open_rows = seat.scope.rows(LowStock).filter(variant__in=variants, over_at=None)
    since = dict(open_rows.values_list("variant", "at"))
    for row in variants:
        yield {
            "variant": row,
            "name": text_in(row.product.names, seat.language),
            "metal": variant_name(
                row.alloy, row.ring_size_system, row.ring_size_label, seat.language
            ),
            "places": places.get(row.pk, []),
            "is_low": None not in (row.on_hand, row.threshold) and row.on_hand <= row.threshold,
            "since": since.get(row.pk),
        }


def _saved(request: HttpRequest, seat: Seat) -> tuple[NotTaken, ...]:
    if settings.SALEOR_API_URL:
        messages.error(request, _("Stock is kept in Saleor. Change it there."))
        return ()
    counts, wrong = _counts(request.POST)
    written, refused = set_counts(seat.scope, counts)
    written += _save_thresholds(request.POST, seat)
    if wrong:
        messages.error(request, _("Not saved, as they are no whole numbers: %(n)s") % {"n": wrong})
    if written:
        said = ngettext("%(n)s number saved.", "%(n)s numbers saved.", written)
        messages.success(request, said % {"n": written})
    elif not refused and not wrong:
        messages.info(request, _("Nothing was changed."))
    return refused


def _counts(posted: QueryDict) -> tuple[list[Count], int]:
    """The counts that differ from what was read, and how many entries are no numbers."""
    found, wrong = [], 0
    for name in posted:
        kind, _dash, key = name.partition("-")
        if kind != "count" or not key.isdecimal():
            continue
        counted = _number(posted, name, MOST)
        seen = _number(posted, f"seen-{key}", MOST)
        if counted is None or seen is None:
            wrong += 1
        elif counted != seen:
            found.append(Count(int(key), seen, counted))
    return found, wrong


def _save_thresholds(posted: QueryDict, seat: Seat) -> int:
    wanted = {
        int(name[4:]): _number(posted, name, _MOST_THRESHOLD)
        for name in posted
        if name.startswith("low-") and name[4:].isdecimal()
    }
    rows = seat.scope.rows(ProductVariant).filter(pk__in=wanted)
    changed = [row for row in rows if row.low_stock_at != wanted[row.pk]]
    for row in changed:
        seat.scope.rows(ProductVariant).filter(pk=row.pk).update(low_stock_at=wanted[row.pk])
    return len(changed)


def _number(posted: QueryDict, name: str, most: int) -> int | None:
    text = posted.get(name, "").strip()
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        return None
    return number if (number := int(text)) <= most else None


def _said(each: NotTaken) -> str:
    named = {"n": each.quantity, "r": each.reserved, "c": each.count.counted}
    match each.reason:
        case Reason.CHANGED:
            return _("It is %(n)s by now; your %(c)s was not saved. Count again.") % named
        case Reason.PROMISED:
            return _("%(r)s are promised to open checkouts; %(c)s would be fewer.") % named
        case Reason.GONE:
            return _("This stock is no longer there.")


def _here(request: HttpRequest, seat: Seat) -> str:
    kept = {
        name: request.GET[name][:80]
        for name in ("search", "low", "warehouse", "page")
        if name in request.GET
    }
    place = reverse("brand-desk:stock", args=[seat.brand.slug])
    return f"{place}?{urlencode(kept)}" if kept else place
