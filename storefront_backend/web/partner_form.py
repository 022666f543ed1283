"""What an applicant sends."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from storefront_backend.commerce.errors import InvalidRequest
from storefront_backend.commerce.mail_address import checked_address

_KINDS = (("kol", _("I publish for many (KOL)")), ("koc", _("I share with friends (KOC)")))


class PartnerForm(forms.Form):
    """Who somebody is, and what they publish. The address says where loans would be sent."""

    name = forms.CharField(label=_("Full name"), max_length=80)
    email = forms.CharField(label=_("Email address"), max_length=254, widget=forms.EmailInput)
    kind = forms.ChoiceField(label=_("How do you publish?"), choices=_KINDS)
    channels = forms.CharField(
        label=_("Addresses of your channels, one a line"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    street_address = forms.CharField(label=_("Street and house number"), max_length=200)
    postal_code = forms.CharField(label=_("Postcode"), max_length=16, required=False)
    city = forms.CharField(label=_("City"), max_length=80)
    message = forms.CharField(
        label=_("Message (optional)"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    agreed = forms.BooleanField(label=_("I accept these terms."))

    def __init__(self, *args: Any, country: str, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country = country
        for name in ("name", "email", "street_address", "city"):
            self.fields[name].error_messages["required"] = str(_("This field is required."))

    def clean_email(self) -> str:
        """An address that mail servers take."""
        try:
            return checked_address(self.cleaned_data["email"])
        except InvalidRequest:
            raise forms.ValidationError(_("Enter an email address")) from None

    def clean_channels(self) -> str:
        """Web addresses alone."""
        lines = [each.strip() for each in self.cleaned_data["channels"].splitlines()]
        check = URLValidator(schemes=["http", "https"])
        for line in filter(None, lines):
            try:
                check(line)
            except forms.ValidationError:
                raise forms.ValidationError(
                    _("Write addresses like https://example.com/me, one a line.")
                ) from None
        return "\n".join(filter(None, lines))

    @property
    def address(self) -> dict[str, str]:
        """By the field names of i18n.addresses."""
        said = self.cleaned_data
        names = ("name", "street_address", "postal_code", "city")
        return {"country": self.country, **{name: said[name] for name in names}}
