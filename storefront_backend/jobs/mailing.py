"""What the mails of the shop have in common: a server may be away, or refuse an address."""

from __future__ import annotations

from collections.abc import Callable
from smtplib import SMTPException, SMTPRecipientsRefused

import structlog
from django.conf import settings
from django.core.mail import EmailMessage

from storefront_backend.orders.mails import NotDeliverable

log = structlog.get_logger(__name__)

_FOR_GOOD = 500  # RFC 5321, 4.2.1: 4yz may pass, 5yz will not


def told(tell: Callable[[], int]) -> int:
    """How many mails `tell` sent; none while the shop has no way to send any (EMAIL_URL)."""
    if not settings.EMAIL_URL:
        return 0
    try:
        return tell()
    except (OSError, SMTPException) as error:
        log.warning("mail not sent", error=str(error))
        return 0


def deliver(message: EmailMessage) -> None:
    """Send one. Raises NotDeliverable where it is the address; OSError, SMTPException."""
    try:
        message.send()
    except SMTPRecipientsRefused as refusal:
        codes = [code for code, _ in refusal.recipients.values()]
        for_good = all(code >= _FOR_GOOD for code in codes)
        raise NotDeliverable("The address was refused", for_good=for_good) from refusal
