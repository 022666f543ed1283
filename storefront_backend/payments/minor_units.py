"""Amounts as Stripe writes them: whole numbers of a currency's smallest unit, with exceptions.

Source: https://docs.stripe.com/currencies ("Zero-decimal currencies", "Three-decimal currencies",
"Special cases") and https://support.stripe.com/questions/deprecation-of-fractional-isk-charges-and-refunds,
both read 2026-11-24. The lists are Stripe's and differ from ISO 4217 and from CLDR, which is what
i18n.money rounds by: CLDR writes CLF and UYW with four decimals and AFN with none.
"""

from __future__ import annotations

from decimal import Decimal

from i18n.money import Money
from storefront_backend.commerce.errors import InvalidRequest

ZERO_DECIMAL = frozenset(
    "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split()  # noqa: SIM905 - a table
)
THREE_DECIMAL = frozenset(("BHD", "JOD", "KWD", "OMR", "TND"))
# No decimals in life, two in the API, which must be 00: "to charge 5 ISK, provide 500".
WHOLE_IN_HUNDREDTHS = frozenset(("ISK", "UGX"))


def places(currency: str) -> int:
    """Decimal places of Stripe's amounts in that currency."""
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


def payable_step(currency: str) -> Decimal:
    """The smallest amount that can be charged, in the currency: 1 JPY, 0.01 KWD, 1 ISK, 0.01 EUR.

    Stripe writes three decimals of a Kuwaiti dinar and asks for the last one to be 0.
    """
    if currency in ZERO_DECIMAL or currency in WHOLE_IN_HUNDREDTHS:
        return Decimal(1)
    return Decimal("0.01")


def to_minor(money: Money) -> int:
    """Stripe's number for an amount. Raises InvalidRequest rather than round somebody's money."""
    if money.amount % payable_step(money.currency):
        raise InvalidRequest(
            f"{money} cannot be paid by card",
            field="amount",
            hint=f"Round to {payable_step(money.currency)} {money.currency}",
        )
    return int(money.amount.scaleb(places(money.currency)))


def from_minor(amount: int, currency: str) -> Money:
    """The amount of one of Stripe's numbers; `currency` in any case."""
    code = currency.upper()
    step = Decimal(1).scaleb(-places(code))
    return Money((Decimal(amount) * step).quantize(step), code)
