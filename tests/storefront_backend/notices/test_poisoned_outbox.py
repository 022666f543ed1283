"""One bad letter keeps no other waiting, however bad it is, and it is seen."""

from __future__ import annotations

import dataclasses
from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.core import mail
from pytest_django import Settings

from storefront_backend import wiring
from storefront_backend.background.items import MAX_ATTEMPTS
from storefront_backend.background.models import Failure
from storefront_backend.catalog.models import ProductVariant
from storefront_backend.commerce.errors import InvalidRequest
from storefront_backend.jobs.sweep import STEPS
from storefront_backend.notices import back_in_stock
from storefront_backend.notices.letter import Letter
from storefront_backend.notices.outbox import Outbox
from storefront_backend.orders.models import BackInStockNotice
from tests.builders import make_shop, make_variant

pytestmark = pytest.mark.django_db

POISON = (
    "=?utf-8?q?x?=@example.com",
    "=?utf-8?b?eA==?=@example.com",
    "a@example.com\nBcc: everybody@example.com",
    "a@example.com\r\n",
    f"{'x' * 70_000}@example.com",
    '"=?utf-8?q?x?="@example.com',
    "a@[127.0.0.1]",
    "a@localhost",
    "a@example.com\0",
    "",
)


@pytest.fixture(autouse=True)
def _mail_server(settings: Settings) -> None:
    settings.EMAIL_URL = "smtp://localhost:2525"


def wish(variant: ProductVariant, email: str) -> BackInStockNotice:
    """As if it had been taken in before addresses were checked."""
    return BackInStockNotice.objects.create(
        variant=variant,
        email=email[:254],
        market="de",
        language="de",
        confirmed_at=wiring.now(),
    )


@pytest.mark.parametrize("address", POISON, ids=lambda text: repr(text[:24]))
def test_a_malformed_address_is_refused_where_it_comes_in(address: str) -> None:
    variant = make_shop(make_variant(stock=1))
    with pytest.raises(InvalidRequest):
        back_in_stock.ask(variant.sku, address, market="de", language="de", now=wiring.now())
    assert not BackInStockNotice.objects.exists()


@pytest.mark.parametrize("address", POISON[:8], ids=lambda text: repr(text[:24]))
def test_a_malformed_address_that_is_in_already_stops_no_mail(address: str) -> None:
    variant = make_shop(make_variant(stock=1))
    wish(variant, address)
    wish(variant, "bob@example.com")
    assert STEPS["mails"]() == 1
    assert [message.to for message in mail.outbox] == [["bob@example.com"]]
    assert BackInStockNotice.objects.get().email == "bob@example.com"


def test_what_cannot_be_written_is_tried_again_with_growing_waits_and_then_set_aside() -> None:
    variant = make_shop(make_variant(stock=1))
    broken = wish(variant, "alice@example.com")
    wish(variant, "bob@example.com")
    sent: list[Letter] = []

    def channel(letter: Letter) -> None:
        if letter.recipient.startswith("alice"):
            raise ZeroDivisionError("a fault of ours")
        sent.append(letter)

    box = wiring.outbox()
    for hours in range(MAX_ATTEMPTS + 2):
        at = wiring.now() + timedelta(hours=2 * hours)
        dataclasses.replace(box, channel=channel, now=lambda at=at: at).send_due()
    assert [letter.recipient for letter in sent] == ["bob@example.com"]
    failure = Failure.objects.get()
    assert (failure.kind, failure.item) == ("mail:back-in-stock", str(broken.pk))
    assert (failure.attempts, failure.next_at) == (MAX_ATTEMPTS, None)
    assert failure.set_aside_at is not None


def test_a_letter_that_another_process_is_sending_is_left_to_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    variant = make_shop(make_variant(stock=1))
    wish(variant, "bob@example.com")
    monkeypatch.setattr(
        "storefront_backend.notices.outbox._alone", lambda kind, key: nullcontext(False)
    )
    box: Outbox = wiring.outbox()
    assert box.send_due() == 0
    assert not mail.outbox
