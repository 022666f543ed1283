"""Any server that says rates in JSON, as a RateSource.

    {"base": "CNY", "as_of": "2026-11-24T08:00:00Z", "source": "…", "licence": "…",
     "metals": {"gold": "905.20"}, "exchange": {"USD": "0.1405"}}

Metals are money of `base` per gram of the pure metal, exchange rates units for one `base`. Numbers
may be JSON numbers or strings; either way they are read as decimals. A source that quotes troy
ounces is divided by 31.1034768 before it comes here, where somebody can see it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import httpx

from storefront_backend.commerce.errors import ProviderError
from storefront_backend.commerce.rates import Rate, Rates, rates_of
from storefront_backend.rates.fetching import TIMEOUT, fetch


@dataclass(frozen=True, slots=True)
class JsonRates:
    """Asks `url`; a `token` goes along as a bearer token."""

    url: str
    token: str = ""
    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=TIMEOUT))

    def rates(self, as_of: datetime) -> Rates:
        """What the server says now. Raises StaleRates, ProviderError, ProviderUnavailable."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else None
        body = fetch(self.client, self.url, headers)
        try:
            raw = json.loads(body, parse_float=Decimal, parse_int=Decimal)
            said_at = datetime.fromisoformat(raw["as_of"])
            if said_at.tzinfo is None:
                raise ValueError(f"as_of {raw['as_of']!r} has no time zone")
            return rates_of(
                str(raw["base"]),
                self._table(raw, "metals", said_at.astimezone(UTC)),
                self._table(raw, "exchange", said_at.astimezone(UTC)),
            )
        except (ValueError, KeyError, TypeError, AttributeError, InvalidOperation) as error:
            raise ProviderError(
                f"The rate server's answer has an unexpected form: {error!r}",
                hint="docs/pricing.md shows the form",
            ) from error

    def _table(self, raw: Mapping[str, Any], name: str, said_at: datetime) -> dict[str, Rate]:
        source, licence = str(raw.get("source") or self.url), str(raw.get("licence", ""))
        return {
            str(code): Rate(Decimal(value), source, said_at, licence)
            for code, value in raw.get(name, {}).items()
        }
