"""Changes as the desk shows them: who, when, what, from, to, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from storefront_backend.accounts.models import User
from storefront_backend.audit.reading import Change

_SHOWN = 12  # fields of one change; the rest is counted
_LONGEST = 160  # of a value

THINGS: Mapping[str, str | Promise] = MappingProxyType(
    {
        "brand": _("Brand"),
        "brandmembership": _("Person"),
        "brandterms": _("Terms with the brand"),
        "campaign": _("Campaign"),
        "collection": _("Collection"),
        "fulfillment": _("Parcel"),
        "imprint": _("Imprint"),
        "marketprices": _("Market's prices"),
        "order": _("Order"),
        "partner": _("Partner"),
        "product": _("Piece"),
        "productvariant": _("Variant"),
        "publishedpage": _("Brand page"),
        "ratetick": _("Rates"),
        "refund": _("Refund"),
        "shippingmethod": _("Delivery method"),
        "stock": _("Stock"),
        "story": _("Story"),
        "user": _("Account"),
        "warehouse": _("Warehouse"),
    }
)
_DONE: Mapping[str, str | Promise] = MappingProxyType(
    {
        "insert": pgettext_lazy("a change", "added"),
        "update": pgettext_lazy("a change", "changed"),
        "delete": pgettext_lazy("a change", "deleted"),
    }
)
_FIELDS: Mapping[str, str | Promise] = MappingProxyType(
    {
        "address": _("Address"),
        "addresses": _("Address in other scripts"),
        "alloy": _("Alloy"),
        "amount": _("Amount"),
        "carrier": _("Carrier"),
        "cities": _("City"),
        "code": _("Code"),
        "collection": _("Collection"),
        "commission": _("Commission"),
        "commission_tax": _("Tax on the commission"),
        "country": _("Country"),
        "currency": _("Currency"),
        "delivery": _("Time of delivery"),
        "descriptions": _("Description"),
        "email": _("Email"),
        "engraving_max": _("Engraving, characters"),
        "extra_costs": _("Costs beside the price"),
        "film": _("Film"),
        "film_key": _("Film, file"),
        "flag": _("On hold because"),
        "founded": _("Founded"),
        "hero": _("Hero piece"),
        "is_active": pgettext_lazy("a field", "Active"),
        "is_published": _("Published"),
        "kind": _("Kind"),
        "legal_name": _("Legal name"),
        "logo": _("Logo"),
        "low_stock_at": _("Low stock at"),
        "made_to_order_days": _("Days to make"),
        "markets": _("Markets"),
        "most_sheets": _("Most sheets at once"),
        "most_storage_gb": _("Most storage, GB"),
        "most_variants": _("Most variants on sale"),
        "names": _("Name"),
        "number": _("Number"),
        "order": _("Order"),
        "other_registrations": _("Other registrations"),
        "passport": _("Passport"),
        "payment": _("Payment: ways and time"),
        "phone": _("Phone"),
        "pictures": _("Pictures"),
        "price": _("Price"),
        "price_formula": _("Price formula"),
        "price_move_percent": _("Held price change, %"),
        "product": _("Piece"),
        "quantity": _("Quantity"),
        "reason": _("Reason"),
        "register": _("Register and number"),
        "representative": _("Represented by"),
        "returns": _("Returns and exchange"),
        "ring_size_label": _("Ring size"),
        "ring_size_mm": _("Ring size, mm"),
        "role": _("Role"),
        "sells_at_metal_value": _("Sells at metal value"),
        "shows_price_parts": _("Shows the parts of its prices"),
        "sku": "SKU",
        "slug": _("Address on the site"),
        "state": _("State"),
        "stories": _("Story"),
        "taglines": _("Tagline"),
        "tracking": _("Tracking number"),
        "user": _("Person"),
        "variant": _("Variant"),
        "vat_number": _("VAT number"),
        "warehouse": _("Warehouse"),
    }
)


@dataclass(frozen=True, slots=True)
class ShownField:
    """One field: its name in words, the part of it that changed, old and new as text."""

    name: str
    part: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A line of the history. `more` fields changed besides those shown."""

    at: datetime
    who: str
    thing: str
    subject: str
    done: str
    fields: tuple[ShownField, ...]
    more: int


def shown(changes: Sequence[Change]) -> list[ShownChange]:
    """In words of the active language. People whose account the reader may not see are staff."""
    people = {each.person for each in changes if each.person is not None}
    emails = dict(User.objects.filter(pk__in=people).values_list("pk", "email"))
    return [_shown(each, emails) for each in changes]


def _shown(change: Change, emails: Mapping[int, str]) -> ShownChange:
    if change.person is None:
        who = gettext("Automatic")
    else:
        who = emails.get(change.person) or gettext("Pavilion's staff")
    fields = change.fields if change.kind == "update" else ()
    return ShownChange(
        change.at,
        who,
        str(THINGS.get(change.model, change.model)),
        change.subject,
        str(_DONE.get(change.kind, change.kind)),
        tuple(_field(each.field, each.old, each.new) for each in fields[:_SHOWN]),
        max(0, len(fields) - _SHOWN),
    )


def _field(name: str, old: Any, new: Any) -> ShownField:
    first, _dot, part = name.partition(".")
    return ShownField(
        str(_FIELDS.get(first, first)), part.replace(".", " · "), _text(old), _text(new)
    )


def _text(value: Any) -> str:
    if value is None:
        return "—"
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
