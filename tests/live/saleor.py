"""A shop on a real Saleor, from an empty one to a healed one; prints each step with its figures.

    .venv/bin/python -m tests.live.saleor --shop http://127.0.0.1:8000 \
        --saleor http://127.0.0.1:8080/graphql/ --staff admin@example.com:admin \
        --stop "…the command that stops Saleor…" --start "…the one that starts it…"

The shop runs with SALEOR_API_URL set to that Saleor and its worker beside it; this script runs
manage.py in the shop's own environment. Exits with 1 at the first thing that is not as it must be.
"""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from typing import Any

import httpx

from tests.live.buy_a_ring import Shop, buy, ring_sold_in
from tests.live.saleor_used import UsedCatalogue

MARKETS = ["us", "de", "jp", "ae"]
_TOKEN = """mutation ($email: String!, $password: String!) {
  tokenCreate(email: $email, password: $password) { token errors { message } } }"""
_INSTALL = """mutation ($manifest: String!, $permissions: [PermissionEnum!]) {
  appInstall(input: {appName: "Pavilion", manifestUrl: $manifest, permissions: $permissions}) {
    appInstallation { id } errors { field message } } }"""
_APPS = "{ apps(first: 20) { edges { node { identifier isActive } } } }"
_COUNTS = "{ products(first: 1) { totalCount } orders(first: 1) { totalCount } channels { slug } }"
_ORDERS = """{ orders(first: 20) { edges { node {
  id number status our: metafield(key: "pavilion.order")
  channel { slug } total { gross { amount currency } } totalCharged { amount }
  totalRefunded { amount } shippingPrice { gross { amount } }
  lines { id productSku quantity totalPrice { net { amount } gross { amount } } }
  transactions { id } } } } }"""
_GRANT = """mutation ($id: ID!, $line: ID!, $transaction: ID!, $amount: Decimal!) {
  orderGrantRefundCreate(id: $id, input: {
    lines: [{id: $line, quantity: 1}], transactionId: $transaction, amount: $amount,
    reason: "Does not fit"}) {
    grantedRefund { id amount { amount } } errors { field message } } }"""
_REFUND = """mutation ($granted: ID!, $transaction: ID!) {
  transactionRequestRefundForGrantedRefund(grantedRefundId: $granted, id: $transaction) {
    errors { field message } } }"""
_RENAME = """mutation ($id: ID!, $name: String!) {
  productUpdate(id: $id, input: {name: $name}) { errors { field message } } }"""
_GROUPS = "{ me { id } permissionGroups(first: 20) { edges { node { id name } } } }"
_JOIN = """mutation ($group: ID!, $me: ID!) {
  permissionGroupUpdate(id: $group, input: {addUsers: [$me]}) { errors { field message } } }"""
_OPEN = """mutation ($channel: String!, $sku: String!) {
  checkoutCreate(channel: $channel, lines: [{sku: $sku, quantity: 1}]) {
    checkout { token } errors { field code message } } }"""


class Staff:
    """The Saleor as its staff sees it."""

    def __init__(self, url: str, login: str) -> None:
        self._email, _, self._password = login.partition(":")
        self._http = httpx.Client(timeout=60)
        self.url = url
        self._until = 0.0

    def _sign_in(self) -> None:
        self._until = time.monotonic() + 200  # Saleor's tokens last five minutes
        self._http.headers.pop("Authorization", None)
        said = self.ask(_TOKEN, email=self._email, password=self._password)
        self._http.headers["Authorization"] = f"Bearer {said['tokenCreate']['token']}"

    def ask(self, query: str, **variables: Any) -> Any:
        """GraphQL's data; ends the run on any error."""
        if time.monotonic() > self._until:
            self._sign_in()
        answer = self._http.post(self.url, json={"query": query, "variables": variables}).json()
        if answer.get("errors"):
            sys.exit(f"Saleor answered: {answer['errors']}")
        for payload in answer["data"].values():
            if isinstance(payload, dict) and payload.get("errors"):
                sys.exit(f"Saleor refused: {payload['errors']}")
        return answer["data"]


class Run:
    """The steps, each timed."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.shop = Shop(options.shop)
        self.web = httpx.Client(base_url=options.shop, timeout=30, follow_redirects=True)
        self.staff = Staff(options.saleor, options.staff)

    def manage(self, *words: str, may_fail: bool = False) -> str:
        """manage.py's output; ends the run where it fails and must not."""
        done = subprocess.run(
            [*shlex.split(self.options.manage), *words],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "SALEOR_STAFF_PASSWORD": self.options.staff.partition(":")[2]},
        )
        if done.returncode and not may_fail:
            sys.exit(f"manage.py {words[0]} failed:\n{done.stdout}{done.stderr}")
        return done.stdout + (done.stderr if may_fail else "")

    def shell(self, code: str) -> str:
        """The last line that some code prints inside the shop."""
        return self.manage("shell", "-v", "0", "-c", code).strip().splitlines()[-1]

    def empty(self) -> str:
        """Nothing of ours is there."""
        said = self.staff.ask(_COUNTS)
        must(not said["products"]["totalCount"], "The Saleor is not empty")
        return f"0 products, 0 orders, channels {[each['slug'] for each in said['channels']]}"

    def install(self) -> str:
        """The handshake, both ways."""
        manifest = self.web.get("/saleor/manifest").json()
        self.staff.ask(
            _INSTALL,
            manifest=f"{self.options.shop}/saleor/manifest",
            permissions=manifest["permissions"],
        )
        wait(lambda: any(e["node"]["isActive"] for e in self.staff.ask(_APPS)["apps"]["edges"]))
        code = "from storefront_backend import wiring; print(wiring.shop_saleor().version)"
        found = ""

        def confirmed() -> bool:
            nonlocal found
            with suppress(SystemExit):
                found = self.shell(code)
            return bool(found)

        wait(confirmed, 90)
        return f"app active in Saleor {found}, its token confirmed and sealed"

    def check(self) -> str:
        """What is still to do, point by point."""
        lines = [
            line.rstrip()
            for line in self.manage("saleor_check", may_fail=True).splitlines()
            if line.startswith(("ok", "!!"))
        ]
        green = sum(line.startswith("ok") for line in lines)
        return "\n      ".join([f"{green} points green", *lines])

    def bootstrap(self) -> str:
        """To what the markets need; a second time nothing is left."""
        email = self.options.staff.partition(":")[0]
        first = self.manage("saleor_bootstrap", "--apply", "--staff", email).splitlines()[-1]
        again = self.manage("saleor_bootstrap", "--staff", email).splitlines()[-1]
        must(again.startswith("0 to change"), f"Not idempotent: {again}")
        return f"{first}; again: {again}"

    def join(self) -> str:
        """Saleor shows orders only to staff of a group; the bootstrap has made two."""
        said = self.staff.ask(_GROUPS)
        groups = [edge["node"] for edge in said["permissionGroups"]["edges"]]
        ours = [group for group in groups if group["name"].startswith("Pavilion")]
        for group in ours:
            self.staff.ask(_JOIN, group=group["id"], me=said["me"]["id"])
        return f"in {', '.join(group['name'] for group in ours)}"

    def push(self) -> str:
        """The whole catalogue."""
        return self.manage("saleor_push").splitlines()[-1]

    def buy(self, market: str, sku: str) -> str:
        """One ring through the shop; the order in Saleor has the same cents."""
        order = buy(self.shop, market, sku)
        paid = Decimal(order["paid"]["amount"])
        theirs = self.theirs(order["number"])
        requested = Decimal(str(theirs["total"]["gross"]["amount"]))
        charged = Decimal(str(theirs["totalCharged"]["amount"]))
        parts = [Decimal(str(line["totalPrice"]["gross"]["amount"])) for line in theirs["lines"]]
        parts.append(Decimal(str(theirs["shippingPrice"]["gross"]["amount"])))
        must(
            paid == requested == charged,
            f"{paid} here, {requested} requested and {charged} charged there",
        )
        must(sum(parts) == requested, f"{parts} do not add up to {requested}")
        lines = ", ".join(
            f"{line['productSku']} {line['totalPrice']['net']['amount']}"
            f" net {line['totalPrice']['gross']['amount']} gross"
            for line in theirs["lines"]
        )
        return (
            f"{market}: ours {order['number']}, Saleor's {theirs['number']} ({theirs['status']}): "
            f"{paid} {order['paid']['currency']} on both sides; {lines}, "
            f"shipping {theirs['shippingPrice']['gross']['amount']}"
        )

    def theirs(self, number: str) -> dict[str, Any]:
        """Saleor's order of our number."""
        for edge in self.staff.ask(_ORDERS)["orders"]["edges"]:
            if edge["node"]["our"] == number:
                found: dict[str, Any] = edge["node"]
                return found
        sys.exit(f"Saleor has no order of our number {number}")

    def refunded(self, number: str) -> tuple[Decimal, Decimal]:
        """What has been given back: by us, by Saleor."""
        ours = self.shell(
            "from storefront_backend import wiring;"
            f"print(wiring.orders().get({number!r}).refunded.amount)"
        )
        return Decimal(ours), Decimal(str(self.theirs(number)["totalRefunded"]["amount"]))

    def refund_there(self, market: str) -> str:
        """Staff refunds the ring's line in Saleor; our provider gives the money back."""
        number = self.number_in(market)
        theirs = self.theirs(number)
        line = next(each for each in theirs["lines"] if "PAVILION" not in each["productSku"])
        transaction = theirs["transactions"][0]["id"]
        amount = line["totalPrice"]["gross"]["amount"]
        granted = self.staff.ask(
            _GRANT, id=theirs["id"], line=line["id"], transaction=transaction, amount=amount
        )["orderGrantRefundCreate"]["grantedRefund"]
        self.staff.ask(_REFUND, granted=granted["id"], transaction=transaction)
        wanted = Decimal(str(amount))
        wait(lambda: self.refunded(number) == (wanted, wanted), 30)
        booked = ""

        def is_booked() -> bool:
            nonlocal booked
            booked = self.shell(
                "from storefront_backend.orders.models import Refund;"
                "from storefront_backend.selling.ledger import open_money;"
                f"r=Refund.objects.filter(order__number={number!r}).first();"
                f"print(r and (r.kind, r.brand.slug, str(r.amount), len(open_money({number!r}))))"
            )
            return booked != "None"

        wait(is_booked, 60)
        must(booked.endswith(", 0)"), f"Money is unallocated: {booked}")
        return (
            f"{line['productSku']} of {number} in Saleor: {amount} given back on both sides, "
            f"borne by {booked}"
        )

    def refund_here(self, market: str) -> str:
        """The shop takes a line back with its share of duty and tax; Saleor is notified."""
        number = self.number_in(market)
        self.shell(
            "from storefront_backend import wiring;"
            "from storefront_backend.aftersale.refunds import RefundRequest;"
            f"o=wiring.orders().get({number!r}); l=o.lines[0];"
            "wiring.refunds().cancel(o.number, RefundRequest(key='live '+o.number, brand=l.brand,"
            " pieces={l.id: 1}, reason='Changed my mind')); print('ok')"
        )
        ours, theirs = self.refunded(number)
        must(ours == theirs > 0, f"{ours} here, {theirs} there")
        return f"the line of {number} in the shop: {ours} given back on both sides"

    def number_in(self, market: str) -> str:
        """Our number of the order in that market."""
        edges = self.staff.ask(_ORDERS)["orders"]["edges"]
        return next(e["node"]["our"] for e in edges if e["node"]["channel"]["slug"] == market)

    def rename(self, slug: str) -> str:
        """A name that staff changes in Saleor is on our page within five seconds."""
        product = self.staff.ask(
            'query ($slug: String!) { product(slug: $slug, channel: "de") { id name } }',
            slug=slug,
        )["product"]
        name = f"{product['name']} {int(time.time()) % 10_000}"
        self.staff.ask(_RENAME, id=product["id"], name=name)
        took = wait(lambda: name in self.web.get(f"/de/en/jewellery/{slug}/").text, 30, 0.1)
        must(took < 5, f"It took {took:.1f} s")
        return f"{name!r} on the shop's page after {took:.1f} s"

    def without(self, slug: str, sku: str) -> str:
        """Saleor is stopped: pages go on, the checkout says so, what happens is kept for later."""
        command(self.options.stop)
        wait(lambda: not self.up())
        took = []
        for path in ("/de/en/", "/de/en/jewellery/", f"/de/en/jewellery/{slug}/", "/de/en/bag/"):
            began = time.monotonic()
            page = self.web.get(path)
            took.append(f"{path} {page.status_code} {(time.monotonic() - began) * 1000:.0f} ms")
            must(page.status_code == 200, took[-1])
        answer = self.web.post(
            "/graphql/", json={"query": _OPEN, "variables": {"channel": "de", "sku": sku}}
        ).json()
        errors = (answer.get("data") or {}).get("checkoutCreate", {}).get("errors") or []
        must(bool(errors), f"The checkout did not say so: {answer}")
        number = self.number_sent = self.sent_meanwhile()
        return (
            f"{'; '.join(took)}\n      checkout: {errors[0]['code']}: {errors[0]['message']}\n"
            f"      parcel of {number} sent and a name changed meanwhile"
        )

    def sent_meanwhile(self) -> str:
        """A brand sends a parcel, and the house changes a text, while Saleor is away."""
        return self.shell(
            "from storefront_backend import wiring;"
            "from storefront_backend.orders.models import Order;"
            "from storefront_backend.catalog.models import Product;"
            "o=Order.objects.filter(market='jp').first(); p=o.fulfillments.first();"
            "wiring.orders().fulfil(o.number, brand=p.brand.slug, tracking='LIVE-1');"
            "q=Product.objects.order_by('pk').first();"
            "q.names={**q.names, 'de': 'Neuer Name'}; q.save(); print(o.number)"
        )

    def heal(self) -> str:
        """Saleor is started: what was changed meanwhile arrives there."""
        began = time.monotonic()
        command(self.options.start)
        wait(self.up, 180)
        up = time.monotonic() - began
        healed = self.shell(
            "from storefront_backend.jobs.saleor_reconcile import reconcile;"
            "from datetime import timedelta; from storefront_backend import wiring;"
            "done=reconcile.func(); done['sales']=wiring.sales().sweep(wiring.now(),"
            " timedelta(0)); print(done)"
        )
        status = self.theirs(self.number_sent)["status"]
        must(status == "FULFILLED", f"Order {self.number_sent} is {status} in Saleor")
        return f"up after {up:.0f} s; {healed}; order {self.number_sent} is {status} in Saleor"

    def up(self) -> bool:
        """Whether Saleor answers."""
        with suppress(httpx.HTTPError):
            answer = httpx.post(self.options.saleor, json={"query": "{ shop { name } }"}, timeout=5)
            return answer.is_success
        return False


def must(holds: bool, otherwise: str) -> None:
    """Ends the run where it does not hold."""
    if not holds:
        sys.exit(f"\nFAILED: {otherwise}")


def wait(holds: Callable[[], bool], seconds: float = 60, pause: float = 0.5) -> float:
    """Seconds until it holds; ends the run after `seconds`."""
    began = time.monotonic()
    while not holds():
        must(time.monotonic() - began < seconds, f"Waited {seconds} s in vain")
        time.sleep(pause)
    return time.monotonic() - began


def command(line: str) -> None:
    """Run what was given on the command line; a service that it starts lives on."""
    subprocess.run(
        shlex.split(line), check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def main() -> int:
    """Every step, timed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--shop", default="http://127.0.0.1:8000")
    options.add_argument("--saleor", required=True, help="the API address")
    options.add_argument("--staff", required=True, help="e-mail:password")
    options.add_argument("--start", required=True, help="the command that starts Saleor")
    options.add_argument("--stop", required=True, help="the command that stops it")
    options.add_argument("--manage", default=f"{sys.executable} manage.py")
    run = Run(options.parse_args())
    began = time.monotonic()
    step("Empty", run.empty)
    step("Install", run.install)
    step("Check before", run.check)
    step("Bootstrap", run.bootstrap)
    step("Staff", run.join)
    step("Push", run.push)
    step("Check", run.check)
    sku = ring_sold_in(run.shop, MARKETS)
    slug = run.shell(
        "from storefront_backend.catalog.models import ProductVariant as V;"
        f"print(V.objects.get(sku={sku!r}).product.slug)"
    )
    for market in MARKETS:
        step(f"Buy in {market}", lambda market=market: run.buy(market, sku))
    step("Refund there", lambda: run.refund_there("de"))
    step("Refund here", lambda: run.refund_here("us"))
    step("Rename", lambda: run.rename(slug))
    used = UsedCatalogue(run)
    step("Used Saleor", used.fill)
    step("Pull, shown", used.look)
    step("Pull", used.take)
    step("Completed", used.complete)
    step("On sale", used.sell)
    step("Without Saleor", lambda: run.without(slug, sku))
    step("Heal", run.heal)
    print(f"\nAll of it in {time.monotonic() - began:.0f} s")
    return 0


def step(title: str, does: Callable[[], str]) -> None:
    """Do it and print what it came to."""
    began = time.monotonic()
    says = does()
    print(f"{title:14} {time.monotonic() - began:6.1f} s  {says}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
