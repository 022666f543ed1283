"""How fast the shop answers, over HTTP: `python tests/bench/bench_shop.py [PRODUCTS]`.

Starts a PostgreSQL and a gunicorn of its own with synthetic products (2,500), asks each question
over one connection, and prints medians beside what a Saleor 3.23 needed for the same on two cores:
measured once, or live where SALEOR_API_URL names one.
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
from pathlib import Path

import httpx

from storefront_backend.running import postgres
from storefront_backend.running.cluster import open_cluster

ROOT = Path(__file__).resolve().parents[2]
# Medians of a Saleor 3.23 with its own demo catalogue, in milliseconds.
SALEOR = {"list of 20": 114.0, "detail": 228.0, "checkout": 2_000.0}
_SALEOR_LIST = """{ products(first: 20, channel: "default-channel") {
  edges { node { slug name thumbnail { url } pricing { priceRange { start { gross { amount } } } }
  } } } }"""
_LIST = """{ products(channel: "de", first: 20) { totalCount edges { node {
  slug name brand { slug } thumbnail { url } priceFrom { amount currency } } } } }"""
_DETAIL = """query ($slug: String!) { product(channel: "de", slug: $slug) {
  slug name description brand { slug name } media { url kind }
  variants { sku price { amount } landedCost { total { amount }
    lines { kind amount { amount } rule source { title } } } } } }"""
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
    from tests.builders import make_brand, make_delivery, make_product, make_rates, make_variant

    brands = [make_brand(f"house-{count}") for count in range(9)]
    variants = [
        make_variant(make_product(brands[count % 9], names={"en": f"Ring {count}"}), stock=1_000)
        for count in range(products)
    ]
    make_rates()
    make_delivery(("de",))
    wiring.lister().relist(variants, ("de",))
    return variants[0].sku


@contextmanager
def served(environment: dict[str, str]) -> Iterator[httpx.Client]:
    """The shop behind two gunicorn workers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "gunicorn", "storefront_backend.wsgi:application", "--workers", "2",
        "--bind", f"127.0.0.1:{port}", "--log-level", "warning", "--keep-alive", "30",
        "--worker-class", "gthread", "--threads", "2",
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
            yield client
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


def median(call: Callable[[], float], times: int) -> float:
    """The median of what the call says it took, in milliseconds; the first ones warm up."""
    for _ in range(4):
        call()
    return statistics.median(call() for _ in range(times))


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


def saleor_list() -> float | None:
    """The list at a running Saleor, where there is one."""
    address = os.environ.get("SALEOR_API_URL")
    if not address:
        return None
    with httpx.Client(timeout=60) as client:
        return median(lambda: timed(lambda: client.post(address, json={"query": _SALEOR_LIST})), 20)


def main(products: int) -> None:
    """Fill, serve, ask, print."""
    live = saleor_list()
    os.environ.pop("SALEOR_API_URL", None)
    with tempfile.TemporaryDirectory(prefix="pavilion-bench-") as home:
        cluster = Path(home) / "database"
        open_cluster(cluster)
        os.environ |= {
            "PAVILION_HOME": home,
            "DJANGO_SETTINGS_MODULE": "storefront_backend.settings",
            "DATABASE_URL": postgres.database_url(cluster),
            "LOG_LEVEL": "ERROR",
            "MARKETS": "de",
        }
        (Path(home) / "static").mkdir()
        postgres.ensure_running(cluster, durable=True)
        try:
            _measure(products, SALEOR if live is None else {**SALEOR, "list of 20": live})
        finally:
            postgres.stop(cluster)


def _measure(products: int, theirs: dict[str, float]) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    sku = fill(products)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with served(dict(os.environ)) as client:
        slug = ask(client, _LIST)["edges"][0]["node"]["slug"]  # type: ignore[index]
        ours = {
            "list of 20": median(lambda: timed(lambda: ask(client, _LIST)), 40),
            "detail": median(lambda: timed(lambda: ask(client, _DETAIL, slug=slug)), 40),
            "checkout": median(lambda: checkout(client, sku), 15),
        }
    connection.close()
    print(f"{products:,} products; medians in milliseconds")
    for name, took in ours.items():
        print(f"{name:12} {took:8.1f}   Saleor {theirs[name]:8.1f}   {theirs[name] / took:5.1f} ×")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_500)
