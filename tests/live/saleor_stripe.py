"""Another storefront's shopper pays through Saleor's transaction app, with a Stripe behind it.

    PAYMENT_PROVIDER=stripe STRIPE_SECRET_KEY=sk_test_local STRIPE_WEBHOOK_SECRET=whsec_local \
        STRIPE_API_BASE=http://127.0.0.1:58200 …the shop and its worker…
    .venv/bin/python -m tests.live.saleor_stripe --shop http://127.0.0.1:8000 \
        --saleor http://127.0.0.1:8080/graphql/ --staff admin@example.com:admin --stripe-port 58200

This script is the Stripe (tests/fakes/stripe_server.py, on that port), the storefront and the
staff. The Saleor must be bootstrapped and hold the pushed catalogue. Exits with 1 at the first
thing that is not as it must be.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from typing import Any

import httpx

from tests.fakes import stripe_server
from tests.fakes.stripe_server import StripeServer
from tests.live.saleor import Staff, must, step, wait

_PIECE = """{ products(first: 50, channel: "de", where: {isPublished: true}) { edges { node {
  variants { id sku quantityAvailable pricing { price { net { amount } } } } } } } }"""
_OPEN = """mutation ($variant: ID!) { checkoutCreate(input: {
  channel: "de", email: "bob@example.com", lines: [{variantId: $variant, quantity: 1}],
  shippingAddress: {firstName: "Bob", lastName: "Li", streetAddress1: "Unter den Linden 1",
    city: "Berlin", postalCode: "10117", country: DE},
  billingAddress: {firstName: "Bob", lastName: "Li", streetAddress1: "Unter den Linden 1",
    city: "Berlin", postalCode: "10117", country: DE}}) {
  checkout { id } errors { field code message } } }"""
_DELIVERIES = """mutation ($id: ID!) { deliveryOptionsCalculate(id: $id) {
  deliveries { id } errors { field message } } }"""
_DELIVER = """mutation ($id: ID!, $delivery: ID!) {
  checkoutDeliveryMethodUpdate(id: $id, deliveryMethodId: $delivery) {
    checkout { totalPrice { gross { amount currency } } } errors { field message } } }"""
_INITIALIZE = """mutation ($id: ID!, $data: JSON) {
  transactionInitialize(id: $id, paymentGateway: {id: "pavilion", data: $data}) {
    transaction { id } transactionEvent { type pspReference message } data
    errors { field code message } } }"""
_PROCESS = """mutation ($id: ID!) { transactionProcess(id: $id) {
    transactionEvent { type pspReference message } errors { field code message } } }"""
_COMPLETE = """mutation ($id: ID!) { checkoutComplete(id: $id) {
  order { id number total { gross { amount currency } } totalCharged { amount } }
  errors { field code message } } }"""
_ASK = """mutation ($id: ID!, $kind: TransactionActionEnum!, $amount: PositiveDecimal) {
  transactionRequestAction(id: $id, actionType: $kind, amount: $amount) {
    errors { field code message } } }"""
_EVENTS = """query ($id: ID!) { transaction(id: $id) { events { type pspReference
  amount { amount } } chargedAmount { amount } refundedAmount { amount } } }"""


class OtherStorefront:
    """The steps; each leaves what the next needs."""

    def __init__(self, staff: Staff, stripe: StripeServer, shop: str) -> None:
        self.staff, self.stripe, self.shop = staff, stripe, shop
        self.checkout = self.transaction = self.psp = ""
        self.total: dict[str, Any] = {}

    def open(self) -> str:
        """A checkout that Pavilion did not make: it is taxed by it all the same."""
        edges = self.staff.ask(_PIECE)["products"]["edges"]
        variants = [variant for edge in edges for variant in edge["node"]["variants"]]
        # A brand's pieces bear its name before their number; the line for duty does not.
        found = [v for v in variants if "." in v["sku"] and v["quantityAvailable"]]
        variant = min(found, key=lambda each: each["pricing"]["price"]["net"]["amount"])
        made = self.staff.ask(_OPEN, variant=variant["id"])["checkoutCreate"]["checkout"]
        self.checkout = made["id"]
        offers = self.staff.ask(_DELIVERIES, id=self.checkout)["deliveryOptionsCalculate"]
        delivery = offers["deliveries"][0]["id"]
        said = self.staff.ask(_DELIVER, id=self.checkout, delivery=delivery)
        price = said["checkoutDeliveryMethodUpdate"]["checkout"]["totalPrice"]
        self.total = price["gross"]
        return f"{variant['sku']}: {self.total['amount']} {self.total['currency']}"

    def pay(self) -> str:
        """transactionInitialize, the shopper at Stripe, transactionProcess."""
        back = {"returnUrl": f"{self.shop}/", "cancelUrl": f"{self.shop}/"}
        begun = self.staff.ask(_INITIALIZE, id=self.checkout, data=back)["transactionInitialize"]
        event = begun["transactionEvent"]
        must(event["type"] == "CHARGE_ACTION_REQUIRED", f"Begun as {event}")
        self.transaction, self.psp = begun["transaction"]["id"], event["pspReference"]
        self.intent = self.stripe.pay(self.psp)
        self.message = self.stripe.webhook("payment_intent.succeeded", self.intent)
        said = self.staff.ask(_PROCESS, id=self.transaction)["transactionProcess"]
        must(said["transactionEvent"]["type"] == "CHARGE_SUCCESS", f"Processed as {said}")
        return f"{begun['data']['redirectUrl']} → {said['transactionEvent']['type']}"

    def complete(self) -> str:
        """The order, paid to the cent."""
        order = self.staff.ask(_COMPLETE, id=self.checkout)["checkoutComplete"]["order"]
        requested, charged = order["total"]["gross"]["amount"], order["totalCharged"]["amount"]
        must(requested == charged == self.total["amount"], f"{order} of {self.total}")
        return f"Saleor's order {order['number']}: {requested} requested, {charged} charged"

    def late(self) -> str:
        """Stripe's own word of it comes after all that, twice; Saleor counts it once."""
        answers = [self._told() for _ in range(2)]
        must(answers == [204, 204], f"Answered {answers}")
        found = self._stands()
        must(found["chargedAmount"]["amount"] == self.total["amount"], f"{found}")
        return f"{answers}, charged {found['chargedAmount']['amount']}"

    def refund(self) -> str:
        """Part of it, from the Dashboard; Stripe gives it back."""
        self.staff.ask(_ASK, id=self.transaction, kind="REFUND", amount="5.00")
        wait(lambda: self._stands()["refundedAmount"]["amount"] == 5, 30)
        made = [each for each in self.stripe.objects.values() if each["object"] == "refund"]
        must([each["amount"] for each in made] == [500], f"{made}")
        return f"5.00 back, at Stripe as {made[0]['id']}"

    def too_much(self) -> str:
        """The whole once more: Saleor asks for what is left, and no more is given back."""
        amount = str(self.total["amount"])
        self.staff.ask(_ASK, id=self.transaction, kind="REFUND", amount=amount)
        wait(lambda: self._stands()["refundedAmount"]["amount"] == self.total["amount"], 30)
        made = [
            each["amount"] for each in self.stripe.objects.values() if each["object"] == "refund"
        ]
        must(sum(made) == self.intent["amount"], f"{made}")
        return f"{self.total['amount']} back in all, at Stripe in {len(made)} refunds"

    def _told(self) -> int:
        return httpx.post(
            f"{self.shop}/webhooks/payments/stripe/",
            content=self.message.body,
            headers={"Content-Type": "application/json", **self.message.headers},
            timeout=30,
        ).status_code

    def _stands(self) -> dict[str, Any]:
        found: dict[str, Any] = self.staff.ask(_EVENTS, id=self.transaction)["transaction"]
        return found


def main() -> int:
    """Every step, timed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--shop", required=True)
    options.add_argument("--saleor", required=True, help="the API address")
    options.add_argument("--staff", required=True, help="e-mail:password")
    options.add_argument("--stripe-port", type=int, required=True)
    chosen = options.parse_args()
    began = time.monotonic()
    with stripe_server.running(chosen.stripe_port) as stripe:
        storefront = OtherStorefront(Staff(chosen.saleor, chosen.staff), stripe, chosen.shop)
        steps: list[tuple[str, Callable[[], str]]] = [
            ("Open", storefront.open),
            ("Pay", storefront.pay),
            ("Complete", storefront.complete),
            ("Late word", storefront.late),
            ("Refund", storefront.refund),
            ("Too much", storefront.too_much),
        ]
        for title, does in steps:
            step(title, does)
    print(f"\nAll of it in {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
