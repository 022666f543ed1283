"""What Saleor asks for when it offers deliveries, and the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from i18n.locales import LANGUAGES
from i18n.money import Money
from storefront_backend.commerce.checkout import DeliveryOption
from storefront_backend.commerce.errors import InvalidRequest
from storefront_backend.saleor.vocabulary import CHARGES_SKU, language_code

_BY_CODE = {language_code(language): language for language in LANGUAGES}


@dataclass(frozen=True, slots=True)
class DeliveryQuestion:
    """A parcel that somebody wants to have sent: its market and what its pieces are worth."""

    market: str
    language: str
    goods: Money


def read_question(said: Mapping[str, Any]) -> DeliveryQuestion:
    """The content of SHIPPING_LIST_METHODS_FOR_CHECKOUT. Raises InvalidRequest."""
    try:
        checkout = said["checkout"]
        currency = checkout["channel"]["currencyCode"]
        worth = sum(
            (
                Decimal(str(line["undiscountedTotalPrice"]["amount"]))
                for line in checkout["lines"]
                if line["variant"].get("sku") != CHARGES_SKU
            ),
            Decimal(0),
        )
        return DeliveryQuestion(
            market=checkout["channel"]["slug"],
            language=_BY_CODE.get(checkout.get("languageCode") or "", "en"),
            goods=Money(worth, currency),
        )
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise InvalidRequest(f"That is not a checkout ({type(error).__name__}: {error})") from error


def answer(options: Sequence[DeliveryOption]) -> list[dict[str, Any]]:
    """The options as Saleor takes them."""
    return [
        {
            "id": option.id,
            "name": option.name,
            "amount": str(option.price.quantized().amount),
            "currency": option.price.currency,
            "minimum_delivery_days": option.days[0],
            "maximum_delivery_days": option.days[1],
            "description": f"{option.carrier}, insured up to {option.insured_up_to}",
            "metadata": {"carrier": option.carrier},
        }
        for option in options
    ]
