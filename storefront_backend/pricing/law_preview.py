"""What a change of law will do to the listings of a market, before its day.

Each live listing is looked at as the law of the day before and of the day itself see it. Nothing is
written. What a piece is, and its price, decide both; like pieces are looked at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from i18n.errors import SaleRefused
from i18n.listing import may_list
from i18n.money import Money
from i18n.passport import Passport
from storefront_backend.catalog.models import Listing
from storefront_backend.commerce.landed import LandedCosts, Parcel, supply_line

MOST = 1000  # listings that one page looks at


@dataclass(frozen=True, slots=True)
class Touched:
    """`listings` are live, `looked_at` of them were compared."""

    listings: int
    looked_at: int
    stopped: int  # may not be sold any more
    repriced: int  # cost another total


def touched(costs: LandedCosts, market: str, day: date) -> Touched:
    """How many live listings of the market the law of `day` changes."""
    live = Listing.objects.filter(market=market, is_live=True)
    before, known = day - timedelta(days=1), dict[tuple[str, str, str], tuple[bool, bool]]()
    stopped = repriced = looked_at = 0
    for listing in live.select_related("variant").order_by("pk")[:MOST]:
        looked_at += 1
        key = (repr(listing.variant.passport), str(listing.goods), str(listing.shipping))
        if key not in known:
            old, new = _total(costs, listing, before), _total(costs, listing, day)
            known[key] = (old is not None and new is None, None not in (old, new) and old != new)
        stopped += known[key][0]
        repriced += known[key][1]
    return Touched(live.count(), looked_at, stopped, repriced)


def _total(costs: LandedCosts, listing: Listing, day: date) -> Money | None:
    """The landed total by the law of that day; None where the piece may not be sold."""
    passport = Passport.from_json(listing.variant.passport)
    verdict = may_list(
        passport, listing.market, costs.rulebook, day, accept_disputed=costs.accept_disputed
    )
    if not verdict.may_go_live or listing.goods is None or listing.shipping is None:
        return None
    goods = Money(listing.goods, listing.currency)
    shipping = Money(listing.shipping, listing.currency)
    parcel = Parcel(listing.market, (supply_line("1", passport, goods, 1),), shipping)
    try:
        return costs.of(parcel, day).total
    except SaleRefused:
        return None
