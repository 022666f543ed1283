"""Tells those who asked that a piece is back, by mail, in the language they asked in."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from i18n.locales import language, text_in
from storefront_backend import wiring
from storefront_backend.jobs.mailing import deliver, told
from storefront_backend.notices import back_in_stock as notices
from storefront_backend.orders.models import BackInStockNotice


def send_notices() -> int:
    """How many were sent; none while the shop has no way to send mail (EMAIL_URL)."""
    return told(lambda: notices.tell(lambda notice: deliver(_written(notice)), wiring.now()))


def _written(notice: BackInStockNotice) -> EmailMessage:
    product = notice.variant.product
    spoken = language(notice.language)
    address = f"{settings.PUBLIC_URL}/{notice.market}/{spoken.django}/jewellery/{product.slug}/"
    with translation.override(spoken.django):
        name = text_in(product.names, notice.language)
        subject = _("%(name)s is back") % {"name": name}
        body = _("You asked to hear when it is here again: %(address)s") % {"address": address}
    return EmailMessage(subject, body, to=[notice.email])
