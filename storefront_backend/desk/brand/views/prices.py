"""The brand's prices, and what they would be at other metal prices."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from i18n.locales import text_in
from i18n.money import Money
from i18n.price_formula import PriceFormula
from storefront_backend import wiring
from storefront_backend.catalog.metal_words import variant_name
from storefront_backend.catalog.models import ImportRun, Listing, ProductVariant, RateTick
from storefront_backend.commerce.errors import CommerceError
from storefront_backend.desk.brand.formula_words import formula_words
from storefront_backend.desk.brand.seat import Seat, brand_page, desk_render
from storefront_backend.desk.pages import paged
from storefront_backend.pricing.metal_moves import MetalPreview, at_other_metals
from storefront_backend.scope.database import as_shop

METALS = {
    "gold": gettext_lazy("Gold"),
    "silver": gettext_lazy("Silver"),
    "platinum": gettext_lazy("Platinum"),
    "palladium": gettext_lazy("Palladium"),
}
_MOST_HELD = 10


class MoveForm(forms.Form):
    """A metal, by how many per cent it moves, and the market whose prices are listed."""

    metal = forms.ChoiceField(
        label=gettext_lazy("Metal"), required=False, choices=list(METALS.items())
    )
    percent = forms.DecimalField(
        label=gettext_lazy("Move, %"),
        required=False,
        min_value=-90,
        max_value=500,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"step": "any", "placeholder": "±5"}),
    )
    market = forms.ChoiceField(label=gettext_lazy("Market"), required=False)
    search = forms.CharField(
        label=gettext_lazy("SKU or code"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["market"]
        assert isinstance(field, forms.ChoiceField)
        book = wiring.rulebook()
        field.choices = [(code, book.market(code).market.name) for code in settings.MARKETS]


@brand_page("GET")
def listed(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Formula, bounds and price of each variant in a market; with a move, old and new."""
    form = MoveForm(request.GET or None)
    valid = not form.is_bound or form.is_valid()
    said = form.cleaned_data if form.is_bound and valid else {}
    market = said.get("market") or settings.MARKETS[0]
    page = paged(request, _variants(seat, said.get("search", "")))
    kept = request.GET.copy()
    kept.pop("page", None)
    context: dict[str, Any] = {
        "form": form,
        "market": market,
        "page": page,
        "query": kept.urlencode(),
        "held_rates": list(_held_rates()),
        "held_sheets": _held_sheets(seat),
        "limit": settings.RATES_MAX_JUMP,
    }
    moves = {}
    if percent := said.get("percent"):
        context |= {"percent": f"{percent:+}", "waits": abs(percent) > settings.RATES_MAX_JUMP}
        context["metal"] = METALS[said["metal"] or "gold"]
        try:
            preview = _preview(seat, said["metal"] or "gold", percent)
            context["moved"] = [
                found for code in settings.MARKETS if (found := preview.market(code))
            ]
            moves = preview.pieces(market, [row.pk for row in page])
        except CommerceError as error:
            context["problem"] = f"{error.message} {error.hint}".strip()
    context["rows"] = list(_rows(seat, list(page), market, moves))
    return desk_render(
        request, seat, "desk/brand/prices.html", context, status=200 if valid else 422
    )


def _variants(seat: Seat, words: str) -> Any:
    rows = seat.scope.rows(ProductVariant).filter(is_active=True).select_related("product")
    if words:
        rows = rows.filter(
            Q(sku__icontains=words)
            | Q(own_sku__icontains=words)
            | Q(product__code__icontains=words)
        )
    return rows.order_by("product__code", "position", "pk")


def _preview(seat: Seat, metal: str, percent: Decimal) -> MetalPreview:
    with as_shop():  # the rates in force are everybody's
        book = wiring.price_book()
    return MetalPreview(seat.brand.pk, at_other_metals(book, {metal: percent}), wiring.now())


def _rows(
    seat: Seat, variants: list[ProductVariant], market: str, moves: dict[int, Any]
) -> Iterator[dict[str, Any]]:
    found = seat.scope.rows(Listing).filter(market=market, is_live=True, variant__in=variants)
    live = {each.variant_id: Money(each.goods or Decimal(0), each.currency) for each in found}
    for row in variants:
        formula = PriceFormula.from_json(row.price_formula)
        floor, ceiling = (
            Money(amount, formula.currency) if amount is not None else None
            for amount in (formula.floor, formula.ceiling)
        )
        yield {
            "variant": row,
            "name": text_in(row.product.names, seat.language),
            "metal": variant_name(
                row.alloy, row.ring_size_system, row.ring_size_label, seat.language
            ),
            "words": formula_words(formula),
            "floor": floor,
            "ceiling": ceiling,
            "live": live.get(row.pk),
            "moved": moves.get(row.pk),
        }


def _held_rates() -> Iterator[dict[str, Any]]:
    """Metals whose price jumped and waits for an operator, with the jump in per cent."""
    tick = RateTick.objects.filter(state=RateTick.State.HELD).first()
    for jump in tick.jumps if tick else ():
        if jump["code"] in METALS:
            percent = (Decimal(jump["share"]) * 100).quantize(Decimal("0.01"))
            yield {
                "code": jump["code"],
                "metal": METALS[jump["code"]],
                "percent": percent,
                "moved": f"{percent:+}",
            }


def _held_sheets(seat: Seat) -> list[dict[str, Any]]:
    """Sheets with prices that moved too far to go live by themselves."""
    rows = seat.scope.rows(ImportRun).filter(
        state=ImportRun.State.DONE, report__counts__moves__gt=0
    )
    return [
        {"run": run, "moves": run.report.get("moves", ())[:_MOST_HELD]}
        for run in rows.order_by("-created_at")[:3]
    ]
