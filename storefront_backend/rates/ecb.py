"""The European Central Bank's daily reference rates as a RateSource: currencies only, against EUR.

The file is https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml; the ECB renews it around
16:00 CET on every working day except TARGET closing days (its page "Euro foreign exchange reference
rates", read 2026-11-24). It holds no AED, SAR or MOP, and no metals: `Combined` takes those from
the shop's own table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from pathlib import Path
from xml.etree.ElementTree import ParseError
from zoneinfo import ZoneInfo

import httpx
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from storefront_backend.commerce.errors import ProviderError, StaleRates
from storefront_backend.commerce.rates import Rate, Rates, rates_of
from storefront_backend.rates.fetching import TIMEOUT, fetch

ADDRESS = "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml"
SOURCE = "European Central Bank, euro foreign exchange reference rates"
# From the same page of the ECB.
LICENCE = (
    "Published for information purposes only; "
    "the ECB strongly discourages using them for transactions"
)
_PUBLISHED = time(16, tzinfo=ZoneInfo("Europe/Berlin"))  # the ECB's own time, CET or CEST
_CUBE = "{http://www.ecb.int/vocabulary/2002-08-01/eurofxref}Cube"


@dataclass(frozen=True, slots=True)
class EcbRates:
    """Reads the file that `read` gives: from a server or from a disk."""

    read: Callable[[], bytes]

    def rates(self, as_of: datetime) -> Rates:
        """The newest day's rates. Raises StaleRates, ProviderError, ProviderUnavailable."""
        try:
            root = fromstring(self.read())
        except (ParseError, DefusedXmlException) as error:
            raise ProviderError(f"The ECB's file is not valid XML: {error}") from error
        days = [cube for cube in root.iter(_CUBE) if "time" in cube.attrib]
        if not days:
            raise StaleRates("The ECB's file has no day of rates")
        newest = max(days, key=lambda cube: cube.attrib["time"])
        try:
            day = datetime.combine(date.fromisoformat(newest.attrib["time"]), _PUBLISHED)
            exchange = {
                cube.attrib["currency"]: Rate(Decimal(cube.attrib["rate"]), SOURCE, day, LICENCE)
                for cube in newest
            }
        except (KeyError, ValueError, InvalidOperation) as error:
            raise ProviderError(f"The ECB's file has an unexpected form: {error}") from error
        return rates_of("EUR", {}, exchange)


def from_file(path: Path) -> EcbRates:
    """The rates of a file that somebody else keeps fresh."""
    return EcbRates(path.read_bytes)


def from_web(url: str = ADDRESS, client: httpx.Client | None = None) -> EcbRates:
    """The rates as the ECB publishes them."""
    asking = client or httpx.Client(timeout=TIMEOUT)
    return EcbRates(lambda: fetch(asking, url))
