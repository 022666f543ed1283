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
from storefront_backend.notices.confirmations import stop_token
from storefront_backend.orders.models import BackInStockNotice


def send_notices() -> int:
    """How many were sent; none while the shop has no way to send mail (EMAIL_URL)."""
    return told(lambda: notices.tell(lambda notice: deliver(_written(notice)), wiring.now()))


def _written(notice: BackInStockNotice) -> EmailMessage:
    product = notice.variant.product
    spoken = language(notice.language)
    address = page_of(notice, f"jewellery/{product.slug}/")
    with translation.override(spoken.django):
        name = text_in(product.names, notice.language)
        subject = _("%(name)s is back") % {"name": name}
        body = _("You asked to hear when it is here again: %(address)s") % {"address": address}
    return with_stop_link(EmailMessage(subject, body, to=[notice.email]), notice)


def page_of(notice: BackInStockNotice, path: str) -> str:
    """The address of a page in the notice's market and language."""
    place = f"{notice.market}/{language(notice.language).django}"
    return f"{settings.PUBLIC_URL.rstrip('/')}/{place}/{path}"


def with_stop_link(mail: EmailMessage, notice: BackInStockNotice) -> EmailMessage:
    """The mail with the link that stops all notices to its address, for people and programs."""
    link = page_of(notice, f"notices/stop/?t={stop_token(notice.email)}")
    with translation.override(language(notice.language).django):
        mail.body += "\n\n" + _("To stop these messages: %(address)s") % {"address": link} + "\n"
    # RFC 8058: one click in the mail program, which posts to the address.
    mail.extra_headers["List-Unsubscribe"] = f"<{link}>"
    mail.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return mail
