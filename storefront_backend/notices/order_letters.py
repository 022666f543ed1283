"""Letters about orders, in the shopper's language, as text and as HTML: bought, and on its way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from i18n import locales
from i18n.addresses import CheckedAddress
from i18n.money import Money
from storefront_backend.commerce.orders import Fulfillment as Parcel
from storefront_backend.commerce.orders import Order, OrderLine
from storefront_backend.notices.letter import Letter


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes letters of a shop at that address; `country_of` tells a market's country."""

    public_url: str
    country_of: Callable[[str], str]

    def letter(self, order: Order, parcel: Parcel | None = None) -> Letter:
        """Of an order, or of a parcel of it."""
        spoken = locales.language(order.language)
        with translation.override(spoken.django):
            subject = (
                _("A parcel of your order %(number)s is on its way")
                if parcel
                else _("Your order %(number)s")
            ) % {"number": order.number}
            said = self._context(order, parcel, subject)
            text = render_to_string("mail/order.txt", said)
            html = render_to_string("mail/order.html", said)
        # Lines that had nothing to say leave gaps.
        tidy = "\n".join(line.rstrip() for line in text.splitlines())
        while "\n\n\n" in tidy:
            tidy = tidy.replace("\n\n\n", "\n\n")
        return Letter(order.email, subject, tidy.strip() + "\n", html)

    def _context(self, order: Order, parcel: Parcel | None, subject: str) -> dict[str, Any]:
        spoken = locales.language(order.language)
        country = self.country_of(order.market)
        counts = dict(parcel.pieces) if parcel else {line.id: line.quantity for line in order.lines}
        address = order.shipping_address

        def money(amount: Money) -> str:
            return locales.format_money(amount.quantized(), order.language, country)

        return {
            "language": spoken.code,
            "direction": spoken.direction,
            "subject": subject,
            "is_parcel": parcel is not None,
            "number": order.number,
            "lines": [_line(line, counts[line.id]) for line in order.lines if counts.get(line.id)],
            "total": money(order.total),
            "carrier": (parcel.carrier if parcel else "") or order.delivery,
            "tracking": parcel.tracking if parcel else "",
            "address": list(CheckedAddress(address.country, address.to_json(), ()).lines()),
            "url": f"{self.public_url}/{order.market}/{spoken.django}/order/{order.token}/",
        }


def _line(line: OrderLine, count: int) -> dict[str, Any]:
    return {
        "name": line.name,
        "count": count,
        "size": line.ring_size,
        "engraving": line.engraving,
        "days": line.lead_days,
    }
