"""Mails about orders, in the shopper's language, as text and as HTML: bought, and on its way."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from i18n import locales
from i18n.addresses import CheckedAddress
from i18n.money import Money
from storefront_backend import wiring
from storefront_backend.commerce.orders import Order, OrderLine
from storefront_backend.jobs.mailing import deliver, told
from storefront_backend.notices import order_mails
from storefront_backend.notices.order_mails import News


def send_order_mails() -> int:
    """How many were sent; none while the shop has no way to send mail (EMAIL_URL)."""
    return told(lambda: order_mails.tell(lambda news: deliver(written(news)), wiring.now()))


def written(news: News) -> EmailMultiAlternatives:
    """The mail, unsent."""
    order, parcel = news.order, news.parcel
    spoken = locales.language(order.language)
    with translation.override(spoken.django):
        subject = (
            _("A parcel of your order %(number)s is on its way")
            if parcel
            else _("Your order %(number)s")
        ) % {"number": order.number}
        said = _said(news, subject)
        text = render_to_string("mail/order.txt", said)
        html = render_to_string("mail/order.html", said)
    # Lines that had nothing to say leave gaps.
    tidy = "\n".join(line.rstrip() for line in text.splitlines())
    while "\n\n\n" in tidy:
        tidy = tidy.replace("\n\n\n", "\n\n")
    mail = EmailMultiAlternatives(subject, tidy.strip() + "\n", to=[order.email])
    mail.attach_alternative(html, "text/html")
    return mail


def _said(news: News, subject: str) -> dict[str, Any]:
    order, parcel = news.order, news.parcel
    spoken = locales.language(order.language)
    country = wiring.rulebook().market(order.market).market.country
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
        "url": _place(order),
    }


def _line(line: OrderLine, count: int) -> dict[str, Any]:
    return {
        "name": line.name,
        "count": count,
        "size": line.ring_size,
        "engraving": line.engraving,
        "days": line.lead_days,
    }


def _place(order: Order) -> str:
    spoken = locales.language(order.language)
    return f"{settings.PUBLIC_URL}/{order.market}/{spoken.django}/order/{order.token}/"
