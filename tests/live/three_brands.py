"""Buys pieces of three brands for Germany in one order from a running shop, and follows the money.

    .venv/bin/python -m tests.live.three_brands [--shop http://127.0.0.1:8000]

Buys and fetches the three invoices over HTTP, as a shopper; sends the parcels, takes one piece
back and reads the payouts as the operator does, on the shop's own database (run it where the shop
runs, with its environment). Exits with 1 unless the invoices add up to what was paid, the refund is
that of one piece, and the ledger comes to zero.
"""

from __future__ import annotations

import argparse
import os
import sys
from decimal import Decimal

import django
import httpx

from tests.live.buy_a_ring import _COMPLETE, _DELIVER, _PAY, ADDRESSES, Shop

_PIECES = """{ products(channel: "de", first: 60) { edges { node {
  brand { slug } variants { sku quantityAvailable } } } } }"""
_OPEN = """mutation ($lines: [LineInput!]!) { checkoutCreate(channel: "de", languageCode: "de",
  lines: $lines) { checkout { token } errors { field code message } } }"""


def three_pieces(shop: Shop) -> dict[str, str]:
    """A sku in stock of each of three brands."""
    found: dict[str, str] = {}
    for edge in shop.ask(_PIECES)["edges"]:
        node = edge["node"]
        for variant in node["variants"]:
            if variant["quantityAvailable"] > 0 and len(found) < 3:
                found.setdefault(node["brand"]["slug"], variant["sku"])
    if len(found) < 3:
        sys.exit("Fewer than three brands have a piece in stock for Germany")
    return found


def buy(shop: Shop) -> str:
    """One order of three brands; its number."""
    lines = [{"sku": sku} for sku in three_pieces(shop).values()]
    token = shop.ask(_OPEN, lines=lines)["checkout"]["token"]
    shop.ask(_DELIVER, token=token, address={"name": "Alice Schmidt", **ADDRESSES["de"]})
    started = shop.ask(_PAY, token=token, back=f"{shop.address}/")
    shop.pay(started["redirectUrl"])
    number: str = shop.ask(_COMPLETE, reference=started["reference"])["order"]["number"]
    return number


def main() -> int:
    """Buy, send, return one piece, and settle."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--shop", default="http://127.0.0.1:8000")
    address = options.parse_args().shop
    number = buy(Shop(address))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront_backend.settings")
    django.setup()
    from storefront_backend import wiring
    from storefront_backend.aftersale.refunds import RefundRequest
    from storefront_backend.commerce.shares import Share, shares
    from storefront_backend.selling import ledger

    order = wiring.orders().get(number)
    print(f"Order {number}: paid {order.paid}, {len(order.fulfillments)} parcels")
    for parcel in order.fulfillments:
        wiring.orders().fulfil(number, brand=parcel.brand, tracking=f"T-{parcel.number}")
        path = f"/de/de/order/{order.token}/invoice/{parcel.number}.pdf"
        paper = httpx.get(address + path, timeout=60)
        assert paper.content.startswith(b"%PDF-"), paper.status_code
        print(f"  {parcel.brand:24} {parcel.number:12} invoice {len(paper.content):>7,} bytes")
    parts = shares(order.cost, {line.id: line.goods for line in order.lines})
    assert Share.sum(parts.values(), order.paid.currency).total == order.paid
    line = order.lines[0]
    after = wiring.refunds().take_back(
        number,
        RefundRequest(key=f"live-{number}", brand=line.brand, pieces={line.id: 1}, reason="live"),
    )
    assert after.refunded == parts[line.id].of_pieces(0, 1, line.quantity).total
    print(f"  back for {line.sku}: {after.refunded}, credit note {after.refunds[0].number}")
    for due in ledger.dues():
        print(f"  {due.brand:24} due {due.due}, held {due.held}")
    uneven = {c: s for c, a in ledger.balances().items() if (s := sum(a.values(), Decimal(0)))}
    print("The ledger comes to zero" if not uneven else f"The ledger is out by {uneven}")
    return 1 if uneven else 0


if __name__ == "__main__":
    sys.exit(main())
