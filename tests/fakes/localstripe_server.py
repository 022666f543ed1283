"""`python tests/fakes/localstripe_server.py`: localstripe, somebody else's reading of Stripe's API.

Prints the address it serves. Three things are changed: it keeps no file in /tmp, it takes the
`description` of a payment intent, and it shows the `amount_received`, as Stripe does.
"""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web
from localstripe.resources import PaymentIntent, Store
from localstripe.server import app

_create = PaymentIntent._api_create.__func__


def _create_with_description(cls: type[PaymentIntent], **data: Any) -> PaymentIntent:
    data.pop("description", None)
    return _create(cls, **data)  # type: ignore[no-any-return]


def _amount_received(self: PaymentIntent) -> int:
    return int(self.amount) if self.status == "succeeded" else 0


Store.dump_to_disk = lambda self: None
PaymentIntent._api_create = classmethod(_create_with_description)
PaymentIntent.amount_received = property(_amount_received)


async def serve() -> None:
    """Until it is killed."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.Event().wait()


asyncio.run(serve())
