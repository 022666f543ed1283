"""Metal and exchange rates of one moment, each with its source, its time and its licence."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from storefront_backend.commerce.errors import StaleRates


@dataclass(frozen=True, slots=True)
class Rate:
    """One rate with where it comes from and what its source lets us do with it.

    A metal's is money per gram of the pure metal, a currency's its units for one of the base.
    """

    value: Decimal
    source: str
    as_of: datetime
    licence: str = ""

    def __post_init__(self) -> None:
        if not self.value.is_finite() or self.value <= 0:
            raise ValueError(f"a rate of {self.value} from {self.source}: rates are above 0")

    def to_json(self) -> dict[str, str]:
        """Plain values for a JSON column."""
        return {
            "value": format(self.value, "f"),
            "source": self.source,
            "as_of": self.as_of.isoformat(),
            "licence": self.licence,
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, str]) -> Rate:
        """The rate that `to_json` wrote."""
        as_of = datetime.fromisoformat(raw["as_of"])
        return cls(Decimal(raw["value"]), raw["source"], as_of, raw["licence"])


@dataclass(frozen=True, slots=True)
class Rates:
    """All rates of one moment: `metals` in `base` currency a gram, `exchange` for one base."""

    base: str
    metals: Mapping[str, Rate]
    exchange: Mapping[str, Rate]
    version: str

    def metal(self, metal: str, now: datetime, max_age: timedelta) -> Decimal:
        """Base currency per gram of pure metal; StaleRates where there is none that is fresh."""
        return _fresh(self.metals, metal, f"price of {metal}", now, max_age)

    def exchange_between(
        self, source: str, target: str, now: datetime, max_age: timedelta
    ) -> Decimal:
        """Units of `target` for one `source`."""
        if source == target:
            return Decimal(1)

        def per_base(currency: str) -> Decimal:
            if currency == self.base:
                return Decimal(1)
            return _fresh(self.exchange, currency, f"{currency} exchange rate", now, max_age)

        return per_base(target) / per_base(source)

    def to_json(self) -> dict[str, Any]:
        """Plain values for a JSON column."""
        return {
            "base": self.base,
            "metals": {code: rate.to_json() for code, rate in self.metals.items()},
            "exchange": {code: rate.to_json() for code, rate in self.exchange.items()},
            "version": self.version,
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Rates:
        """The rates that `to_json` wrote."""
        return cls(
            base=raw["base"],
            metals={code: Rate.from_json(rate) for code, rate in raw["metals"].items()},
            exchange={code: Rate.from_json(rate) for code, rate in raw["exchange"].items()},
            version=raw["version"],
        )


def rates_of(base: str, metals: Mapping[str, Rate], exchange: Mapping[str, Rate]) -> Rates:
    """Rates named by their content: the newest day and a digest, so equal tables are one version.

    Raises StaleRates where there is no rate at all.
    """
    lines = [
        f"{kind} {code} {rate.value.normalize()} {rate.as_of.isoformat()}"
        for kind, table in (("metal", metals), ("exchange", exchange))
        for code, rate in sorted(table.items())
    ]
    if not lines:
        raise StaleRates("There are no rates", hint="Add metal and exchange rates")
    newest = max(rate.as_of for table in (metals, exchange) for rate in table.values())
    digest = hashlib.sha256("\n".join([base, *lines]).encode()).hexdigest()[:12]
    return Rates(base, metals, exchange, f"{newest:%Y-%m-%d}.{digest}")


def _fresh(
    rates: Mapping[str, Rate], key: str, what: str, now: datetime, max_age: timedelta
) -> Decimal:
    rate = rates.get(key)
    if rate is None:
        raise StaleRates(f"There is no {what}", hint="Add it to the rate table")
    if now - rate.as_of > max_age:
        said_at = rate.as_of.astimezone(UTC)
        raise StaleRates(
            f"The {what} is of {said_at:%Y-%m-%d %H:%M} UTC, too old to price with",
            hint="Renew the rate table; prices stay as they are until then",
        )
    return rate.value
