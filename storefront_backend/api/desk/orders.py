"""A brand's part of orders: list, send, cancel, take returns, refund.

GET  brands/<brand>/orders/                    newest first; ?waiting=1, ?after=<number>, ?first=50
GET  brands/<brand>/orders/<number>/           one
POST brands/<brand>/orders/<number>/parcels/   {tracking, carrier?, pieces?}    send, all or a part
POST brands/<brand>/orders/<number>/refunds/   {kind, key, reason, pieces, …}   refund

`pieces` are counts by line id: {"17": 1}. A refund's `kind` is `cancellation` (before sending: back
to stock), `return` (the shopper sent the pieces back) or `allowance` (the shopper keeps them);
`parts` of the price default to all, `amount` {amount, currency} to what the parts cost, and `key`
is the idempotency key. Of the shopper a brand sees what a parcel needs: name, address, phone.

| status | code                                                                              |
|--------|-----------------------------------------------------------------------------------|
| 402    | payment_declined: held money could not be taken; nothing is sent                  |
| 403    | forbidden: a mere reader                                                          |
| 404    | not_found: no such order, or nothing of the brand's in it, or not your brand      |
| 409    | no_such_pieces, key_reused, order_on_hold                                         |
| 422    | invalid; `field` says what                                                        |
| 503    | provider_unavailable: recorded, and done soon; a retry with the same key is safe  |
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

import structlog
from django.http import HttpRequest
from django.urls import reverse

from i18n.addresses import CheckedAddress
from i18n.money import Money
from storefront_backend import wiring
from storefront_backend.accounts.models import User
from storefront_backend.accounts.rights import Act
from storefront_backend.aftersale import brand_orders
from storefront_backend.aftersale.brand_orders import BrandOrder
from storefront_backend.aftersale.refunds import RefundRequest
from storefront_backend.api.desk.access import Answer, body, brand_of, desk, words
from storefront_backend.commerce.errors import InvalidRequest
from storefront_backend.commerce.orders import Fulfillment, OrderLine, Refund
from storefront_backend.commerce.shares import PARTS, Share
from storefront_backend.scope.database import as_shop

log = structlog.get_logger(__name__)

_MOST = 100  # orders on a page
_LONGEST_KEY = 60


@desk("GET")
def orders(request: HttpRequest, user: User, *, brand: str) -> Answer:
    """A page of them."""
    owner = brand_of(user, brand, Act.READ_ORDERS)
    first = request.GET.get("first", "50")
    if not first.isdecimal() or not 1 <= int(first) <= _MOST:
        raise InvalidRequest(f"first must be 1 to {_MOST}", field="first")
    found = brand_orders.page(
        owner.slug,
        waiting=request.GET.get("waiting") == "1",
        after=request.GET.get("after", ""),
        limit=int(first) + 1,
    )
    shown = found[: int(first)]
    return {
        "orders": [_plain(each) for each in shown],
        "next": shown[-1].order.number if len(found) > len(shown) else None,
    }


@desk("GET")
def order(request: HttpRequest, user: User, *, brand: str, number: str) -> Answer:
    """One order."""
    return _plain(brand_orders.one(brand_of(user, brand, Act.READ_ORDERS).slug, number))


@desk("POST")
def send(request: HttpRequest, user: User, *, brand: str, number: str) -> Answer:
    """The parcel leaves. Again with the same tracking: no change."""
    owner = brand_of(user, brand, Act.EDIT_ORDERS)
    brand_orders.one(owner.slug, number)
    said = body(request)
    tracking = words(said, "tracking", most=80)
    carrier = words(said, "carrier", most=60, needed=False)
    pieces = _pieces(said) if "pieces" in said else None
    with as_shop():  # the order is the shopper's and other brands', too
        wiring.orders().fulfil(
            number, brand=owner.slug, tracking=tracking, carrier=carrier, pieces=pieces
        )
    log.info("parcel sent at the desk", order=number, brand=owner.slug, user=user.pk)
    return _plain(brand_orders.one(owner.slug, number))


@desk("POST")
def refund(request: HttpRequest, user: User, *, brand: str, number: str) -> Answer:
    """Refund. Idempotent: a retry with the same key gets the same credit note."""
    owner = brand_of(user, brand, Act.EDIT_ORDERS)
    brand_orders.one(owner.slug, number)
    said, refunds = body(request), wiring.refunds()
    kinds = {
        "cancellation": refunds.cancel, "return": refunds.take_back, "allowance": refunds.allow,
    }  # fmt: skip
    kind = words(said, "kind", most=20)
    if kind not in kinds:
        raise InvalidRequest(f"kind must be one of {', '.join(kinds)}", field="kind")
    # Keys of one brand's choosing say nothing about another's.
    key = f"desk {owner.slug} {words(said, 'key', most=_LONGEST_KEY)}"
    requested = RefundRequest(
        key=key,
        brand=owner.slug,
        pieces=_pieces(said),
        reason=words(said, "reason", most=200),
        parts=_parts(said),
        amount=_amount(said) if said.get("amount") is not None else None,
        duty_note=words(said, "dutyNote", most=300, needed=False),
    )
    with as_shop():  # the payment is the shopper's, and pays other brands' pieces, too
        kinds[kind](number, requested)
    note = brand_orders.refund_number(key)
    log.info("refunded at the desk", credit_note=note, brand=owner.slug, user=user.pk)
    return {**_plain(brand_orders.one(owner.slug, number)), "creditNote": note}


def _pieces(said: dict[str, Any]) -> dict[str, int]:
    given = said.get("pieces")
    fits = isinstance(given, dict) and all(type(count) is int for count in given.values())
    if not fits or not given:
        raise InvalidRequest('pieces must be counts by line id: {"17": 1}', field="pieces")
    return dict(given)


def _parts(said: dict[str, Any]) -> frozenset[str]:
    given = said.get("parts", sorted(PARTS))
    if not isinstance(given, list) or not all(isinstance(part, str) for part in given):
        raise InvalidRequest("parts must be a list of texts", field="parts")
    return frozenset(given)


def _amount(said: dict[str, Any]) -> Money:
    try:
        return Money(Decimal(said["amount"]["amount"]), said["amount"]["currency"])
    except (TypeError, KeyError, ValueError, InvalidOperation):
        raise InvalidRequest(
            'amount must be like {"amount": "12.50", "currency": "EUR"}', field="amount"
        ) from None


def _plain(found: BrandOrder) -> dict[str, Any]:
    view = found.order
    address = view.shipping_address
    return {
        "number": view.number,
        "createdAt": view.created_at.isoformat(),
        "market": view.market,
        "state": found.state,
        "onHold": found.on_hold,
        "delivery": view.delivery,
        "giftMessage": view.gift_message,
        "shipTo": {
            "country": address.country,
            "lines": list(CheckedAddress(address.country, address.to_json(), ()).lines()),
            "phone": address.phone,
        },
        "lines": [_line(line, found) for line in view.lines],
        "parcels": [_parcel(parcel) for parcel in view.fulfillments],
        "refunds": [_refund(each) for each in view.refunds],
    }


def _line(line: OrderLine, found: BrandOrder) -> dict[str, Any]:
    return {
        "id": line.id,
        "sku": line.sku,
        "name": line.name,
        "variant": line.label,
        "quantity": line.quantity,
        "pieces": found.pieces(line.id),
        "goods": _money(line.goods),
        "engraving": line.engraving,
        "ringSize": line.ring_size,
        "serials": list(line.serials),
        "warehouse": line.warehouse,
        "madeInDays": line.lead_days,
    }


def _parcel(parcel: Fulfillment) -> dict[str, Any]:
    papers = {kind: _paper(kind, parcel.number) for kind in ("invoice", "packing-list")}
    return {
        "number": parcel.number,
        "state": parcel.state,
        "pieces": dict(parcel.pieces),
        "carrier": parcel.carrier,
        "tracking": parcel.tracking,
        "sentAt": parcel.sent_at.isoformat() if parcel.sent_at else None,
        "papers": papers if parcel.pieces else {},
    }


def _refund(each: Refund) -> dict[str, Any]:
    papers = {"credit-note": _paper("credit-note", each.number)} if each.state == "done" else {}
    return {
        "number": each.number,
        "kind": each.kind,
        "state": each.state,
        "reason": each.reason,
        "dutyNote": each.duty_note,
        "amount": _money(each.amount),
        "lines": [
            {"line": row.line_id, "quantity": row.quantity, **_share(row.share)}
            for row in each.lines
        ],
        "createdAt": each.created_at.isoformat(),
        "papers": papers,
    }


def _share(share: Share) -> dict[str, Any]:
    return {part: _money(getattr(share, part)) for part in sorted(PARTS)}


def _money(money: Money) -> dict[str, str]:
    return {"amount": str(money.quantized().amount), "currency": money.currency}


def _paper(kind: str, number: str) -> str:
    return reverse("web:brand-paper", args=(kind, number))
