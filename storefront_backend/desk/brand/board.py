"""The markets board: pieces by markets, and in each cell whether it sells there, or what stops it.

One statement for the pieces of a page and one for their listings.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from i18n.money import Money
from storefront_backend.catalog.models import Listing, Product, Ruling
from storefront_backend.scope.rows import Scope

LIVE, BLOCKED, WAITING, UNWANTED = "live", "blocked", "waiting", "unwanted"
# A piece in a market is as far as its farthest variant.
_FARTHEST = (LIVE, BLOCKED, WAITING, UNWANTED)
_STOPPING = ("needs", "not-allowed")


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that stops a piece, in its own words, with what would satisfy it and its source."""

    rule: str
    message: str
    need: str = ""
    source: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece in a market."""

    market: str
    state: str
    live: int = 0
    variants: int = 0
    total: Money | None = None  # the lowest delivered price that is live
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A piece and its cells, in the markets' order."""

    product: Product
    cells: tuple[Cell, ...]

    @property
    def live(self) -> int:
        """In how many markets it sells."""
        return sum(cell.state == LIVE for cell in self.cells)


@dataclass
class _Gathered:
    states: set[str] = field(default_factory=set)
    live: int = 0
    variants: int = 0
    total: Money | None = None
    reasons: dict[str, Reason] = field(default_factory=dict)

    def cell(self, market: str) -> Cell:
        state = next((each for each in _FARTHEST if each in self.states), WAITING)
        shown = () if state == LIVE else tuple(self.reasons.values())
        return Cell(market, state, self.live, self.variants, self.total, shown)


def blocking(scope: Scope) -> dict[str, tuple[Reason, frozenset[int]]]:
    """What blocks the brand's pieces anywhere, by rule: in its words, and the rulings that say so.

    Rulings are shared by like pieces, so there are few of them however many pieces there are.
    """
    stopped = scope.rows(Listing).filter(is_live=False, is_wanted=True)
    found: dict[str, tuple[Reason, frozenset[int]]] = {}
    rulings = Ruling.objects.filter(pk__in=stopped.values("ruling")).only("pk", "body")
    for ruling in rulings:
        for reason in _findings(ruling.body):
            _, before = found.get(reason.rule, (reason, frozenset[int]()))
            found[reason.rule] = (reason, before | {ruling.pk})
    for code in stopped.exclude(stopped_by="").values_list("stopped_by", flat=True).distinct():
        found.setdefault(code, (Reason(code, code), frozenset()))
    return dict(sorted(found.items()))


def board(products: Sequence[Product], markets: Sequence[str], scope: Scope) -> list[Row]:
    """The rows of some pieces; a market that has not been looked at yet is `waiting`."""
    listings = scope.rows(Listing).filter(variant__product__in=products, variant__is_active=True)
    gathered: Mapping[tuple[int, str], _Gathered] = _gather(
        listings.select_related("ruling", "variant").filter(market__in=markets)
    )
    return [
        Row(product, tuple(gathered[product.pk, market].cell(market) for market in markets))
        for product in products
    ]


def _gather(listings: Iterable[Listing]) -> Mapping[tuple[int, str], _Gathered]:
    found: defaultdict[tuple[int, str], _Gathered] = defaultdict(_Gathered)
    for listing in listings:
        at = found[listing.variant.product_id, listing.market]
        at.variants += 1
        at.states.add(_state(listing))
        if listing.is_live and listing.total is not None:
            at.live += 1
            total = Money(listing.total, listing.currency)
            at.total = total if at.total is None or total.amount < at.total.amount else at.total
        for reason in reasons(listing):
            at.reasons.setdefault(reason.rule, reason)
    return found


def _state(listing: Listing) -> str:
    if listing.is_live:
        return LIVE
    return BLOCKED if listing.is_wanted else UNWANTED


def reasons(listing: Listing) -> list[Reason]:
    """What stops a listing: findings of the market's rules, else what stopped its price."""
    found = _findings(listing.verdict)
    if listing.stopped_by:
        found.append(Reason(listing.stopped_by, listing.stopped_because))
    return found


def _findings(verdict: Mapping[str, Any]) -> list[Reason]:
    return [
        Reason(
            rule=finding["rule"],
            message=finding["message"],
            need=finding["need"],
            source=finding["source"]["title"],
            url=finding["source"]["url"],
        )
        for finding in verdict.get("findings", ())
        if finding["outcome"] in _STOPPING
    ]
