"""Mails about accounts: the shop's link, and what the desk's outbox holds."""

from __future__ import annotations

from functools import partial

import structlog
from django.conf import settings
from django.db import transaction
from django.tasks import task
from django.utils import translation
from django.utils.translation import gettext as _

from i18n import locales
from storefront_backend import wiring
from storefront_backend.accounts.links import make_link
from storefront_backend.accounts.models import AccountMail, User
from storefront_backend.notices.channels import NotDeliverable, by_mail
from storefront_backend.notices.desk.account_letters import PASSWORD_LINK
from storefront_backend.notices.letter import Letter
from storefront_backend.throttle.errors import TooManyRequests
from storefront_backend.throttle.limiter import take

log = structlog.get_logger(__name__)


@task(queue_name="default")
def send_account_link(email: str, market: str, language: str) -> bool:
    """Whether it was sent: not to an account that was closed, and not too often to one address."""
    account = User.objects.filter(email=email).first()
    if account is not None and not account.is_active:
        return False
    if not settings.EMAIL_URL:
        log.warning("mail not sent", kind="account link", error="EMAIL_URL is not set")
        return False
    try:
        take("account-mail", email)
        by_mail(_written(email, market, language, has_account=account is not None))
    except (TooManyRequests, NotDeliverable) as error:
        log.info("mail not sent", kind="account link", error=type(error).__name__)
        return False
    return True


def mail_password_link(email: str, language: str) -> None:
    """A link for a new password, if there is an account: the letter's writer looks, not we."""
    _queue(PASSWORD_LINK, email, None, language)


def tell_of_account(kind: str, email: str, user: User | None) -> None:
    """News of an account; `kind` is one of notices.desk.account_letters."""
    _queue(kind, email, user, translation.get_language() or "en")


def _queue(kind: str, email: str, user: User | None, language: str) -> None:
    AccountMail.objects.create(
        kind=kind, email=email, user=user, language=language, created_at=wiring.now()
    )
    transaction.on_commit(partial(send_desk_mails.enqueue, "account"))


@task(queue_name="default")
def send_desk_mails(kind: str) -> int:
    """Send one kind of the outbox before the next sweep would."""
    return wiring.outbox().send_named(kind)


def _written(email: str, market: str, language: str, *, has_account: bool) -> Letter:
    spoken = locales.language(language)
    place = f"{settings.PUBLIC_URL.rstrip('/')}/{market}/{spoken.django}/account"
    named = {"address": f"{place}/choose/?t={make_link(email)}", "sign_in": f"{place}/sign-in/"}
    with translation.override(spoken.django):
        subject = _("Your account at Pavilion")
        if has_account:
            said = [
                _("You already have an account. Sign in here: %(sign_in)s") % named,
                _("To choose a new password, open this link: %(address)s") % named,
            ]
        else:
            said = [_("To create your account, open this link: %(address)s") % named]
        said += [
            _("The link works once, for 24 hours."),
            _("If you did not ask for this, you can ignore this message."),
        ]
    return Letter(email, subject, "\n\n".join(said) + "\n")
