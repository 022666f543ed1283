"""Orders as Saleor keeps them: their state, and what is done to them there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from i18n.money import Money
from storefront_backend.commerce.errors import InvalidRequest, NotFound
from storefront_backend.saleor.errors import SaleorRefused
from storefront_backend.saleor.transport import Saleor, accepted
from storefront_backend.saleor.vocabulary import CHARGES_SKU


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A line of an order; `left` of its pieces have not been sent. Amounts are of all pieces."""

    id: str
    sku: str
    quantity: int
    left: int
    net: Money
    gross: Money
    warehouses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SentParcel:
    """A fulfillment with its pieces as (sku, how many)."""

    id: str
    status: str
    tracking: str
    sent_at: datetime
    pieces: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class GrantedRefund:
    """A refund that staff granted; its pieces as (sku, how many, what they cost with tax). Status
    SUCCESS: the money has moved."""

    id: str
    status: str
    reason: str
    amount: Money
    pieces: tuple[tuple[str, int, Money], ...]


@dataclass(frozen=True, slots=True)
class SaleorOrder:
    """An order in Saleor. `sale` is our checkout's token, empty where others made it."""

    id: str
    number: str
    status: str
    market: str
    email: str
    sale: str
    updated_at: datetime
    total: Money
    charged: Money
    refunded: Money
    shipping: Money
    lines: tuple[SoldLine, ...]
    parcels: tuple[SentParcel, ...]
    transactions: tuple[str, ...]
    reported: frozenset[str]  # pspReferences that Saleor has
    granted: tuple[GrantedRefund, ...] = ()

    @property
    def returned(self) -> Counter[str]:
        """How many pieces of a sku have come back."""
        found: Counter[str] = Counter()
        for parcel in self.parcels:
            if parcel.status in ("RETURNED", "REFUNDED_AND_RETURNED"):
                for sku, count in parcel.pieces:
                    found[sku] += count
        return found

    @property
    def charges(self) -> Money:
        """Duty and import fees: the gross amount of their line; zero where there is none."""
        zero = Money.zero(self.total.currency)
        return next((line.gross for line in self.lines if line.sku == CHARGES_SKU), zero)


def read_order(saleor: Saleor, order_id: str) -> SaleorOrder:
    """The order as it is now. Raises NotFound, SaleorUnavailable."""
    node = saleor.run("sales/order", id=order_id).data["order"]
    if node is None:
        raise NotFound("Saleor has no such order", field="number")
    currency = node["total"]["gross"]["currency"]

    def money(raw: Mapping[str, Any]) -> Money:
        return Money(Decimal(str(raw["amount"])), currency).quantized()

    transactions = node["transactions"]
    return SaleorOrder(
        id=node["id"],
        number=node["number"],
        status=node["status"],
        market=node["channel"]["slug"],
        email=node["userEmail"] or "",
        sale=node["token"] or "",
        updated_at=datetime.fromisoformat(node["updatedAt"]),
        total=money(node["total"]["gross"]),
        charged=money(node["totalCharged"]),
        refunded=money(node["totalRefunded"]),
        shipping=money(node["shippingPrice"]["gross"]),
        lines=tuple(
            SoldLine(
                id=line["id"],
                sku=line["productSku"] or "",
                quantity=line["quantity"],
                left=line["quantityToFulfill"],
                net=money(line["totalPrice"]["net"]),
                gross=money(line["totalPrice"]["gross"]),
                warehouses=tuple(each["warehouse"]["id"] for each in line["allocations"] or ()),
            )
            for line in node["lines"]
        ),
        parcels=tuple(
            SentParcel(
                id=each["id"],
                status=each["status"],
                tracking=each["trackingNumber"],
                sent_at=datetime.fromisoformat(each["created"]),
                pieces=tuple(
                    (line["orderLine"]["productSku"] or "", line["quantity"])
                    for line in each["lines"] or ()
                    if line["orderLine"]
                ),
            )
            for each in node["fulfillments"]
        ),
        transactions=tuple(each["id"] for each in transactions),
        reported=frozenset(
            event["pspReference"] for each in transactions for event in each["events"]
        ),
        granted=tuple(
            GrantedRefund(
                id=each["id"],
                status=each["status"],
                reason=each["reason"] or "",
                amount=money(each["amount"]),
                pieces=tuple(
                    (
                        line["orderLine"]["productSku"] or "",
                        line["quantity"],
                        money(line["orderLine"]["unitPrice"]["gross"]) * line["quantity"],
                    )
                    for line in each["lines"] or ()
                    if line["quantity"]
                ),
            )
            for each in node["grantedRefunds"]
        ),
    )


def changed_since(saleor: Saleor, since: datetime) -> Iterator[tuple[str, datetime]]:
    """The ids of orders that changed since then, with when, oldest first."""
    after: str | None = None
    while True:
        more: dict[str, Any] = {} if after is None else {"after": after}
        page = saleor.run("sales/changed_orders", since=since.isoformat(), **more).data["orders"]
        for edge in page["edges"]:
            node = edge["node"]
            yield node["id"], datetime.fromisoformat(node["updatedAt"])
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def fulfil(saleor: Saleor, order: SaleorOrder, pieces: Mapping[str, int], tracking: str) -> None:
    """Send pieces (by sku). The charges' line goes with the last of them. Idempotent.

    Raises InvalidRequest where the order does not hold so many.
    """
    if any(parcel.tracking == tracking for parcel in order.parcels if tracking):
        return
    warehouses: list[str] | None = None
    rest = dict(pieces)
    lines: list[dict[str, Any]] = []
    left_over = 0
    charges: SoldLine | None = None
    for line in order.lines:
        if line.sku == CHARGES_SKU:
            charges = line if line.left else None
            continue
        count = min(rest.get(line.sku, 0), line.left)
        rest[line.sku] = rest.get(line.sku, 0) - count
        left_over += line.left - count
        if count:
            if not line.warehouses and warehouses is None:
                warehouses = _warehouses(saleor, order.market)
            lines.append(_from(line, count, line.warehouses or tuple(warehouses or ())))
    if any(rest.values()) or not lines:
        raise InvalidRequest("The order in Saleor does not hold those pieces", field="pieces")
    if charges is not None and not left_over:
        lines.append(_from(charges, charges.left, tuple(_warehouses(saleor, order.market))))
    accepted(
        saleor.run(
            "sales/fulfil",
            order=order.id,
            input={
                "lines": lines,
                "trackingNumber": tracking,
                "notifyCustomer": False,
                # Our own stock has let them go already; Saleor's count follows.
                "allowStockToBeExceeded": True,
            },
        ),
        "FulfilOrder",
    )


def cancel(saleor: Saleor, order: SaleorOrder) -> None:
    """Cancel an order of which nothing is sent; Saleor releases its stock. Idempotent."""
    if order.status == "CANCELED":
        return
    try:
        accepted(saleor.run("sales/cancel", id=order.id), "CancelOrder")
    except SaleorRefused as refusal:
        raise InvalidRequest(f"Saleor does not cancel it: {refusal.message}", field="number") from (
            refusal
        )


def _from(line: SoldLine, count: int, warehouses: Sequence[str]) -> dict[str, Any]:
    stocks = [{"warehouse": warehouse, "quantity": count} for warehouse in warehouses[:1]]
    return {"orderLineId": line.id, "stocks": stocks}


def _warehouses(saleor: Saleor, market: str) -> list[str]:
    channel = saleor.run("sales/channel_warehouses", slug=market).data["channel"]
    return [each["id"] for each in (channel or {}).get("warehouses") or ()]
