"""Money: a Decimal with a currency, and amounts with tax that add up by construction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from babel.numbers import get_currency_precision

from i18n.errors import CurrencyMismatch


@cache
def minor_unit(currency: str) -> Decimal:
    """The smallest payable step of a currency: 0.01 USD, 1 JPY, 0.001 KWD (CLDR)."""
    precision: int = get_currency_precision(currency)
    return Decimal(1).scaleb(-precision)


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An exact amount in one currency. Arithmetic never rounds; `quantized` does, by name."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        # The type is checked at run time too: a float from JSON would carry its binary error along.
        if not isinstance(self.amount, Decimal):
            raise TypeError(f"Money takes a Decimal, not {type(self.amount).__name__}")
        if not self.amount.is_finite():
            raise ValueError("Money must be finite")

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Nothing, in that currency."""
        return cls(Decimal(0), currency)

    @classmethod
    def sum(cls, amounts: Iterable[Money], currency: str) -> Money:
        """The exact sum; the currency is named so that an empty sum has one too."""
        total = Decimal(0)
        for money in amounts:
            if money.currency != currency:
                raise CurrencyMismatch(f"{currency} and {money.currency} cannot be combined")
            total += money.amount
        return cls(total, currency)

    def quantized(self, rounding: str = ROUND_HALF_UP) -> Money:
        """Rounded to the currency's minor unit by a `decimal` rounding mode."""
        return Money(self.amount.quantize(minor_unit(self.currency), rounding), self.currency)

    def _amount_of(self, other: Money) -> Decimal:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} cannot be combined")
        return other.amount

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._amount_of(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._amount_of(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __mul__(self, factor: Decimal | int) -> Money:
        return Money(self.amount * factor, self.currency)

    __rmul__ = __mul__

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._amount_of(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._amount_of(other)

    def __gt__(self, other: Money) -> bool:
        return self.amount > self._amount_of(other)

    def __ge__(self, other: Money) -> bool:
        return self.amount >= self._amount_of(other)

    def __bool__(self) -> bool:
        return bool(self.amount)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"
