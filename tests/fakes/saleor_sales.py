"""The selling half of the fake: checkouts, deliveries, transactions, orders.

It asks our webhooks as a Saleor does, through `ask`, and like a Saleor it goes on with untaxed
totals where the tax app fails, and makes no order of them.
"""

# ruff: noqa: N802, N803 - resolvers and their arguments bear the names of the schema

from __future__ import annotations

import base64
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import httpx

from tests.fakes.saleor_server import FakeSaleor
from tests.fakes.saleor_wire import edges, error, pairs

Ask = Callable[[str, dict[str, Any]], Any]


class SellingSaleor(FakeSaleor):
    """`ask(webhook, body)` gives our answer, or None where we fail. `stock` is by sku."""

    def __init__(self, ask: Ask, channels: Any, stock: dict[str, int] | None = None) -> None:
        super().__init__(channels=channels)
        self.ask = ask
        self.stock = stock or {}
        self.sold: dict[str, dict[str, Any]] = {}
        self.open: dict[str, dict[str, Any]] = {}
        self.reports: list[tuple[str, str]] = []
        self.elsewhere: list[dict[str, Any]] = []  # transactions of other storefronts
        self.lose = ""  # the operation whose answers do not arrive, though it is done
        self.wire: Any = None  # what a test breaks

    def _answer(self, request: httpx.Request) -> httpx.Response:
        response = super()._answer(request)
        if self.lose and self.requests[-1] == self.lose:
            raise httpx.ReadTimeout("the answer got lost", request=request)
        return response

    # --- the operations ----------------------------------------------------------------------

    def checkout(self, info: Any, id: str) -> dict[str, Any] | None:
        """By id."""
        return self.open.get(id)

    def order(self, info: Any, id: str) -> dict[str, Any] | None:
        """By id."""
        return self.sold.get(id)

    def orders(self, info: Any, where: Any = None, **_: Any) -> Any:
        """Of a checkout's token; or all."""
        token = ((where or {}).get("checkoutToken") or {}).get("eq")
        since = ((where or {}).get("updatedAt") or {}).get("gte")
        return edges(
            each
            for each in self.sold.values()
            if (token is None or each["_token"] == str(token))
            and (since is None or each["updatedAt"] >= since)
        )

    def channel(self, info: Any, slug: str) -> Any:
        """By slug."""
        return {"warehouses": [{"id": each["id"]} for each in self.warehouses.values()]}

    def _root(self, name: str) -> Any:
        if name == "productVariants":
            return lambda info, **arguments: self._variants(arguments)
        return super()._root(name)

    def _variants(self, arguments: Any) -> Any:
        skus = (arguments.get("filter") or {}).get("sku") or arguments["where"]["sku"]["oneOf"]
        return edges({"id": f"variant:{sku}", "sku": sku} for sku in skus)

    # --- mutations ----------------------------------------------------------------------------

    def checkoutCreate(self, info: Any, input: Any) -> Any:
        """Lines, people, metadata."""
        short = self._short(input["lines"])
        if short:
            return {"checkout": None, "errors": [short]}
        token = str(uuid.uuid4())
        checkout = self._node(
            _meta=pairs(input["metadata"]), _token=token, _market=input["channel"],
            _address=input["shippingAddress"], _delivery=None, lines=[], transactions=[],
            problems=[],
        )  # fmt: skip
        checkout["id"] = base64.b64encode(f"Checkout:{token}".encode()).decode()
        checkout["totalPrice"] = lambda info: self._total(checkout)["total"]
        self._add(checkout, input["lines"])
        self.open[checkout["id"]] = checkout
        return {"checkout": checkout, "errors": []}

    def checkoutLinesDelete(self, info: Any, id: str, linesIds: list[str]) -> Any:
        """Those of these ids."""
        lines = self.open[id]["lines"]
        self.open[id]["lines"] = [line for line in lines if line["id"] not in linesIds]
        return {"errors": []}

    def checkoutLinesAdd(self, info: Any, id: str, lines: list[Any]) -> Any:
        """More."""
        short = self._short(lines)
        if short:
            return {"errors": [short]}
        self._add(self.open[id], lines)
        return {"errors": []}

    def checkoutEmailUpdate(self, info: Any, id: str, email: str) -> Any:
        """Of an open checkout."""
        return {"errors": [] if id in self.open else [error("id", "NOT_FOUND")]}

    def checkoutShippingAddressUpdate(
        self, info: Any, id: str, shippingAddress: Any, **_: Any
    ) -> Any:
        """As given."""
        if id in self.open:
            self.open[id]["_address"] = shippingAddress
        return {"errors": []}

    def checkoutBillingAddressUpdate(self, info: Any, **_: Any) -> Any:
        """As given."""
        return {"errors": []}

    def deliveryOptionsCalculate(self, info: Any, id: str) -> Any:
        """What our shipping webhook offers."""
        if id not in self.open:
            return {"deliveries": [], "errors": []}
        checkout = self.open[id]
        found = self.ask("shipping", {"checkout": self._as_parcel(checkout)}) or []
        checkout["_offered"] = {each["id"]: each for each in found}
        return {
            "deliveries": [
                {"id": each["id"], "shippingMethod": {
                    "id": base64.b64encode(f"app:pavilion:{each['id']}".encode()).decode(),
                    "name": each["name"],
                    "price": {"amount": float(each["amount"])}}}
                for each in found
            ],
            "errors": [],
        }  # fmt: skip

    def checkoutDeliveryMethodUpdate(self, info: Any, id: str, deliveryMethodId: str) -> Any:
        """One of those."""
        checkout = self.open[id]
        checkout["_delivery"] = checkout["_offered"][deliveryMethodId]
        return {"checkout": checkout, "errors": []}

    def transactionCreate(self, info: Any, id: str, transaction: Any) -> Any:
        """A payment that we have taken."""
        charged = transaction.get("amountCharged") or {"amount": 0}
        made = {
            "id": f"transaction:{uuid.uuid4()}", "token": str(uuid.uuid4()),
            "pspReference": transaction["pspReference"],
            "chargedAmount": {"amount": float(charged["amount"])},
            "authorizedAmount": {"amount": 0.0}, "refundedAmount": {"amount": 0.0}, "events": [],
        }  # fmt: skip
        self.open[id]["transactions"].append(made)
        return {"transaction": made, "errors": []}

    def checkoutComplete(self, info: Any, id: str, metadata: Any = None, **_: Any) -> Any:
        """An order, where the tax is known and all is paid."""
        checkout = self.open[id]
        calculated = self._total(checkout)
        if calculated["failed"]:
            return {"order": None, "errors": [error("", "TAX_ERROR")]}
        paid = sum(each["chargedAmount"]["amount"] for each in checkout["transactions"])
        if paid < calculated["total"]["gross"]["amount"]:
            return {"order": None, "errors": [error("", "CHECKOUT_NOT_FULLY_PAID")]}
        pieces = [{"variantId": f"variant:{line['variant']['sku']}", "quantity": line["quantity"]}
                  for line in checkout["lines"]]  # fmt: skip
        short = self._short(pieces)
        if short:
            return {"order": None, "errors": [short]}
        return {"order": self._sell(checkout, calculated, pairs(metadata)), "errors": []}

    def orderFulfill(self, info: Any, order: str, input: Any) -> Any:
        """Pieces leave."""
        row = self.sold[order]
        lines = {line["id"]: line for line in row["lines"]}
        sent = []
        for each in input["lines"]:
            line = lines[each["orderLineId"]]
            count = sum(stock["quantity"] for stock in each["stocks"])
            line["quantityFulfilled"] += count
            line["quantityToFulfill"] -= count
            sent.append({"quantity": count, "orderLine": line})
        row["fulfillments"].append(
            {"id": f"fulfillment:{uuid.uuid4()}", "status": "FULFILLED", "lines": sent,
             "trackingNumber": input.get("trackingNumber") or "",
             "created": self.clock.isoformat()}
        )  # fmt: skip
        left = any(line["quantityToFulfill"] for line in row["lines"])
        row["status"] = "PARTIALLY_FULFILLED" if left else "FULFILLED"
        self._touch(row)
        return {"order": row, "errors": []}

    def orderCancel(self, info: Any, id: str) -> Any:
        """Of which nothing is sent."""
        self.sold[id]["status"] = "CANCELED"
        self._touch(self.sold[id])
        return {"errors": []}

    def transactionEventReport(self, info: Any, type: str, pspReference: str, **given: Any) -> Any:
        """Once each; by id, or by token."""
        for each in self.elsewhere:
            if given.get("token") is not None and str(given["token"]) == each["token"]:
                again = any(event["pspReference"] == pspReference for event in each["events"])
                if not again:
                    amount = {"amount": float(given["amount"])}
                    event = {"type": type, "pspReference": pspReference, "amount": amount}
                    each["events"].append(event)
                return {"alreadyProcessed": again, "errors": []}
        for order in self.sold.values():
            for each in order["transactions"]:
                if given.get("id") == each["id"]:
                    again = any(event["pspReference"] == pspReference for event in each["events"])
                    if not again:
                        amount = {"amount": float(given["amount"])}
                        event = {"id": f"event:{uuid.uuid4()}", "type": type,
                                 "pspReference": pspReference, "amount": amount}  # fmt: skip
                        each["events"].append(event)
                        if type == "REFUND_SUCCESS":
                            order["totalRefunded"]["amount"] += amount["amount"]
                    self.reports.append((type, pspReference))
                    return {"alreadyProcessed": again, "errors": []}
        return {"alreadyProcessed": False, "errors": [error("id", "NOT_FOUND")]}

    def transaction(self, info: Any, token: Any) -> dict[str, Any] | None:
        """Of another storefront."""
        return next((each for each in self.elsewhere if each["token"] == str(token)), None)

    # --- what staff does ------------------------------------------------------------------------

    def grant(self, order_id: str, amount: float, **pieces: int) -> dict[str, Any]:
        """A refund of these pieces, by sku; its money has moved."""
        order = self.sold[order_id]
        lines = []
        for line in order["lines"]:
            if quantity := pieces.get(line["productSku"]):
                gross = line["totalPrice"]["gross"]["amount"] / line["quantity"]
                named = {**line, "unitPrice": {"gross": {"amount": gross}}}
                lines.append({"quantity": quantity, "orderLine": named})
        granted = self._node(
            status="SUCCESS", reason="Does not fit", amount={"amount": amount}, lines=lines
        )
        number = f"OrderGrantedRefund:{len(order['grantedRefunds']) + 1}"
        granted["id"] = base64.b64encode(number.encode()).decode()
        order["grantedRefunds"].append(granted)
        self._touch(order)
        return granted

    def take_back(self, order_id: str, sku: str, quantity: int = 1) -> None:
        """Pieces that came back."""
        order = self.sold[order_id]
        line = next(each for each in order["lines"] if each["productSku"] == sku)
        order["fulfillments"].append(
            {"id": f"fulfillment:{uuid.uuid4()}", "status": "RETURNED", "trackingNumber": "",
             "created": self.clock.isoformat(),
             "lines": [{"quantity": quantity, "orderLine": line}]}
        )  # fmt: skip
        self._touch(order)

    # --- inside -------------------------------------------------------------------------------

    def _short(self, lines: list[Any]) -> dict[str, str] | None:
        for line in lines:
            sku = line["variantId"].removeprefix("variant:")
            if line["quantity"] > self.stock.get(sku, 99):
                return error("quantity", "INSUFFICIENT_STOCK")
        return None

    def _add(self, checkout: dict[str, Any], lines: list[Any]) -> None:
        for line in lines:
            checkout["lines"].append(
                self._node(
                    quantity=line["quantity"],
                    _price=Decimal(line["price"]),
                    variant={"sku": line["variantId"].removeprefix("variant:")},
                )
            )

    def _currency(self, checkout: dict[str, Any]) -> str:
        code: str = self.channels[checkout["_market"]]["currencyCode"]
        return code

    def _as_parcel(self, checkout: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": checkout["id"],
            "channel": {"slug": checkout["_market"], "currencyCode": self._currency(checkout)},
            "languageCode": "EN",
            "lines": [
                {"quantity": line["quantity"], "variant": line["variant"],
                 "undiscountedTotalPrice": {"amount": float(line["_price"] * line["quantity"])}}
                for line in checkout["lines"]
            ],
        }  # fmt: skip

    def tax_base(self, checkout: dict[str, Any]) -> dict[str, Any]:
        """The request to the tax webhook."""
        delivery = checkout["_delivery"] or {"amount": "0"}
        address = checkout["_address"]
        return {
            "__typename": "CalculateTaxes",
            "taxBase": {
                "pricesEnteredWithTax": False,
                "currency": self._currency(checkout),
                "channel": {"slug": checkout["_market"]},
                "address": {
                    "country": {"code": address["country"]},
                    "countryArea": address.get("countryArea") or "",
                },
                "discounts": [],
                "shippingPrice": {"amount": float(delivery["amount"])},
                "lines": [
                    {"quantity": line["quantity"], "productSku": line["variant"]["sku"],
                     "totalPrice": {"amount": float(line["_price"] * line["quantity"])},
                     "sourceLine": {"__typename": "CheckoutLine", "id": line["id"]}}
                    for line in checkout["lines"]
                ],
                "sourceObject": {"__typename": "Checkout", "id": checkout["id"],
                                 "sale": checkout["_meta"].get("pavilion.checkout")},
            },
        }  # fmt: skip

    def _total(self, checkout: dict[str, Any]) -> dict[str, Any]:
        currency = self._currency(checkout)
        said = self.ask("taxes", self.tax_base(checkout))
        if not isinstance(said, dict) or "lines" not in said:
            # As a real one: no tax, no error, until somebody completes it.
            lines = [line["_price"] * line["quantity"] for line in checkout["lines"]]
            shipping = Decimal((checkout["_delivery"] or {"amount": "0"})["amount"])
            gross = sum(lines, shipping)
            amount = {"amount": float(gross), "currency": currency}
            return {"total": {"net": amount, "gross": amount}, "failed": True}
        gross = Decimal(said["shipping_price_gross_amount"])
        gross += sum(Decimal(line["total_gross_amount"]) for line in said["lines"])
        net = Decimal(said["shipping_price_net_amount"])
        net += sum(Decimal(line["total_net_amount"]) for line in said["lines"])
        return {
            "total": {
                "net": {"amount": float(net), "currency": currency},
                "gross": {"amount": float(gross), "currency": currency},
            },
            "failed": False,
            "said": said,
        }

    def _sell(self, checkout: dict[str, Any], calculated: Any, meta: dict[str, str]) -> Any:
        said = calculated["said"]
        lines = [
            self._node(
                productSku=line["variant"]["sku"], productName="", quantity=line["quantity"],
                quantityFulfilled=0, quantityToFulfill=line["quantity"], allocations=[],
                totalPrice={
                    "net": {"amount": float(tax["total_net_amount"])},
                    "gross": {"amount": float(tax["total_gross_amount"])},
                },
            )
            for line, tax in zip(checkout["lines"], said["lines"], strict=True)
        ]  # fmt: skip
        order = self._node(
            number=str(len(self.sold) + 1), status="UNFULFILLED", _token=checkout["_token"],
            _meta=checkout["_meta"] | meta, created=self.clock.isoformat(),
            channel={"slug": checkout["_market"]}, userEmail="alice@example.com",
            total=calculated["total"], totalRefunded={"amount": 0.0}, lines=lines, fulfillments=[],
            totalCharged={
                "amount": sum(t["chargedAmount"]["amount"] for t in checkout["transactions"])
            },
            shippingPrice={
                "net": {"amount": float(said["shipping_price_net_amount"])},
                "gross": {"amount": float(said["shipping_price_gross_amount"])},
            },
            transactions=checkout["transactions"], grantedRefunds=[],
        )  # fmt: skip
        self._touch(order)
        self.sold[order["id"]] = order
        del self.open[checkout["id"]]
        return order
