"""From which warehouse a market is served, and what that does to duty.

The rulebook knows imports. So a piece may come from abroad, or from a bonded warehouse at home:
that stock has paid no duty, and pays it on leaving as any import does. Stock in free circulation
inside the market's own customs area bears no import duty but a domestic tax whose rules (who is
liable, at which rate, on what base) the rulebook does not hold. It is therefore not sold from, as
long as the market charges anything at all on imports; in a free port it makes no difference.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from stdnum.eu.vat import MEMBER_STATES

from i18n.market import Market
from i18n.rulebook import Rulebook
from i18n.rulebook.model import Law

# Customs unions with members that are no market of ours. python-stdnum keeps the EU's; "xi" is
# Northern Ireland's VAT prefix and no state. The Gulf's are the six of its Charter of 1981.
_UNIONS = {
    "eu": frozenset(code.upper() for code in MEMBER_STATES if code != "xi"),
    "gcc": frozenset(("AE", "BH", "KW", "OM", "QA", "SA")),
}


@dataclass(frozen=True, slots=True)
class Source:
    """A warehouse that has pieces: `id` is its row's, `country` ISO 3166 alpha-2."""

    id: int
    country: str
    is_bonded: bool
    available: int


class Insured(Protocol):
    """A way to send a parcel, of one market: a row, or anything with its prices."""

    @property
    def slug(self) -> str: ...
    @property
    def price(self) -> Decimal: ...
    @property
    def insured_up_to(self) -> Decimal: ...


def insuring[Way: Insured](ways: Iterable[Way], goods: Decimal) -> list[Way]:
    """The ways that insure goods of that value, cheapest first; of one price by their slug.

    The first is the delivery that a price holds: on lists, on pages, in a checkout alike.
    """
    able = (way for way in ways if way.insured_up_to >= goods)
    return sorted(able, key=lambda way: (way.price, way.slug))


def region_in(country: str, area: str) -> str:
    """ISO 3166-2 of an address, where its country's area is a code ("US-NY"), else empty."""
    return f"{country}-{area}" if area.isascii() and area.isalnum() and 1 < len(area) <= 3 else ""


def charges_imports(law: Law) -> bool:
    """Whether the law asks for anything on goods that come in."""
    charges = (*law.duties, *law.taxes, *law.fees)
    return any(period.terms.rate != 0 for period in charges)


def customs_territory(market: Market, rulebook: Rulebook) -> frozenset[str]:
    """The countries inside the market's customs area, as far as anybody says."""
    area = market.customs_area
    ours = {other.country for other in rulebook.markets if other.customs_area == area}
    return _UNIONS.get(area, frozenset()) | ours


def nearest(
    sources: Iterable[Source], market: Market, rulebook: Rulebook, law: Law, quantity: int
) -> tuple[Source, ...]:
    """The warehouses that may serve the market with that many pieces, nearest first.

    At home, then within the customs area, then abroad; those of one distance by their id.
    """
    inside = customs_territory(market, rulebook)
    closed = inside if charges_imports(law) else frozenset()
    fitting = [
        source
        for source in sources
        if source.available >= quantity and (source.is_bonded or source.country not in closed)
    ]
    return tuple(
        sorted(fitting, key=lambda s: (s.country != market.country, s.country not in inside, s.id))
    )


def ship_from(countries: Iterable[str], market: Market, usual: str = "CN") -> str:
    """Where a parcel comes from, for the few rules that ask: one country, or the usual one.

    Pieces of several countries are calculated as from the farthest that is not the market's own, so
    that no relief for a near country is taken for goods that do not come from there.
    """
    found = set(countries)
    if len(found) == 1:
        return found.pop()
    abroad = found - {market.country}
    return abroad.pop() if len(abroad) == 1 else usual
