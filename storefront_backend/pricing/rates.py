"""The manual rate table as a RateSource."""

from __future__ import annotations

from datetime import datetime

from storefront_backend.catalog.models import Rate as RateRow
from storefront_backend.commerce.errors import StaleRates
from storefront_backend.commerce.rates import Rate, Rates, rates_of


class RateTable:
    """Reads the newest rate of each metal and currency at a time."""

    def rates(self, as_of: datetime) -> Rates:
        """The rates in force. Raises StaleRates when the table is empty then."""
        rows = list(
            RateRow.objects.filter(as_of__lte=as_of)
            .order_by("kind", "code", "-as_of")
            .distinct("kind", "code")
        )
        if not rows:
            raise StaleRates("The rate table is empty", hint="Add metal and exchange rates to it")
        bases = {row.base for row in rows}
        if len(bases) != 1:
            raise StaleRates(
                f"The rate table mixes base currencies: {', '.join(sorted(bases))}",
                hint="State all rates in one base currency",
            )
        return rates_of(
            base=bases.pop(),
            metals={row.code: _rate(row) for row in rows if row.kind == RateRow.Kind.METAL},
            exchange={row.code: _rate(row) for row in rows if row.kind == RateRow.Kind.EXCHANGE},
        )


def _rate(row: RateRow) -> Rate:
    # The column pads to eight places; a rate reads as it was written.
    return Rate(row.value.normalize(), row.source, row.as_of, row.licence)
