"""Many shoppers at once on a Saleor that asks our own server back, all over real HTTP."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
import pytest
from django.db import connection

from storefront_backend.saleor_rows.models import Installation, SaleorSale
from tests.builders import make_shop, make_variant
from tests.fakes.saleor_http import HttpSaleor
from tests.fakes.saleor_keys import SigningSaleor
from tests.fakes.saleor_wire import TOKEN
from tests.patience import stretched
from tests.project.files import ROOT
from tests.storefront_backend.saleor.selling import CHANNELS

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.enable_socket,
    pytest.mark.load,
]
SHOPPERS = 40
CREATE = """
mutation ($lines: [LineInput!]!) {
  checkoutCreate(channel: "de", lines: $lines) {
    checkout { token totalPrice { amount } }
    errors { code }
  }
}"""


@pytest.fixture
def saleor() -> Iterator[HttpSaleor]:
    keys = SigningSaleor()
    fake = HttpSaleor(CHANNELS, keys)
    with fake.serving():
        row = Installation(api_url=fake.url, state=Installation.State.ACTIVE, keys=keys.jwks())
        row.token = TOKEN
        row.save()
        yield fake


@contextmanager
def shop(saleor: HttpSaleor, *, own_webhooks: bool) -> Iterator[str]:
    """Our servers as `make run` starts them, or one that answers the webhooks too."""
    with ExitStack() as servers:
        address = servers.enter_context(_server(saleor, processes=2))
        saleor.webhooks = address
        if own_webhooks:
            saleor.webhooks = servers.enter_context(_server(saleor, processes=1))
        yield address


@contextmanager
def _server(saleor: HttpSaleor, processes: int) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "storefront_backend.settings",
        "DATABASE_URL": _database(),
        "SALEOR_API_URL": saleor.url,
        "WEB_THREADS": "8",
        "LOG_LEVEL": "ERROR",
        "DEBUG": "true",  # style sheets need not be gathered first
    }
    command = [sys.executable, "-m", "gunicorn", "storefront_backend.wsgi:application"]
    command += ["--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--preload"]
    command += ["--workers", str(processes), "--threads", "8"]
    command += ["--no-control-socket", "--log-level", "error"]
    server = subprocess.Popen(command, env=environment, cwd=ROOT)
    try:
        _await(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def _database() -> str:
    """The address of this test's database."""
    place = connection.settings_dict
    where = f"host={place['HOST']}&port={place['PORT']}"
    return f"postgresql://{place['USER']}:{place['PASSWORD']}@/{place['NAME']}?{where}"


def _await(address: str) -> None:
    for _ in range(600):
        try:
            httpx.get(f"{address}/health/live", timeout=stretched(5)).raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the server did not come up")


def buy(address: str, sku: str) -> str:
    """Open a checkout; its total, or the code of the refusal."""
    requested = {"query": CREATE, "variables": {"lines": [{"sku": sku}]}}
    answer = httpx.post(f"{address}/graphql/", json=requested, timeout=stretched(120)).json()
    said: dict[str, Any] = answer["data"]["checkoutCreate"]
    if said["errors"]:
        return str(said["errors"][0]["code"])
    return str(said["checkout"]["totalPrice"]["amount"])


@pytest.mark.parametrize("own_webhooks", [True, False])
def test_a_crowd_is_served_or_told_to_try_again_and_pages_go_on(
    saleor: HttpSaleor, own_webhooks: bool
) -> None:
    ring = make_variant(stock=SHOPPERS)
    make_shop(ring)
    with (
        shop(saleor, own_webhooks=own_webhooks) as address,
        ThreadPoolExecutor(SHOPPERS + 4) as crowd,
    ):
        total = buy(address, ring.sku)
        bought = [crowd.submit(buy, address, ring.sku) for _ in range(SHOPPERS)]
        pages = [
            crowd.submit(httpx.get, f"{address}/de/en/", timeout=stretched(120)) for _ in range(4)
        ]
        said = [each.result() for each in bought]
        assert [page.result().status_code for page in pages] == [200] * 4
        assert set(said) <= {total, "checkout_busy"}
        assert said.count(total) >= 8  # as many as may be inside at once
        assert buy(address, ring.sku) == total
    assert SaleorSale.objects.count() == said.count(total) + 2
