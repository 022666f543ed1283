"""A piece's facts and texts, changed at the desk. What is saved went through the sheet's checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from catalog_import import Problem, ProductDraft, VariantDraft
from catalog_import.columns import STONE_GROUPS, columns
from i18n.locales import LANGUAGES, text_in
from storefront_backend import wiring
from storefront_backend.catalog.models import Product, ProductVariant
from storefront_backend.commerce.errors import InvalidRequest
from storefront_backend.desk.brand.board import board
from storefront_backend.desk.brand.facts import FACTS, STONE_FACTS, Fact, rules_of
from storefront_backend.desk.brand.seat import Seat, brand_page, desk_render
from storefront_backend.jobs.catalogue import follow_up
from storefront_backend.pricing.piece_cells import (
    PIECE_COLUMNS,
    VARIANT_COLUMNS,
    piece_cells,
    variant_cells,
)
from storefront_backend.pricing.piece_edit import Edit, Stale, changed, edit, version_of
from storefront_backend.pricing.sheet_import import warehouse_of
from storefront_backend.scope.database import as_shop
from storefront_backend.texts.state import State, translations

_GENERAL = ("kind", "collection", "markets", "engraving_max")
_LONGEST = 8_000


@dataclass(frozen=True, slots=True)
class Field:
    """A cell on the page. `now` is what the piece holds where it was changed meanwhile."""

    name: str
    label: str
    value: str
    help: str = ""
    choices: tuple[str, ...] = ()
    state: str = ""
    rules: tuple[Any, ...] = ()
    problem: Problem | None = None
    now: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A language with its two cells; `state` is missing, stale or empty."""

    code: str
    name: str
    direction: str
    state: str
    fields: tuple[Field, ...]


@brand_page("GET", "POST")
def texts(request: HttpRequest, seat: Seat, piece_id: int) -> HttpResponse:
    """Names and descriptions in every language, and what concerns the piece as a whole."""
    product = _product(seat, piece_id)
    now = piece_cells(ProductDraft.from_json(product.draft)) if product.draft else {}
    wanted = _posted(request, PIECE_COLUMNS) if request.method == "POST" else dict(now)
    came = None
    if request.method == "POST":
        change = Edit(request.POST.get("version", ""), changed(now, wanted), {})
        came = _saved(seat, product, change)
        if came.written:
            return _done(request, seat, "brand-desk:piece-texts", came, product.pk)
    fields = _fields(PIECE_COLUMNS, wanted, now, came)
    context = {
        **_frame(seat, product, came),
        "general": [fields[name] for name in _GENERAL],
        "texts": _texts(fields, now, _stale(seat, product)),
    }
    return desk_render(request, seat, "desk/brand/piece/texts.html", context, status=_status(came))


@brand_page("GET", "POST")
def passport(request: HttpRequest, seat: Seat, piece_id: int, variant_id: int) -> HttpResponse:
    """What a variant is made of; ticked, the same facts for every variant in that alloy."""
    product = _product(seat, piece_id)
    rows = seat.scope.rows(ProductVariant).filter(product=product)
    variant = rows.filter(pk=variant_id).first()
    draft = _draft_of(product, variant)
    if variant is None:
        raise Http404(variant_id)
    now = variant_cells(draft) if draft else {}
    wanted = _posted(request, VARIANT_COLUMNS) if request.method == "POST" else dict(now)
    came = None
    if request.method == "POST":
        change = Edit(request.POST.get("version", ""), {}, _for_variants(product, variant, request))
        came = _saved(seat, product, change)
        if came.written:
            return _done(request, seat, "brand-desk:piece-passport", came, product.pk, variant.pk)
    fields = _fields(VARIANT_COLUMNS, wanted, now, came)
    _mark(fields, variant, _reasons(seat, product))
    context = {
        **_frame(seat, product, came),
        "variant": variant,
        "variants": rows,
        "fields": [fields[name] for name in VARIANT_COLUMNS if not name.startswith("stone_")],
        "stones": [
            [fields[f"stone_{n}_{name}"] for name in STONE_FACTS]
            for n in range(1, STONE_GROUPS + 1)
        ],
    }
    return desk_render(
        request, seat, "desk/brand/piece/passport.html", context, status=_status(came)
    )


@dataclass(frozen=True, slots=True)
class Came:
    """What came of saving: `refused` in words, or problems at cells, or nothing changed."""

    problems: tuple[Problem, ...] = ()
    written: bool = False
    refused: str = ""
    hint: str = ""
    stale: bool = False


def _saved(seat: Seat, product: Product, change: Edit) -> Came:
    try:
        # The import locks, marks and asks as the shop, for this brand alone.
        with as_shop():
            imports = wiring.sheet_import(
                seat.brand, warehouse_of_piece(seat, product), None, follow_up
            )
            edited = edit(imports, product, change)
    except Stale:
        return Came(refused=_("The piece was changed meanwhile. Nothing was saved."), stale=True)
    except InvalidRequest as error:
        return Came(refused=error.message, hint=error.hint)
    return Came(edited.problems, edited.written)


def warehouse_of_piece(seat: Seat, product: Product) -> Any:
    """Where the piece's stock is kept; the brand's own place where it has none."""
    stock = product.variants.filter(stock__isnull=False).first()
    row = stock.stock.select_related("warehouse").first() if stock else None
    return row.warehouse if row else warehouse_of(seat.brand)


def _for_variants(
    product: Product, variant: ProductVariant, request: HttpRequest
) -> dict[str, dict[str, str]]:
    wanted = _posted(request, VARIANT_COLUMNS)
    drafts = ProductDraft.from_json(product.draft).variants if product.draft else ()
    own = next((each for each in drafts if each.sku == variant.own_sku), None)
    if own is None:
        return {}
    cells = changed(variant_cells(own), wanted)
    alike = "alike" in request.POST
    return (
        {
            each.sku: cells
            for each in drafts
            if each.sku == own.sku or (alike and _alloy(each) == _alloy(own))
        }
        if cells
        else {}
    )


def _alloy(variant: VariantDraft) -> str:
    return variant.passport.metals[0].alloy if variant.passport.metals else ""


def _draft_of(product: Product, variant: ProductVariant | None) -> VariantDraft | None:
    if variant is None or not product.draft:
        return None
    drafts = ProductDraft.from_json(product.draft).variants
    return next((each for each in drafts if each.sku == variant.own_sku), None)


def _posted(request: HttpRequest, names: tuple[str, ...]) -> dict[str, str]:
    return {name: request.POST[name][:_LONGEST] for name in names if name in request.POST}


def _fields(
    names: tuple[str, ...], wanted: Mapping[str, str], now: Mapping[str, str], came: Came | None
) -> dict[str, Field]:
    problems = {problem.column: problem for problem in came.problems} if came else {}
    found = {}
    for name in names:
        fact = _fact(name)
        value = wanted.get(name, now.get(name, ""))
        theirs = now.get(name, "") if came and came.stale and value != now.get(name, "") else ""
        found[name] = Field(
            name,
            str(fact.label),
            value,
            str(fact.help),
            tuple(map(str, columns()[name].choices)),
            problem=problems.get(name),
            now=theirs,
        )
    return found


def _fact(name: str) -> Fact:
    if name.startswith("stone_"):
        return STONE_FACTS[name.split("_", 2)[2]]
    if name.startswith("name_"):
        return Fact(_("Name"))
    return FACTS.get(name) or Fact(_("Description"))


def _mark(fields: dict[str, Field], variant: ProductVariant, reasons: list[Any]) -> None:
    """Say beside each fact how far it is known, and which rules stop the piece over it."""
    known = variant.passport.get("states", {})
    metals = {part.get("state", "declared") for part in variant.passport.get("metals", ())}
    for name, field in list(fields.items()):
        fact = _fact(name)
        if fact.of == "metals":
            state = "verified" if metals == {"verified"} else "declared"
        else:
            state = known.get(fact.of, "declared") if fact.of else ""
        if fact.of and not field.value:  # left out is a fact to find only where a law asks for it
            state = "unknown" if fact.asked_by and name != "plating" else ""
        fields[name] = Field(
            field.name, field.label, field.value, field.help, field.choices, state,
            tuple(rules_of(fact, reasons)), field.problem, field.now,
        )  # fmt: skip


def _reasons(seat: Seat, product: Product) -> list[Any]:
    (row,) = board([product], settings.MARKETS, seat.scope)
    return [(cell.market, reason) for cell in row.cells for reason in cell.reasons]


def _stale(seat: Seat, product: Product) -> frozenset[str]:
    """Languages with a text whose original was changed after it."""
    found = translations(seat.scope, subject="product", ids=frozenset({product.pk}))
    return frozenset(each.language for each in found if each.state is State.STALE)


def _texts(
    fields: Mapping[str, Field], now: Mapping[str, str], stale: frozenset[str]
) -> list[Text]:
    """English first; what is said in English and not in a language is missing there."""
    found = []
    for code, language in LANGUAGES.items():
        suffix = code.lower().replace("-", "_")
        pair = (fields[f"name_{suffix}"], fields[f"description_{suffix}"])
        english = (fields["name_en"], fields["description_en"])
        lacks = any(e.value and not own.value for e, own in zip(english, pair, strict=True))
        state = "missing" if lacks else "stale" if code in stale else ""
        found.append(Text(code, language.name, language.direction, state, pair))
    return found


def _frame(seat: Seat, product: Product, came: Came | None) -> dict[str, Any]:
    return {
        "product": product,
        "name": text_in(product.names, seat.language),
        "version": version_of(product),
        "editable": bool(product.draft) and seat.may_write,
        "came": came,
        "elsewhere": [
            problem for problem in (came.problems if came else ()) if not _is_shown(problem)
        ],
        "first_variant": seat.scope.rows(ProductVariant).filter(product=product).first(),
    }


def _is_shown(problem: Problem) -> bool:
    return problem.column in PIECE_COLUMNS or problem.column in VARIANT_COLUMNS


def _done(request: HttpRequest, seat: Seat, name: str, came: Came, *arguments: int) -> HttpResponse:
    warnings = [problem.message for problem in came.problems[:3]]
    messages.success(request, " · ".join([_("Saved. Its markets are checked again."), *warnings]))
    return redirect(name, seat.brand.slug, *arguments)


def _status(came: Came | None) -> int:
    if came is None or not (came.refused or came.problems):
        return 200
    return 409 if came.stale else 422


def _product(seat: Seat, piece_id: int) -> Product:
    product = seat.scope.rows(Product).filter(pk=piece_id).first()
    if product is None:
        raise Http404(piece_id)
    return product
