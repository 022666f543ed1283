"""What a shopper can send: each form checks the shape; the engines check the truth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import phonenumbers
from django import forms
from django.contrib.auth import password_validation
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from i18n import addresses, locales
from i18n.addresses import Field
from storefront_backend.accounts.models import User
from storefront_backend.commerce.checkout import Address, DeliveryOption
from storefront_backend.commerce.engraving import LONGEST, EngravingRefused, read
from storefront_backend.commerce.errors import InvalidRequest
from storefront_backend.commerce.mail_address import checked_address
from storefront_backend.web.engravings import refusal

_NEEDED = {"required": _("This field is required.")}

# The local word for a field, by the kinds that Google's address data knows.
_LABELS = {
    "name": _("Full name"),
    "company_name": _("Company (optional)"),
    "street_address": _("Street and house number"),
    "sorting_code": _("Sorting code"),
    "city": _("City"),
    "post_town": _("Post town"),
    "district": _("District"),
    "suburb": _("Suburb"),
    "village_township": _("Village or township"),
    "neighborhood": _("Neighbourhood"),
    "townland": _("Townland"),
    "state": pgettext_lazy("address", "State"),
    "province": _("Province"),
    "prefecture": _("Prefecture"),
    "emirate": _("Emirate"),
    "area": pgettext_lazy("address", "Area"),
    "county": _("County"),
    "do_si": _("Province or city"),
    "department": _("Department"),
    "island": _("Island"),
    "parish": _("Parish"),
    "oblast": _("Oblast"),
    "zip": _("ZIP code"),
    "postal": _("Postcode"),
    "pin": _("PIN code"),
    "eircode": _("Eircode"),
}
_AUTOCOMPLETE = {
    "name": "name",
    "company_name": "organization",
    "street_address": "street-address",
    "city_area": "address-level3",
    "city": "address-level2",
    "country_area": "address-level1",
    "postal_code": "postal-code",
    "sorting_code": "off",
}
_LONGEST = {"name": 80, "company_name": 80, "street_address": 200, "postal_code": 16}


class BagForm(forms.Form):
    """One piece for the bag, with an engraving where the house offers it."""

    sku = forms.CharField(max_length=80, widget=forms.HiddenInput)
    engraving = forms.CharField(label=_("Engraving (optional)"), max_length=60, required=False)

    def __init__(self, *args: Any, engraving_max: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not engraving_max:
            del self.fields["engraving"]
            return
        field = forms.CharField(
            label=_("Engraving (optional)"),
            max_length=LONGEST,
            required=False,
            help_text=_("Up to %(count)s characters. An engraved piece cannot be returned.")
            % {"count": engraving_max},
        )
        field.widget.attrs |= {"dir": "auto", "autocomplete": "off"}
        self.fields["engraving"] = field
        self.engraving_max = engraving_max

    def clean_engraving(self) -> str:
        """What a graver can cut, as it will be cut."""
        try:
            return read(self.cleaned_data["engraving"], self.engraving_max).text
        except EngravingRefused as error:
            raise forms.ValidationError(refusal(error, self.engraving_max)) from error


def _deliverable(text: str) -> None:
    try:
        checked_address(text)
    except InvalidRequest:
        # Django's own sentence, which it has in every language.
        raise forms.ValidationError(EmailValidator.message, code="invalid") from None


class DeliverableField(forms.EmailField):
    """A mail address that mail can be sent to, which is less than what Django's field takes."""

    default_validators = [_deliverable]  # noqa: RUF012 - Django declares it as a list


class AddressForm(forms.Form):
    """Who receives the parcel, with the fields that the market's country has, in its order."""

    def __init__(self, *args: Any, country: str, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country = country
        self.fields["email"] = DeliverableField(
            label=_("Email address"),
            error_messages=_NEEDED,
            help_text=_("For your order confirmation and parcel tracking."),
            widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
        )
        fields = addresses.form(country)
        for field in sorted(fields, key=lambda each: each.name != "name"):
            self.fields[field.name] = _address_field(field, language)
        self.fields["phone"] = forms.CharField(
            label=_("Telephone"),
            max_length=30,
            error_messages=_NEEDED,
            help_text=_("The courier calls before an insured delivery."),
            widget=forms.TextInput(
                attrs={"type": "tel", "autocomplete": "tel", "dir": "ltr", "inputmode": "tel"}
            ),
        )

    def clean_phone(self) -> str:
        """An existing number of that country, or one with its country code, in one spelling."""
        try:
            number = phonenumbers.parse(self.cleaned_data["phone"], self.country)
        except phonenumbers.NumberParseException:
            raise forms.ValidationError(_("This is not a valid phone number.")) from None
        if not phonenumbers.is_possible_number(number):
            raise forms.ValidationError(_("This is not a valid phone number."))
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    def clean(self) -> dict[str, Any]:
        """Ask the country's own rules for what a single field cannot know."""
        cleaned = super().clean() or {}
        given = {name: str(cleaned.get(name, "")) for name in addresses.FIELDS}
        for error in addresses.validate(self.country, given).errors:
            if error.field in self.fields and error.field not in self.errors:
                self.add_error(error.field, _fault(error.code))
        return cleaned

    def refuse(self, faults: Mapping[str, str]) -> None:
        """Show what the engine refused at its field, or above the form."""
        for name, message in faults.items():
            self.add_error(name if name in self.fields else None, message)

    @property
    def address(self) -> Address:
        """The address as typed; the engine brings it into the country's form."""
        parts = {name: self.cleaned_data.get(name, "") for name in addresses.FIELDS}
        return Address(country=self.country, phone=self.cleaned_data["phone"], **parts)


class DeliveryForm(forms.Form):
    """Which delivery, of those that insure the value; a card; consent to what is engraved."""

    option = forms.ChoiceField(widget=forms.RadioSelect, error_messages=_NEEDED)
    gift_message = forms.CharField(
        label=_("Gift message (optional)"),
        max_length=400,
        required=False,
        help_text=_("We write it on a card in the parcel."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto", "autocomplete": "off"}),
    )
    no_return_consent = forms.BooleanField(
        label=_("I understand that an engraved piece cannot be returned unless it is faulty."),
        error_messages={"required": _("Please confirm, or remove the engraving.")},
    )

    def __init__(
        self, *args: Any, options: Iterable[DeliveryOption], engraved: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if not engraved:
            del self.fields["no_return_consent"]
        field = self.fields["option"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(option.id, option.name) for option in options]


class SignInForm(forms.Form):
    """Address and password; what is wrong is never said more exactly than that."""

    email = forms.EmailField(
        label=_("Email address"),
        error_messages=_NEEDED,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "dir": "ltr"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        error_messages=_NEEDED,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "dir": "ltr"}),
    )


class LinkForm(forms.Form):
    """Where to send a link. Whether the address has an account is not said."""

    email = DeliverableField(
        label=_("Email address"),
        error_messages=_NEEDED,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )

    def clean_email(self) -> str:
        """An address that a mail can be sent to, in lower case."""
        try:
            return checked_address(self.cleaned_data["email"]).lower()
        except InvalidRequest:
            raise forms.ValidationError(EmailValidator.message) from None


class PasswordForm(forms.Form):
    """A new password for the account of an address."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        error_messages=_NEEDED,
        help_text=_("At least 8 characters, and not a common password."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "dir": "ltr"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_password(self) -> str:
        """Ask Django's password rules."""
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password, User(email=self.email))
        return password


def _address_field(field: Field, language: str) -> forms.Field:
    attributes: dict[str, Any] = {"autocomplete": _AUTOCOMPLETE[field.name], "dir": "auto"}
    label = _LABELS.get(field.kind) or field.kind.replace("_", " ").capitalize()
    if field.choices:
        return forms.ChoiceField(
            label=label,
            choices=[("", _("Please choose")), *_choices(field.choices, language)],
            required=field.required,
            error_messages=_NEEDED,
            widget=forms.Select(attrs=attributes),
        )
    if field.name == "street_address":
        widget: forms.Widget = forms.Textarea(attrs=attributes | {"rows": 2})
    elif field.name == "postal_code":
        widget = forms.TextInput(attrs=attributes | {"dir": "ltr"})
    else:
        widget = forms.TextInput(attrs=attributes)
    return forms.CharField(
        label=label,
        max_length=_LONGEST.get(field.name, 80),
        required=field.required,
        error_messages=_NEEDED,
        widget=widget,
    )


def _choices(choices: Iterable[tuple[str, str]], language: str) -> list[tuple[str, str]]:
    """The place's own spelling (the value) for readers of other scripts, else a label."""
    latin = locales.language(language).script == "Latn"
    return [(value, label if latin or value.isascii() else value) for value, label in choices]


def _fault(code: str) -> Any:
    if code == "required":
        return _NEEDED["required"]
    return _("This is not valid for this country.")
