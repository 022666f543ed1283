"""A piece's photographs: sent, put in order, described, deleted. Works without a script."""

from __future__ import annotations

from typing import Any, BinaryIO, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from i18n.locales import LANGUAGES, text_in
from storefront_backend import wiring
from storefront_backend.catalog.models import Product, ProductVariant
from storefront_backend.commerce.errors import CommerceError
from storefront_backend.desk.brand.seat import Seat, brand_page, desk_render
from storefront_backend.desk.refusals import why_refused
from storefront_backend.jobs.photographs import photograph_desk
from storefront_backend.photographs import desk as use_cases
from storefront_backend.photographs.models import Photograph

_ALIKE_BITS = 6  # of 64 that may differ between pictures that look alike
_SHOWN_WIDTH = 320


@brand_page("GET", "POST")
def listed(request: HttpRequest, seat: Seat, piece_id: int) -> HttpResponse:
    """All of a piece's; POST adds files, or one from an address."""
    product = _product(seat, piece_id)
    problem, status = "", 200
    if request.method == "POST":
        try:
            taken = _taken(request, seat, product)
        except CommerceError as error:
            problem, status = why_refused(error), 422
        else:
            said = ngettext("%(n)s photograph added.", "%(n)s photographs added.", taken)
            messages.success(request, said % {"n": taken})
            return redirect("brand-desk:piece-photographs", seat.brand.slug, product.pk)
    rows = list(seat.scope.rows(Photograph).filter(product=product).prefetch_related("renditions"))
    variants = seat.scope.rows(ProductVariant).filter(product=product, is_active=True)
    context = {
        "product": product,
        "name": text_in(product.names, seat.language),
        "first_variant": variants.first(),
        "alloys": list({each.alloy: each for each in variants}.values()),
        "photographs": [_shown(row, rows) for row in rows],
        "under_way": sum(row.state in Photograph.UNDER_WAY for row in rows),
        "problem": problem,
    }
    return desk_render(request, seat, "desk/brand/piece/photographs.html", context, status=status)


@brand_page("POST")
def one(request: HttpRequest, seat: Seat, piece_id: int, photograph_id: UUID) -> HttpResponse:
    """Describe, move, retry or delete one."""
    product = _product(seat, piece_id)
    row = seat.scope.rows(Photograph).filter(product=product, pk=photograph_id).first()
    if row is None:
        raise Http404(photograph_id)
    do = request.POST.get("do", "")
    if do == "delete":
        row.delete()
        messages.success(request, _("The photograph was deleted."))
    elif do == "retry":
        photograph_desk().retry(row)
    elif do in ("up", "down"):
        _move(product, row, -1 if do == "up" else 1)
    elif do == "describe":
        _describe(request, seat, product, row)
        messages.success(request, _("Saved."))
    return redirect("brand-desk:piece-photographs", seat.brand.slug, product.pk)


def _taken(request: HttpRequest, seat: Seat, product: Product) -> int:
    desk = photograph_desk()
    if url := request.POST.get("url", "").strip():
        desk.take_address(product, url, by=seat.user)
        return 1
    files = [each for each in request.FILES.getlist("files") if each.file is not None]
    for each in files:
        desk.take(product, each.name or "", cast(BinaryIO, each.file), by=seat.user)
    return len(files)


def _move(product: Product, row: Photograph, by: int) -> None:
    ids = [str(pk) for pk in product.photographs.values_list("pk", flat=True)]
    here = ids.index(str(row.pk))
    there = min(max(0, here + by), len(ids) - 1)
    ids[here], ids[there] = ids[there], ids[here]
    use_cases.order(product, ids)


def _describe(request: HttpRequest, seat: Seat, product: Product, row: Photograph) -> None:
    chosen = request.POST.get("variant", "")
    variants = seat.scope.rows(ProductVariant).filter(product=product)
    row.variant = variants.filter(pk=int(chosen)).first() if chosen.isdecimal() else None
    row.save(update_fields=["variant"])
    words = {
        code: request.POST[f"alt-{code}"] for code in LANGUAGES if f"alt-{code}" in request.POST
    }
    use_cases.describe(row, words)


def _shown(row: Photograph, rows: list[Photograph]) -> dict[str, Any]:
    files = [each for each in row.renditions.all() if each.media_type == "image/webp"]
    small = min(files, key=lambda each: abs(each.width - _SHOWN_WIDTH), default=None)
    return {
        "row": row,
        "picture": wiring.assets().url(small.key) if small else "",
        "width": small.width if small else None,
        "height": small.height if small else None,
        "alike": [each for each in rows if each is not row and _look_alike(each, row)],
        "alts": [
            {"code": code, "name": language.name, "text": row.alt.get(code, "")}
            for code, language in LANGUAGES.items()
        ],
    }


def _look_alike(one: Photograph, other: Photograph) -> bool:
    if not one.look or not other.look:
        return False
    return (int(one.look, 16) ^ int(other.look, 16)).bit_count() <= _ALIKE_BITS


def _product(seat: Seat, piece_id: int) -> Product:
    product = seat.scope.rows(Product).filter(pk=piece_id).first()
    if product is None:
        raise Http404(piece_id)
    return product
