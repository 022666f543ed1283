"""How soon the tax webhook answers a Saleor: `python tests/bench/bench_saleor_taxes.py [SECONDS]`.

One gunicorn process with one thread on one core, a PostgreSQL of its own, signed questions over
HTTP at 20 a second, each about another of 50 checkouts with two rings and their charges line; half
of them quotes of ours, half to be recalculated. Printed: milliseconds as Saleor sees them.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / ".pavilion" / f"bench-{os.getpid()}"
PORT = 58_390
RATE = 20  # questions a second
CHECKOUTS = 50
API = "http://saleor.test/graphql/"


def questions() -> list[tuple[bytes, str]]:
    """Fifty bodies with their signatures, from checkouts that stand in the database."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    from storefront_backend import wiring
    from storefront_backend.commerce.checkout import LineRequest, OpenCheckout
    from storefront_backend.saleor_rows.models import Installation
    from tests.builders import make_address, make_shop, make_variant
    from tests.fakes.saleor_keys import SigningSaleor

    keys = SigningSaleor()
    row = Installation(api_url=API, state="active", keys=keys.jwks())
    row.token = "bench"
    row.save()
    rings = [make_variant(stock=1_000), make_variant(stock=1_000)]
    make_shop(*rings)
    found = []
    for count in range(CHECKOUTS):
        lines = tuple(LineRequest(ring.sku, 1) for ring in rings)
        engine = wiring.checkouts()
        checkout = engine.open(OpenCheckout("de", "en", lines))
        checkout = engine.set_delivery(
            checkout.token, email="a@example.com", shipping=make_address(), billing=None, option=""
        )
        raw = json.dumps(body(checkout, known=count % 2 == 0)).encode()
        found.append((raw, keys.sign(raw)))
    return found


def body(checkout: Any, *, known: bool) -> dict[str, Any]:
    """The question about a checkout; an unknown one looks like another storefront's."""
    lines = [(line.sku, line.unit_price.quantized().amount) for line in checkout.lines]
    lines.append(("PAVILION-IMPORT-CHARGES", Decimal(1)))
    return {
        "__typename": "CalculateTaxes",
        "taxBase": {
            "pricesEnteredWithTax": False,
            "currency": checkout.currency,
            "channel": {"slug": checkout.market},
            "address": {"country": {"code": "DE"}, "countryArea": ""},
            "discounts": [],
            "shippingPrice": {"amount": float(checkout.delivery.price.amount)},
            "lines": [
                {
                    "quantity": 1,
                    "productSku": sku,
                    "totalPrice": {"amount": float(price)},
                    "sourceLine": {"id": f"line-{at}"},
                }
                for at, (sku, price) in enumerate(lines)
            ],
            "sourceObject": {"id": "checkout", "sale": checkout.token if known else None},
        },
    }


def ask(requested: list[tuple[bytes, str]], seconds: int) -> list[float]:
    """Milliseconds of each answer, at an even pace."""
    took: list[float] = []
    url = f"http://127.0.0.1:{PORT}/saleor/webhooks/taxes"
    with httpx.Client(timeout=30) as http:
        for warm in requested[:10]:
            send(http, url, warm)
        began = time.perf_counter()
        for at in range(seconds * RATE):
            time.sleep(max(0.0, began + at / RATE - time.perf_counter()))
            start = time.perf_counter()
            send(http, url, requested[at % len(requested)])
            took.append((time.perf_counter() - start) * 1000)
    return sorted(took)


def send(http: httpx.Client, url: str, requested: tuple[bytes, str]) -> None:
    """One question; anything but an answer ends the run."""
    raw, signature = requested
    headers = {"Saleor-Api-Url": API, "Saleor-Signature": signature,
               "Content-Type": "application/json"}  # fmt: skip
    answer = http.post(url, content=raw, headers=headers)
    if answer.status_code != 200:
        sys.exit(f"HTTP {answer.status_code}: {answer.text[:300]}")


def main() -> int:
    """Fill, serve, ask, print."""
    sys.path.insert(0, str(ROOT))
    from storefront_backend.running import postgres

    os.environ |= {"PAVILION_HOME": str(HOME), "LOG_LEVEL": "ERROR", "MARKETS": "us,gb,de,jp,ae,hk"}
    HOME.mkdir(parents=True)
    (HOME / "static").mkdir()
    postgres.ensure_running(HOME)
    os.environ["DATABASE_URL"] = postgres.owner_url(HOME)
    os.environ["DJANGO_SETTINGS_MODULE"] = "storefront_backend.settings"
    import django

    django.setup()
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    server = None
    try:
        requested = questions()
        server = subprocess.Popen(
            [
                *(("taskset", "-c", "0") if shutil.which("taskset") else ()),
                *(sys.executable, "-m", "gunicorn", "storefront_backend.wsgi:application"),
                *("-b", f"127.0.0.1:{PORT}", "-w", "1", "-k", "gthread", "--threads", "1"),
                *("--log-level", "error", "--no-control-socket"),
            ],
            cwd=ROOT,
        )
        wait_for_server()
        took = ask(requested, seconds)
        at = {share: took[min(len(took) - 1, int(len(took) * share))] for share in (0.5, 0.9, 0.99)}
        print(
            f"{len(took)} questions at {RATE} a second: median {at[0.5]:.1f} ms, "
            f"90 % {at[0.9]:.1f} ms, 99 % {at[0.99]:.1f} ms, most {took[-1]:.1f} ms "
            f"(load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores)"
        )
    finally:
        if server is not None:
            server.terminate()
            server.wait()
        postgres.stop(HOME)
        shutil.rmtree(HOME, ignore_errors=True)
    return 0


def wait_for_server() -> None:
    """Until the first page comes."""
    for _ in range(300):
        try:
            httpx.get(f"http://127.0.0.1:{PORT}/saleor/manifest", timeout=5)
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return
    sys.exit("The server did not come up")


if __name__ == "__main__":
    sys.exit(main())
