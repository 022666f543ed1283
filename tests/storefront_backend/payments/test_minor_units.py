"""Stripe's numbers for amounts: every line is an example of Stripe's own or follows from one."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from i18n.money import Money
from i18n.rulebook import load_rulebook
from storefront_backend.commerce.errors import InvalidRequest
from storefront_backend.payments.minor_units import (
    THREE_DECIMAL,
    WHOLE_IN_HUNDREDTHS,
    ZERO_DECIMAL,
    from_minor,
    payable_step,
    places,
    to_minor,
)


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("10", "USD", 1000),
        ("500", "JPY", 500),
        ("84000", "KRW", 84_000),
        ("5.12", "KWD", 5120),
        ("5", "ISK", 500),
        ("5", "UGX", 500),
        ("800.45", "TWD", 80_045),
        ("1234.50", "AED", 123_450),
    ],
)
def test_an_amount_is_written_as_stripe_writes_it(amount: str, currency: str, minor: int) -> None:
    money = Money(Decimal(amount), currency)
    assert to_minor(money) == minor
    assert from_minor(minor, currency.lower()) == money


@pytest.mark.parametrize(
    ("amount", "currency"), [("5.124", "KWD"), ("0.5", "JPY"), ("5.10", "ISK"), ("1.005", "EUR")]
)
def test_an_amount_that_cannot_be_paid_is_refused_and_not_rounded(
    amount: str, currency: str
) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        to_minor(Money(Decimal(amount), currency))
    assert refusal.value.field == "amount"
    assert str(payable_step(currency)) in refusal.value.hint


@given(
    steps=st.integers(1, 99_999_999),
    currency=st.sampled_from(
        sorted(ZERO_DECIMAL | THREE_DECIMAL | WHOLE_IN_HUNDREDTHS | {"EUR", "SAR", "MOP", "HUF"})
    ),
)
def test_every_payable_amount_comes_back_as_it_went(steps: int, currency: str) -> None:
    money = Money(steps * payable_step(currency), currency)
    assert from_minor(to_minor(money), currency) == money


def test_every_market_of_ours_pays_in_a_currency_that_both_round_alike() -> None:
    for market in load_rulebook().markets:
        whole = Money(Decimal(100), market.currency).quantized()
        assert from_minor(to_minor(whole), market.currency) == whole
        assert -int(whole.amount.as_tuple().exponent) == places(market.currency)
