"""Mails about an account of the desk: a link for a new password, and what was changed in it.

| kind                     | sent when                                          |
|--------------------------|----------------------------------------------------|
| `password_link`          | a new password was asked for; nothing without an   |
|                          | account, so that the asker learns nothing          |
| `email_change_old`,      | the account is to have another address, which both |
| `email_change_new`       | have to confirm                                    |
| the others               | something was changed: the owner may not know it   |
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from storefront_backend.accounts import email_change
from storefront_backend.accounts.models import AccountMail, EmailChange, User
from storefront_backend.notices.letter import Letter
from storefront_backend.throttle.errors import TooManyRequests
from storefront_backend.throttle.limiter import take

PASSWORD_LINK = "password_link"  # noqa: S105 - a kind of mail
_SIDES = {"email_change_old": email_change.OLD, "email_change_new": email_change.NEW}
_KEPT = timedelta(days=30)

# Subject and first sentence, by the last word of the template that django-allauth would have used.
CHANGES: Mapping[str, tuple[str | Promise, str | Promise]] = MappingProxyType(
    {
        "password_changed": (
            gettext_lazy("Your password was changed"),
            gettext_lazy("The password of your account at Pavilion was changed."),
        ),
        "password_set": (
            gettext_lazy("Your account has a password now"),
            gettext_lazy("A password was set for your account at Pavilion."),
        ),
        "password_reset": (
            gettext_lazy("Your password was changed"),
            gettext_lazy("The password of your account at Pavilion was changed by a mailed link."),
        ),
        "email_changed": (
            gettext_lazy("Your email address was changed"),
            gettext_lazy("Your account at Pavilion signs in with another address from now on."),
        ),
        "totp_activated": (
            gettext_lazy("An authenticator app was added"),
            gettext_lazy("An authenticator app was added to your account at Pavilion."),
        ),
        "totp_deactivated": (
            gettext_lazy("An authenticator app was removed"),
            gettext_lazy("The authenticator app was removed from your account at Pavilion."),
        ),
        "webauthn_added": (
            gettext_lazy("A passkey was added"),
            gettext_lazy("A passkey was added to your account at Pavilion."),
        ),
        "webauthn_removed": (
            gettext_lazy("A passkey was removed"),
            gettext_lazy("A passkey was removed from your account at Pavilion."),
        ),
        "recovery_codes_generated": (
            gettext_lazy("You have new recovery codes"),
            gettext_lazy("New recovery codes were made for your account. Earlier ones are void."),
        ),
    }
)


def to_send(most: int) -> list[int]:
    """Ids of mails that are not done, oldest first."""
    return list(AccountMail.objects.filter(done_at=None).values_list("pk", flat=True)[:most])


def forget_sent(now: datetime) -> int:
    """Delete what was done a month ago; returns how many."""
    return AccountMail.objects.filter(done_at__lt=now - _KEPT).delete()[0]


@dataclass(frozen=True, slots=True)
class AccountNews:
    """News of an account to its owner."""

    public_url: str
    name: str = "account"

    def due(self, now: datetime, most: int) -> Sequence[int]:
        """Those that were not sent yet."""
        return to_send(most)

    def write(self, key: int) -> Letter | None:
        """In the language of the page where it began. What there is no letter for is done."""
        row = AccountMail.objects.filter(pk=key, done_at=None).select_related("user").first()
        if row is None:
            return None
        with translation.override(row.language):
            letter = self._letter(row)
        if letter is None:
            AccountMail.objects.filter(pk=key).update(done_at=row.created_at)
        return letter

    def sent(self, key: int, now: datetime) -> None:
        """It is sent once."""
        AccountMail.objects.filter(pk=key).update(done_at=now)

    def refused(self, key: int, now: datetime, why: str) -> None:
        """It is not sent."""
        AccountMail.objects.filter(pk=key).update(done_at=now, problem=why)

    def _letter(self, row: AccountMail) -> Letter | None:
        if row.kind == PASSWORD_LINK:
            return self._password_link(row.email)
        if row.kind in _SIDES:
            return self._email_link(row, _SIDES[row.kind])
        if row.kind not in CHANGES:
            return None
        subject, said = CHANGES[row.kind]
        address = self._page("/desk/account/")
        lines = [
            str(said),
            _("If it was not you, change your password and sign out everywhere: %(address)s")
            % {"address": address},
        ]
        return Letter(row.email, str(subject), "\n\n".join(lines) + "\n")

    def _email_link(self, row: AccountMail, side: str) -> Letter | None:
        change = EmailChange.objects.filter(user=row.user).first()
        if change is None or row.email != (change.old if side == email_change.OLD else change.new):
            return None
        if side == email_change.NEW and User.objects.filter(email=change.new).exists():
            return None  # an account of its own has that address: it is not bothered
        try:
            take("account-mail", row.email)
        except TooManyRequests:
            return None
        token = email_change.link_of(change, side)
        lines = [
            _("The account of %(old)s at Pavilion is to sign in with %(new)s.")
            % {"old": change.old, "new": change.new},
            _("To confirm it, open this link: %(address)s")
            % {"address": self._page(f"/desk/account/email/confirm/?t={token}")},
            _("The change is made when both addresses have confirmed it, within 24 hours."),
            _("If you did not ask for this, you can ignore this message."),
        ]
        return Letter(row.email, _("Confirm the new email address"), "\n\n".join(lines) + "\n")

    def _password_link(self, email: str) -> Letter | None:
        user = User.objects.filter(email=email, is_active=True).first()
        if user is None:
            return None
        try:
            take("account-mail", email)
        except TooManyRequests:
            return None
        key = f"{user_pk_to_url_str(user)}/{default_token_generator.make_token(user)}"
        lines = [
            _("To choose a new password, open this link: %(address)s")
            % {"address": self._page(f"/desk/sign-in/password/{key}/")},
            _("The link works once, for 24 hours."),
            _("If you did not ask for this, you can ignore this message."),
        ]
        return Letter(email, _("A new password for Pavilion"), "\n\n".join(lines) + "\n")

    def _page(self, path: str) -> str:
        return self.public_url.rstrip("/") + path
