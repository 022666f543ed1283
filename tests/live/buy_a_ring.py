"""Buys a ring in several markets from a running shop, over HTTP alone, and prints the four bills.

    .venv/bin/python -m tests.live.buy_a_ring [--shop http://127.0.0.1:8000] [--markets us,de,jp,ae]

Exits with 1 unless every purchase ended in an order whose total is the sum of its lines and the
amount that was paid, and the same ring costs something else in each market.
"""

from __future__ import annotations

import argparse
import re
import sys
from decimal import Decimal
from typing import Any

import httpx

_RINGS = """query ($channel: String!) {
  products(channel: $channel, first: 50, filter: {productType: "ring"}) {
    edges { node { slug variants { sku quantityAvailable madeToOrderDays } } } } }"""
_OPEN = """mutation ($channel: String!, $sku: String!) {
  checkoutCreate(channel: $channel, lines: [{sku: $sku, quantity: 1}]) {
    checkout { token } errors { field code message } } }"""
_DELIVER = """mutation ($token: String!, $address: AddressInput!) {
  checkoutDeliveryUpdate(token: $token, email: "alice@example.com", shippingAddress: $address) {
    checkout { totalPrice { amount currency } } errors { field code message } } }"""
_PAY = """mutation ($token: String!, $back: String!) {
  transactionInitialize(token: $token, returnUrl: $back, cancelUrl: $back) {
    reference redirectUrl errors { field code message } } }"""
_COMPLETE = """mutation ($reference: String!) { checkoutComplete(reference: $reference) {
    order { number paid { amount currency } lines { sku } landedCost { verdict total { amount }
      lines { kind label rate amount { amount } rule state } } }
    errors { field code message } } }"""

ADDRESSES = {
    "us": {"country": "US", "streetAddress": "350 5th Ave", "city": "New York",
           "countryArea": "NY", "postalCode": "10118"},
    "gb": {"country": "GB", "streetAddress": "10 Downing St", "city": "London",
           "postalCode": "SW1A 2AA"},
    "de": {"country": "DE", "streetAddress": "Unter den Linden 1", "city": "Berlin",
           "postalCode": "10117"},
    "jp": {"country": "JP", "streetAddress": "丸の内1-9-1", "city": "千代田区",
           "countryArea": "東京都", "postalCode": "100-0005"},
    "ae": {"country": "AE", "streetAddress": "شارع الشيخ زايد 1", "countryArea": "دبي"},
    "hk": {"country": "HK", "streetAddress": "1 Queen's Road", "cityArea": "Central",
           "city": "Central", "countryArea": "Hong Kong Island"},
}  # fmt: skip


class Shop:
    """The shop as a client sees it."""

    def __init__(self, address: str) -> None:
        self._http = httpx.Client(base_url=address, timeout=60)
        self.address = address

    def ask(self, query: str, **variables: Any) -> Any:
        """GraphQL's data; ends the run on any error."""
        answer = self._http.post("/graphql/", json={"query": query, "variables": variables}).json()
        if answer.get("errors"):
            sys.exit(f"The shop answered: {answer['errors']}")
        payload = next(iter(answer["data"].values()))
        if isinstance(payload, dict) and payload.get("errors"):
            sys.exit(f"The shop refused: {payload['errors']}")
        return payload

    def pay(self, page: str) -> None:
        """Presses "Pay" on the sandbox's page, as a browser would."""
        form = self._http.get(page)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form.text)
        if token is None:
            sys.exit(f"{page} shows no payment form (HTTP {form.status_code})")
        self._http.post(
            page,
            data={"csrfmiddlewaretoken": token[1], "answer": "pay"},
            headers={"Referer": page},
        )


def ring_sold_in(shop: Shop, markets: list[str]) -> str:
    """The first ring that every market sells and of which each market can buy one."""
    stocks = []
    for market in markets:
        edges = shop.ask(_RINGS, channel=market)["edges"]
        stocks.append(
            {
                variant["sku"]
                for edge in edges
                for variant in edge["node"]["variants"]
                if variant["quantityAvailable"] >= len(markets)
                or variant["madeToOrderDays"] is not None
            }
        )
    everywhere = set.intersection(*stocks)
    if not everywhere:
        sys.exit("No ring is for sale in all of these markets yet; the worker may still be listing")
    return min(everywhere)


def buy(shop: Shop, market: str, sku: str) -> dict[str, Any]:
    """One ring, from lines to order."""
    token = shop.ask(_OPEN, channel=market, sku=sku)["checkout"]["token"]
    address = {"name": "Alice Shaw", **ADDRESSES[market]}
    quoted = shop.ask(_DELIVER, token=token, address=address)["checkout"]["totalPrice"]
    started = shop.ask(_PAY, token=token, back=f"{shop.address}/")
    shop.pay(started["redirectUrl"])
    order: dict[str, Any] = shop.ask(_COMPLETE, reference=started["reference"])["order"]
    lines = order["landedCost"]["lines"]
    total = sum(Decimal(line["amount"]["amount"]) for line in lines)
    assert total == Decimal(order["paid"]["amount"]) == Decimal(quoted["amount"]), order
    assert [line["sku"] for line in order["lines"]] == [sku], order
    return order


def main() -> int:
    """Buy everywhere, print, compare."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--shop", default="http://127.0.0.1:8000")
    options.add_argument("--markets", default="us,de,jp,ae")
    chosen = options.parse_args()
    markets = chosen.markets.split(",")
    shop = Shop(chosen.shop)
    sku = ring_sold_in(shop, markets)
    print(f"Ring {sku}")
    extras = set()
    for market in markets:
        order = buy(shop, market, sku)
        print(f"\n{market}: order {order['number']}, {order['landedCost']['verdict']}")
        for line in order["landedCost"]["lines"]:
            rate = "" if line["rate"] is None else f"{Decimal(line['rate']) * 100:.3f} %"
            says = f"{line['rule']} ({line['state']})" if line["rule"] else ""
            print(f"  {line['label'][:44]:44} {rate:>10} {line['amount']['amount']:>12}  {says}")
        print(f"  {'paid':44} {'':10} {order['paid']['amount']:>12}  {order['paid']['currency']}")
        law = [
            (line["rule"], line["rate"]) for line in order["landedCost"]["lines"] if line["rule"]
        ]
        extras.add(tuple(law))
    if len(extras) != len(markets):
        print("\nTwo markets charged by the same rules; that cannot be right")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
