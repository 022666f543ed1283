"""A piece's 3D model: its file, what was measured, its parts, and its earlier builds."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from i18n.locales import text_in
from i18n.metals import ALLOYS
from i18n.passport import STONE_KINDS
from showroom.scene import Role
from storefront_backend.catalog.models import Product, ProductVariant
from storefront_backend.commerce.errors import CommerceError
from storefront_backend.desk.brand.builds import built, parts_of, viewer_file
from storefront_backend.desk.brand.seat import Seat, brand_page, desk_render
from storefront_backend.jobs.builds import build_desk
from storefront_backend.models3d.builds import cancel_build, show_build
from storefront_backend.models3d.models import Build, Model, Upload
from storefront_backend.models3d.uploads import SUFFIXES

_HISTORY = 20
_UNDER_WAY = (Build.State.QUEUED, Build.State.RUNNING)


@brand_page("GET")
def show(request: HttpRequest, seat: Seat, piece_id: int) -> HttpResponse:
    """The newest build, beside another where one is chosen to compare."""
    return _page(request, seat, _product(seat, piece_id))


@brand_page("POST")
def build(request: HttpRequest, seat: Seat, piece_id: int, build_id: int) -> HttpResponse:
    """Stop a build, try it again, or go back to it."""
    product = _product(seat, piece_id)
    rows = seat.scope.rows(Build).filter(model__product=product).select_related("model")
    row = rows.filter(pk=build_id).first()
    if row is None:
        raise Http404(build_id)
    try:
        match request.POST.get("do", ""):
            case "cancel":
                cancel_build(row)
            case "retry":
                build_desk().retry(row)
            case "show":
                show_build(row)
                messages.success(request, _("Shoppers see this build now."))
    except CommerceError as error:
        return _page(request, seat, product, f"{error.message} {error.hint}", 422)
    return redirect("brand-desk:piece-model", seat.brand.slug, product.pk)


@brand_page("POST")
def parts(request: HttpRequest, seat: Seat, piece_id: int) -> HttpResponse:
    """Say what parts are; a build follows."""
    product = _product(seat, piece_id)
    row = _newest_with_parts(seat, product)
    if row is None:
        raise Http404(piece_id)
    said = _said(request, row)
    if not said:
        messages.info(request, _("Nothing was changed."))
    else:
        try:
            build_desk().correct(row, said)
        except CommerceError as error:
            return _page(request, seat, product, f"{error.message} {error.hint}", 422)
        messages.success(request, _("The parts are noted, and the model is being built again."))
    return redirect("brand-desk:piece-model", seat.brand.slug, product.pk)


def _said(request: HttpRequest, row: Build) -> dict[str, dict[str, str] | None]:
    """What the form says otherwise than it was; "" takes a correction back."""
    said: dict[str, dict[str, str] | None] = {}
    for number, part in enumerate(parts_of(row)):
        wanted = request.POST.get(f"part-{number}")
        if wanted is None or wanted == _choice(part["said"]):
            continue
        role, _sign, material = wanted.partition(":")
        said[part["name"]] = (
            {"role": role, **({"material": material} if material else {})} if wanted else None
        )
    return said


def _choice(said: dict[str, str]) -> str:
    if not said:
        return ""
    role, material = said.get("role", ""), said.get("material", "")
    return f"{role}:{material}" if material else role


def _page(
    request: HttpRequest, seat: Seat, product: Product, problem: str = "", status: int = 200
) -> HttpResponse:
    model = seat.scope.rows(Model).filter(product=product).first()
    rows = list(
        seat.scope.rows(Build)
        .filter(model__product=product)
        .select_related("model")
        .prefetch_related("assets")[:_HISTORY]
    )
    newest = rows[0] if rows else None
    mapped = _newest_with_parts(seat, product)
    other = _compared(request, rows)
    context: dict[str, Any] = {
        "product": product,
        "name": text_in(product.names, seat.language),
        "first_variant": seat.scope.rows(ProductVariant).filter(product=product).first(),
        "model": model,
        "newest": built(newest) if newest else None,
        "other": built(other) if other and other is not newest else None,
        "history": [built(row) for row in rows],
        "under_way": any(row.state in _UNDER_WAY for row in rows),
        "parts": _numbered(mapped),
        "viewer": viewer_file(mapped) if mapped else "",
        "choices": _choices(),
        "uploads": seat.scope.rows(Upload).filter(product=product, state__in=Upload.OPEN),
        "refused": seat.scope.rows(Upload).filter(product=product, state="refused")[:1],
        "suffixes": ",".join(sorted(each for many in SUFFIXES.values() for each in many)),
        "problem": problem,
    }
    return desk_render(request, seat, "desk/brand/piece/model.html", context, status=status)


def _numbered(row: Build | None) -> list[dict[str, Any]]:
    if row is None:
        return []
    return [
        {**part, "field": f"part-{number}", "choice": _choice(part["said"])}
        for number, part in enumerate(parts_of(row))
    ]


def _choices() -> list[tuple[str, list[str]]]:
    """What a part can be said to be, grouped: a role, with its materials."""
    groups = [
        (Role.METAL.value, list(ALLOYS)),
        (Role.STONE.value, list(STONE_KINDS)),
    ]
    alone = [each.value for each in Role if each not in (Role.METAL, Role.STONE)]
    return [
        *((role, [f"{role}:{code}" for code in codes]) for role, codes in groups),
        ("", [*(role for role, _codes in groups), *alone]),
    ]


def _newest_with_parts(seat: Seat, product: Product) -> Build | None:
    rows = seat.scope.rows(Build).filter(model__product=product, state=Build.State.DONE)
    return rows.select_related("model").first()


def _compared(request: HttpRequest, rows: list[Build]) -> Build | None:
    wanted = request.GET.get("with", "")
    return next((row for row in rows if str(row.pk) == wanted), None)


def _product(seat: Seat, piece_id: int) -> Product:
    product = seat.scope.rows(Product).filter(pk=piece_id).first()
    if product is None:
        raise Http404(piece_id)
    return product
