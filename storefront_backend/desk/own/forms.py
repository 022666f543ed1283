"""The forms of signing in and of the account: django-allauth's, with our labels and limits."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.core import context
from allauth.mfa.base import forms as base
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from storefront_backend.accounts.models import User
from storefront_backend.accounts.sign_in import count_code, use_up

_REQUIRED = {"required": _("This field is required.")}


def plain(form: forms.BaseForm, **labels: Any) -> None:
    """Our labels, and neither placeholders nor help in place of them."""
    form.label_suffix = ""
    for name, field in form.fields.items():
        field.label = labels.get(name, field.label)
        field.help_text = ""
        field.error_messages |= _REQUIRED
        field.widget.attrs.pop("placeholder", None)


class SignInForm(account.LoginForm):
    """Address and password; the authentication backend counts."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, login=_("Email"), password=_("Password"))
        self.fields["login"].widget.attrs |= {"autocomplete": "username webauthn", "dir": "ltr"}


class ForgottenForm(forms.Form):
    """The address that a link goes to."""

    email = forms.EmailField(
        label=_("Email"),
        max_length=254,
        error_messages=_REQUIRED,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "dir": "ltr"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self)

    def clean_email(self) -> str:
        """As accounts spell it."""
        return str(self.cleaned_data["email"]).lower()


class JoinForm(forms.Form):
    """A new account: a name, and a password unless a passkey comes next."""

    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        error_messages=_REQUIRED,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=4096,
        error_messages=_REQUIRED,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, by_passkey: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self)
        self.email = email
        self.by_passkey = by_passkey
        self.fields["password"].required = not by_passkey

    def clean_name(self) -> str:
        """One line."""
        return " ".join(str(self.cleaned_data["name"]).split())

    def clean_password(self) -> str:
        """Not one that is known to many, or is the person's own name."""
        if self.by_passkey:
            return ""
        password = str(self.cleaned_data["password"])
        someone = User(email=self.email, first_name=self.cleaned_data.get("name", ""))
        password_validation.validate_password(password, someone)
        return password


class NewPasswordForm(account.ResetPasswordKeyForm):
    """The page that a mailed link opens."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        plain(self, password1=_("New password"))

    def clean(self) -> dict[str, Any] | None:
        """One field: a typing error is mended by another link."""
        return forms.Form.clean(self)


class SetPasswordForm(account.SetPasswordForm):
    """A password for an account that has passkeys only."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        plain(self, password1=_("New password"))

    def clean(self) -> dict[str, Any] | None:
        """One field, as above."""
        return forms.Form.clean(self)


class ChangePasswordForm(account.ChangePasswordForm):
    """The current password, counted like one of signing in, and the new one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        plain(self, oldpassword=_("Current password"), password1=_("New password"))

    def clean_oldpassword(self) -> str:
        """Behind the limits of signing in: a session left open is no place to guess."""
        adapter = account.get_adapter()
        if not adapter.reauthenticate(self.user, self.cleaned_data.get("oldpassword", "")):
            raise adapter.validation_error("enter_current_password")
        return str(self.cleaned_data["oldpassword"])

    def clean(self) -> dict[str, Any] | None:
        """One field, as above."""
        return forms.Form.clean(self)


class _Counted:
    """Wrong codes are counted in the database, for all processes; a right one works once."""

    user: Any
    authenticator: Authenticator
    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        right = count_code(context.request, self.user.email)
        code = str(super().clean_code())  # type: ignore[misc]  # the form's, beside this one
        found = getattr(self, "authenticator", None)
        if found is not None and found.type == Authenticator.Type.TOTP:
            digits = "".join(code.split())
            if not use_up(self.user.email, digits):
                raise base.get_adapter().validation_error("incorrect_code")
        right()
        return code


class CodeForm(_Counted, base.AuthenticateForm):
    """The code of the app, or one of the recovery codes, after the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, code=_("Code"))
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "dir": "ltr"}


class ConfirmingCodeForm(_Counted, base.ReauthenticateForm):
    """The same, before a change of the account's security."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, code=_("Code"))
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "dir": "ltr"}


class ActivateAppForm(_Counted, totp.ActivateTOTPForm):
    """The first code of a new app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, code=_("Code from the app"))
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "dir": "ltr"}
