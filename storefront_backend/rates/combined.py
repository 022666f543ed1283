"""Two sources as one: currencies from here, metals and all that is missing from there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from storefront_backend.commerce.errors import ProviderError
from storefront_backend.commerce.ports import RateSource
from storefront_backend.commerce.rates import Rate, Rates, rates_of


@dataclass(frozen=True, slots=True)
class Combined:
    """`exchange` is queried for currencies; `rest` gives the base, the metals and other currencies.

    Each rate keeps its own source, time and licence, so each grows stale by itself.
    """

    exchange: RateSource
    rest: RateSource

    def rates(self, as_of: datetime) -> Rates:
        """Both, in the base of `rest`. Raises what either raises."""
        rest = self.rest.rates(as_of)
        found = _rebased(self.exchange.rates(as_of), rest.base)
        return rates_of(rest.base, rest.metals, {**rest.exchange, **found})


def _rebased(rates: Rates, base: str) -> dict[str, Rate]:
    """The exchange rates for one `base` instead of one of their own."""
    if rates.base == base:
        return dict(rates.exchange)
    anchor = rates.exchange.get(base)
    if anchor is None:
        raise ProviderError(f"{base} is not among the exchange rates against {rates.base}")
    turned = {
        code: replace(rate, value=rate.value / anchor.value)
        for code, rate in rates.exchange.items()
        if code != base
    }
    return {**turned, rates.base: replace(anchor, value=1 / anchor.value)}
