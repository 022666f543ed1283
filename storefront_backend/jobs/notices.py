"""Tells those who asked that a piece is back, by mail, in the language they asked in."""

from __future__ import annotations

from smtplib import SMTPException

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from i18n.locales import language, text_in
from storefront_backend import wiring
from storefront_backend.embedded import notices
from storefront_backend.orders.models import BackInStockNotice

log = structlog.get_logger(__name__)


def send_notices() -> int:
    """How many were sent; none while the shop has no way to send mail (EMAIL_URL)."""
    if not settings.EMAIL_URL:
        return 0
    try:
        return notices.tell(_send, wiring.now())
    except (OSError, SMTPException) as error:
        log.warning("mail not sent", error=str(error))
        return 0


def _send(notice: BackInStockNotice) -> None:
    product = notice.variant.product
    spoken = language(notice.language)
    address = f"{settings.PUBLIC_URL}/{notice.market}/{spoken.django}/jewellery/{product.slug}/"
    with translation.override(spoken.django):
        name = text_in(product.names, notice.language)
        subject = _("%(name)s is back") % {"name": name}
        body = _("You asked to hear when it is here again: %(address)s") % {"address": address}
    EmailMessage(subject, body, to=[notice.email]).send()
