"""Ways to send letters: mail. A server may be away, or refuse an address."""

from __future__ import annotations

from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused

from django.core.mail import EmailMultiAlternatives

from storefront_backend.commerce.errors import InvalidRequest
from storefront_backend.commerce.mail_address import checked_address
from storefront_backend.notices.letter import Letter

_FOR_GOOD = 500  # RFC 5321, 4.2.1: 4yz may pass, 5yz will not


class NotDeliverable(Exception):
    """An address takes no mail; `for_good`: no later attempt helps."""

    def __init__(self, message: str, *, for_good: bool) -> None:
        super().__init__(message)
        self.for_good = for_good


class ChannelDown(Exception):
    """Nothing can be sent now, to anybody: the server is away, or does not take our mail."""

    retry = True


def by_mail(letter: Letter) -> None:
    """Send one. Raises NotDeliverable where it is the address or this letter, ChannelDown."""
    try:
        recipient = checked_address(letter.recipient)
    except InvalidRequest as error:  # taken in before addresses were checked as they are now
        raise NotDeliverable(error.message, for_good=True) from error
    headers = dict(letter.headers)
    mail = EmailMultiAlternatives(letter.subject, letter.text, to=[recipient], headers=headers)
    if letter.html:
        mail.attach_alternative(letter.html, "text/html")
    try:
        mail.send()
    except SMTPRecipientsRefused as refusal:
        codes = [code for code, _ in refusal.recipients.values()]
        for_good = all(code >= _FOR_GOOD for code in codes)
        raise NotDeliverable("The address was refused", for_good=for_good) from refusal
    except SMTPDataError as answer:  # it read this letter and would not take it
        raise NotDeliverable(f"The letter was refused: {answer}", for_good=False) from answer
    except (OSError, SMTPException) as error:
        raise ChannelDown(f"{type(error).__name__}: {error}") from error
