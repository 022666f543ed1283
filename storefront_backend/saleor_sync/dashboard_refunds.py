"""Refunds that staff granted in Saleor's Dashboard with lines: the brands' ledger follows.

The money has moved at our payment provider by then and is on `unallocated`
(aftersale.provider_books). A granted refund says of which pieces it is, so those lines bear it:

| the pieces there              | here                                                   |
|-------------------------------|--------------------------------------------------------|
| not sent, and refunded whole  | cancelled                                              |
| sent, and returned there      | a return                                               |
| sent, and not returned        | an allowance: the shopper keeps them                   |
| not sent, and refunded partly | stays unallocated: it is not said whether they go      |
| no lines: an amount alone     | stays unallocated, and the operator sees it            |

Amounts are the Dashboard's, cut among the brands by what their pieces cost there. What goes beyond
a brand's pieces stays unallocated, too.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import structlog

from i18n.money import Money
from storefront_backend.aftersale import pieces, refunds
from storefront_backend.aftersale.allocations import Allocation, AllocationDesk
from storefront_backend.commerce.errors import InvalidRequest
from storefront_backend.commerce.shares import Share, in_proportion
from storefront_backend.orders.models import Order, OrderLine, Refund
from storefront_backend.saleor.ids import key_of
from storefront_backend.saleor.orders import GrantedRefund, SaleorOrder

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Part:
    """Pieces of one brand that fare alike: counts by order line, and what they cost in Saleor."""

    brand: str
    kind: Refund.Kind
    pieces: Mapping[str, int]
    worth: Money


def allocate(order: Order, theirs: SaleorOrder, desk: AllocationDesk) -> int:
    """Let the lines that granted refunds name bear them. Idempotent. How many now."""
    done = 0
    for granted in theirs.granted:
        if granted.status != "SUCCESS" or not granted.pieces:
            continue
        parts = list(_parts(order, theirs, granted))
        if not parts:
            continue
        amounts = in_proportion(granted.amount, [part.worth for part in parts])
        for part, amount in zip(parts, amounts, strict=True):
            done += _allocate(order, granted, part, amount, desk)
    return done


def _allocate(
    order: Order, granted: GrantedRefund, part: _Part, amount: Money, desk: AllocationDesk
) -> bool:
    # Saleors number theirs from 1, so the order number comes before it.
    key = f"saleor {order.number} {key_of(granted.id)} {part.brand} {part.kind}"
    if Refund.objects.filter(key=key).exists():
        return False
    requested = Allocation(
        key=key,
        brand=part.brand,
        pieces=part.pieces,
        reason=granted.reason or "Refunded in Saleor",
        kind=part.kind,
    )
    try:
        if part.kind is Refund.Kind.CANCELLATION and amount < part.worth:
            raise InvalidRequest("They are not sent, and refunded in part only", field="pieces")
        rows = refunds.rows_of(order, requested, part.kind)
        cost = Share.sum((share for _, _, share in rows), order.currency).total
        desk.allocate(order.number, replace(requested, amount=min(amount, cost)))
    except InvalidRequest as refusal:
        log.warning("refund left unallocated", order=order.number, reason=refusal.message)
        return False
    return True


def _parts(order: Order, theirs: SaleorOrder, granted: GrantedRefund) -> Iterator[_Part]:
    """The pieces of a granted refund by brand and by how they fare; no import charges."""
    by_sku: dict[str, list[OrderLine]] = defaultdict(list)
    for line in order.lines.select_related("brand"):
        by_sku[line.sku].append(line)
    counts = pieces.count(order)
    back = Counter(theirs.returned)
    counted: dict[tuple[str, Refund.Kind], Counter[str]] = defaultdict(Counter)
    worth: dict[tuple[str, Refund.Kind], Money] = {}
    for sku, quantity, gross in granted.pieces:
        left = quantity
        for line in by_sku.get(sku, ()):
            have = counts[line.pk]
            back[sku] -= have.returned
            unsent = not have.sent
            taken = min(left, have.waiting if unsent else have.sent - have.returned)
            if taken <= 0:
                continue
            kind = Refund.Kind.ALLOWANCE
            if unsent:
                kind = Refund.Kind.CANCELLATION
            elif back[sku] >= taken:
                kind = Refund.Kind.RETURN
            key = (line.brand.slug, kind)
            counted[key][str(line.pk)] += taken
            own = Money(gross.amount * taken / quantity, gross.currency).quantized()
            worth[key] = worth.get(key, Money.zero(gross.currency)) + own
            left -= taken
    for (brand, kind), own_pieces in counted.items():
        yield _Part(brand, kind, dict(own_pieces), worth[brand, kind])
