"""How fast the shop answers, over HTTP: `python tests/bench/bench_shop.py [PRODUCTS]`.

Starts a PostgreSQL and a gunicorn of its own, as `make run` does, with synthetic products (2,500 of
three sizes and a poster each), asks each question over one connection, and prints beside what a
Saleor 3.23 needed for the same on two cores: measured once, or live where SALEOR_API_URL names one
(SALEOR_CHANNEL: which of its channels). Printed for each: the median wall time, and the processor
time of the web processes and the database backends, which other work on the machine does not
stretch as much.
"""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from storefront_backend.running import postgres
from storefront_backend.running.cluster import open_cluster

ROOT = Path(__file__).resolve().parents[2]
# Medians of a Saleor 3.23 with its own demo catalogue, in milliseconds. A product of its catalogue
# has a few variants, a translation and a thumbnail, as ours here do.
SALEOR = {"list of 20": 114.0, "detail": 228.0, "checkout": 2_000.0}
_SALEOR_LIST = """query ($channel: String!) { products(first: 20, channel: $channel) {
  edges { node { slug name translation(languageCode: DE) { name } thumbnail { url }
    pricing { priceRange { start { gross { amount currency } } } } } } } }"""
_SALEOR_DETAIL = """query ($channel: String!, $slug: String!) {
  product(channel: $channel, slug: $slug) {
    slug name description translation(languageCode: DE) { name description }
    attributes { attribute { slug } values { name } } media { url type }
    variants { sku name quantityAvailable
      pricing { price { net { amount } tax { amount } gross { amount currency } } } } } }"""
# What a list of Saleor tells too: name in the requested language, thumbnail, lowest price.
_LIST = """{ products(channel: "de", languageCode: "de", first: 20) { edges { node {
  slug name brand { slug } thumbnail { url } priceFrom { amount currency } } } } }"""
_COUNTED = _LIST.replace("{ edges", "{ totalCount edges", 1)
_DETAIL = """query ($slug: String!) { product(channel: "de", languageCode: "de", slug: $slug) {
  slug name description brand { slug name } media { url kind }
  variants { sku alloy ringSize quantityAvailable pricing { goods { amount }
    total { amount currency } landedCost { total { amount }
      lines { kind amount { amount } rule source { title } } } } } } }"""
_OPEN = """mutation ($sku: String!) { checkoutCreate(channel: "de", lines: [{sku: $sku}]) {
  checkout { token totalPrice { amount } } errors { code } } }"""
_DELIVER = """mutation ($token: String!, $address: AddressInput!) {
  checkoutDeliveryUpdate(token: $token, email: "alice@example.com", shippingAddress: $address) {
    checkout { totalPrice { amount } landedCost { lines { kind amount { amount } } } }
    errors { code } } }"""
_PAY = """mutation ($token: String!) { transactionInitialize(token: $token,
  returnUrl: "http://app/", cancelUrl: "http://app/") { reference redirectUrl errors { code } } }"""
_COMPLETE = """mutation ($reference: String!) { checkoutComplete(reference: $reference) {
  order { number total { amount } } errors { code } } }"""
_ADDRESS = {
    "name": "Alice Schmidt", "country": "DE", "streetAddress": "Unter den Linden 1",
    "city": "Berlin", "postalCode": "10117",
}  # fmt: skip


def fill(products: int) -> str:
    """A shop of that many rings in Germany; a sku of one."""
    from storefront_backend import wiring
    from storefront_backend.catalog.models import Product, ProductVariant, Stock
    from tests import builders

    brands = [builders.make_brand(f"house-{count}") for count in range(9)]
    rows = Product.objects.bulk_create(
        Product(
            brand=brands[count % 9], code=f"ring-{count}", slug=f"ring-{count}", kind="ring",
            names={"en": f"Ring {count}", "de": f"Goldring {count}"}, markets=["de"],
            descriptions={"en": "Solid gold, polished by hand.", "de": "Massives Gold, poliert."},
        )
        for count in range(products)
    )  # fmt: skip
    passport = builders.make_passport().to_json()
    formula = builders.make_formula().to_json()
    variants = ProductVariant.objects.bulk_create(
        ProductVariant(
            brand=row.brand, product=row, sku=f"{row.slug}-{size}", position=size,
            alloy="gold-750-yellow", ring_size_mm="54.4", ring_size_label=str(size),
            ring_size_system="us", passport=passport, price_formula=formula,
        )
        for row in rows for size in (6, 7, 8)
    )  # fmt: skip
    warehouse = builders.make_warehouse()
    Stock.objects.bulk_create(
        Stock(warehouse=warehouse, variant=variant, quantity=1_000) for variant in variants
    )
    picture = builders.make_poster(rows[0]).key
    for row in rows[1:]:
        builders.make_poster(row, picture=picture.encode())
    builders.make_rates()
    builders.make_delivery(("de",))
    wiring.lister().relist(variants, ("de",))
    return variants[0].sku


@contextmanager
def served(environment: dict[str, str]) -> Iterator[tuple[httpx.Client, psutil.Process]]:
    """The shop behind two gunicorn workers, as `make run` starts them; a client and the server."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}",
        "--config", "python:storefront_backend.running.web_server",
    ]  # fmt: skip
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            for _ in range(300):
                try:
                    client.get("/health/live")
                    break
                except httpx.TransportError:
                    time.sleep(0.1)
            yield client, psutil.Process(server.pid)
    finally:
        server.terminate()
        server.wait(10)


def ask(client: httpx.Client, query: str, **variables: object) -> dict[str, object]:
    """GraphQL's one answer."""
    answer = client.post("/graphql/", json={"query": query, "variables": variables}).json()
    assert "errors" not in answer, answer
    found: dict[str, object] = next(iter(answer["data"].values()))
    assert not found.get("errors"), found
    return found


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds a call: the median by the clock, and the processor's of web and database."""

    wall: float
    web: float
    database: float


@dataclass(frozen=True, slots=True)
class Watch:
    """Reads the processor time of a server and of the database backends."""

    server: psutil.Process
    database: psutil.Process

    def times(self, call: Callable[[], float], times: int) -> Took:
        """Of so many calls, each saying how long it took; the first ones warm up unseen."""
        for _ in range(12):
            call()
        web, database = _busy(self.server), _busy(self.database)
        wall = statistics.median(call() for _ in range(times))
        return Took(
            wall,
            (_busy(self.server) - web) * 1000 / times,
            (_busy(self.database) - database) * 1000 / times,
        )


def _busy(process: psutil.Process) -> float:
    """Seconds of a process and all that it has started."""
    spent = 0.0
    for each in (process, *process.children(recursive=True)):
        try:
            spent += sum(each.cpu_times()[:2])
        except psutil.Error:
            continue
    return spent


def timed(call: Callable[[], object]) -> float:
    """How long a call took, in milliseconds."""
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000


def checkout(client: httpx.Client, sku: str) -> float:
    """A whole purchase; what the shopper does at the provider's is not the shop's time."""
    from storefront_backend import wiring

    spent = 0.0

    def step(query: str, **variables: object) -> dict[str, object]:
        nonlocal spent
        start = time.perf_counter()
        found = ask(client, query, **variables)
        spent += (time.perf_counter() - start) * 1000
        return found

    token = step(_OPEN, sku=sku)["checkout"]["token"]  # type: ignore[index]
    step(_DELIVER, token=token, address=_ADDRESS)
    started = step(_PAY, token=token)
    wiring.sandbox().pay(str(started["redirectUrl"]).rstrip("/").rpartition("/")[2])
    assert step(_COMPLETE, reference=started["reference"])["order"]
    return spent


def saleor() -> dict[str, float]:
    """List and detail at a running Saleor, where there is one."""
    address = os.environ.pop("SALEOR_API_URL", "")
    if not address:
        return {}
    channel = os.environ.get("SALEOR_CHANNEL", "default-channel")
    with httpx.Client(timeout=60) as client:

        def ask(query: str, **variables: object) -> dict[str, object]:
            body = {"query": query, "variables": {"channel": channel, **variables}}
            answer = client.post(address, json=body).json()
            assert "errors" not in answer, answer
            found: dict[str, object] = next(iter(answer["data"].values()))
            return found

        def median(call: Callable[[], object]) -> float:
            call()
            return statistics.median(timed(call) for _ in range(20))

        edges = ask(_SALEOR_LIST)["edges"]
        assert edges, f"the Saleor sells nothing in {channel}: set SALEOR_CHANNEL"
        slug = edges[0]["node"]["slug"]  # type: ignore[index]
        return {
            "list of 20": median(lambda: ask(_SALEOR_LIST)),
            "detail": median(lambda: ask(_SALEOR_DETAIL, slug=slug)),
        }


def main(products: int) -> None:
    """Fill, serve, ask, print."""
    live = saleor()
    with tempfile.TemporaryDirectory(prefix="pavilion-bench-") as home:
        cluster = Path(home) / "database"
        open_cluster(cluster)
        os.environ |= {
            "PAVILION_HOME": home,
            "DJANGO_SETTINGS_MODULE": "storefront_backend.settings",
            "STOREFRONT_ORIGINS": "http://app",
            "DATABASE_URL": postgres.owner_url(cluster),
            "LOG_LEVEL": "ERROR",
            "MARKETS": "de",
        }
        (Path(home) / "static").mkdir()
        postgres.ensure_running(cluster, durable=True)
        try:
            _measure(products, live)
        finally:
            postgres.stop(cluster)


def _measure(products: int, live: dict[str, float]) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    sku = fill(products)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT pg_backend_pid()")
        database = psutil.Process(cursor.fetchone()[0]).parent()
    assert database is not None
    with served(dict(os.environ)) as (client, server):
        watch = Watch(server, database)
        slug = ask(client, _LIST)["edges"][0]["node"]["slug"]  # type: ignore[index]
        ours = {
            "list of 20": watch.times(lambda: timed(lambda: ask(client, _LIST)), 60),
            "and counted": watch.times(lambda: timed(lambda: ask(client, _COUNTED)), 60),
            "detail": watch.times(lambda: timed(lambda: ask(client, _DETAIL, slug=slug)), 60),
            "checkout": watch.times(lambda: checkout(client, sku), 20),
        }
    connection.close()
    print(f"{products:,} products of 3 variants; load {os.getloadavg()[0]:.1f}; milliseconds")
    print("                 median   web CPU   database CPU    Saleor")
    for name, took in ours.items():
        row = f"{name:12} {took.wall:10.1f} {took.web:9.1f} {took.database:14.1f}"
        if name in SALEOR:
            theirs = live.get(name, SALEOR[name])
            kind = "live" if name in live else "measured once"
            row += f"   {theirs:7.1f}   {theirs / took.wall:5.1f} ×  ({kind})"
        print(row)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_500)
