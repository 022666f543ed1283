"""The shop with a Stripe of its own behind it, as a fixture for the rooms that need one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pytest_django import Settings

from storefront_backend import wiring
from tests.fakes import stripe_server
from tests.fakes.stripe_server import StripeServer


@contextmanager
def shop_with_stripe(settings: Settings, *, capture: str = "at-once") -> Iterator[StripeServer]:
    """Sets the shop to a fresh account on this machine."""
    with stripe_server.running() as server:
        settings.PAYMENT_PROVIDER = "stripe"
        settings.STRIPE_SECRET_KEY = server.key
        settings.STRIPE_WEBHOOK_SECRET = server.webhook_secret
        settings.STRIPE_API_BASE = server.url
        settings.PAYMENT_CAPTURE = capture
        wiring.stripe_provider.cache_clear()
        yield server
        wiring.stripe_provider.cache_clear()
