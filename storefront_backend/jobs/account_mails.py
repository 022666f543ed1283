"""The mail with the link to make an account or to choose another password."""

from __future__ import annotations

import structlog
from django.conf import settings
from django.tasks import task
from django.utils import translation
from django.utils.translation import gettext as _

from i18n import locales
from storefront_backend.accounts.links import make_link
from storefront_backend.accounts.models import User
from storefront_backend.notices.channels import NotDeliverable, by_mail
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
