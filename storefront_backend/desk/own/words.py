"""What the account pages say after something was done, or was not."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext_lazy as _

# By the template that django-allauth would have used. It has others: those say what is plain.
SAID: Mapping[str, Any] = MappingProxyType(
    {
        "account/messages/password_changed.txt": _("Password changed."),
        "account/messages/password_set.txt": _("Password set."),
        "mfa/messages/totp_activated.txt": _("The authenticator app is set up."),
        "mfa/messages/totp_deactivated.txt": _("The authenticator app was removed."),
        "mfa/messages/webauthn_added.txt": _("The passkey was added."),
        "mfa/messages/webauthn_removed.txt": _("The passkey was removed."),
    }
)

# By django-allauth's code.
ERRORS: dict[str, Any] = {
    "email_password_mismatch": _("Email or password is wrong."),
    "incorrect_password": _("The password is wrong."),
    "enter_current_password": _("The current password is wrong."),
    "incorrect_code": _("The code is wrong or was used already."),
    "invalid_password_reset": _("This link has expired or was used already."),
    "cannot_delete_authenticator": _(
        "Your account must have a second factor. Add another one before you remove this one."
    ),
}
