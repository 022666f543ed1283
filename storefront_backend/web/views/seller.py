"""Who sells: the imprint."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from i18n.locales import language as spoken
from storefront_backend.catalog.imprint import Imprint, imprint
from storefront_backend.web import seo
from storefront_backend.web.places import ShopRequest

_JAPAN = "jp"


@require_safe
@cache_control(public=True, max_age=300)
def show(request: ShopRequest, market: str, language: str) -> HttpResponse:
    """The seller's name, address and numbers; the texts that Japan's law asks for."""
    row = imprint()
    context = {
        "rows": [(label, text) for label, text in _facts(row, request.language, market) if text],
        "email": row.email,
        "phone": row.phone,
        "is_japan": market == _JAPAN,
        **seo.head(request, "imprint"),
    }
    return render(request, "web/imprint.html", context)


def _text(texts: dict[str, str], language: str) -> str:
    """In the language, or one that its readers read: never in one that they may not."""
    return next((texts[code] for code in spoken(language).chain if texts.get(code)), "")


def _facts(row: Imprint, language: str, market: str) -> list[tuple[str, str]]:
    place = row.addresses.get(language) or row.address
    prices = _("As each piece's page says, with duty, tax and insured delivery.")
    return [
        (_("Name of the seller"), row.name),
        (_("Represented by"), row.representative),
        (_("Business address"), place),
        (_("Registration"), row.register),
        (_("VAT number"), row.vat_number),
        (_("Other registrations"), row.other_registrations),
        (_("Prices"), prices if market == _JAPAN else ""),
        (_("Costs beside the price"), _text(row.extra_costs, language)),
        (_("Payment"), _text(row.payment, language)),
        (_("Delivery time"), _text(row.delivery, language)),
        (_("Returns"), _text(row.returns, language)),
    ]
