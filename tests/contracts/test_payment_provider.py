"""What every PaymentProvider does, checked by what shopper and bank decide at the provider's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Protocol

import pytest

from i18n.money import Money
from storefront_backend.commerce.errors import InvalidRequest, NotFound, ProviderUnavailable
from storefront_backend.commerce.payments import (
    DeclineReason,
    EventKind,
    PaymentEvent,
    PaymentRequest,
    PaymentState,
    WebhookRequest,
)
from storefront_backend.payments.sandbox import SandboxProvider
from storefront_backend.payments.stripe_provider import StripeProvider, StripeTerms
from tests.fakes import stripe_server
from tests.fakes.stripe_server import StripeServer

PRICE = Money(Decimal("1234.50"), "EUR")
BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)


class Counterpart(Protocol):
    """A provider with its other side: the shopper, the bank and the line between."""

    provider: SandboxProvider | StripeProvider

    def pay(self, payment: str) -> None: ...
    def decline(self, payment: str) -> None: ...
    def webhook_of_charge(self, payment: str) -> WebhookRequest: ...
    def break_line(self, verb: str, *, after: bool) -> None: ...


@dataclass
class Sandbox:
    provider: SandboxProvider

    def pay(self, payment: str) -> None:
        self.provider.pay(payment)

    def decline(self, payment: str) -> None:
        self.provider.decide(payment, EventKind.FAILED, DeclineReason.INSUFFICIENT_FUNDS)

    def webhook_of_charge(self, payment: str) -> WebhookRequest:
        return self.provider.deliveries(payment)[-1]

    def break_line(self, verb: str, *, after: bool) -> None:
        self.provider.fail_next(verb, after=after)


@dataclass
class Stripe:
    provider: StripeProvider
    server: StripeServer

    def pay(self, payment: str) -> None:
        self.server.pay(payment)

    def decline(self, payment: str) -> None:
        self.server.decline(payment, "insufficient_funds")

    def webhook_of_charge(self, payment: str) -> WebhookRequest:
        found = self.server.objects[payment]
        if found["object"] == "checkout.session":
            found = self.server.objects[found["payment_intent"]]
        return self.server.webhook("payment_intent.succeeded", found, at=found["created"])

    def break_line(self, verb: str, *, after: bool) -> None:
        # The SDK asks twice before it gives up.
        self.server.faults += [("after" if after else "before", 503)] * 2


@pytest.fixture(scope="module")
def server() -> Iterator[StripeServer]:
    with stripe_server.running() as running:
        yield running


def other_side(kind: str, tmp_path: Path, server: StripeServer, *, later: bool) -> Counterpart:
    if kind == "sandbox":
        address = "http://pay/{provider_id}"
        path = tmp_path / "sandbox.sqlite"
        return Sandbox(
            SandboxProvider(path, address, "secret", production=False, capture_later=later)
        )
    server.objects.clear()
    server.answers.clear()
    server.faults.clear()
    terms = StripeTerms(hosted=kind == "checkout-session", capture_later=later)
    return Stripe(
        StripeProvider(server.key, server.webhook_secret, terms, api_base=server.url), server
    )


KINDS = ("sandbox", "checkout-session", "payment-intent")


@pytest.fixture(params=KINDS)
def side(request: pytest.FixtureRequest, tmp_path: Path, server: StripeServer) -> Counterpart:
    return other_side(request.param, tmp_path, server, later=False)


@pytest.fixture(params=KINDS)
def later(request: pytest.FixtureRequest, tmp_path: Path, server: StripeServer) -> Counterpart:
    """The same, where money is held first and captured later."""
    return other_side(request.param, tmp_path, server, later=True)


def request(reference: str = "ref-1", amount: Money = PRICE) -> PaymentRequest:
    return PaymentRequest(
        reference=reference,
        amount=amount,
        email="alice@example.com",
        description="A ring",
        return_url="http://shop/back",
        cancel_url="http://shop/bag",
        language="en",
        expires_at=None,
    )


def paid(side: Counterpart, amount: Money = PRICE) -> str:
    payment = side.provider.start(request(amount=amount)).provider_id
    side.pay(payment)
    return payment


def reported(side: Counterpart, payment: str) -> list[tuple[EventKind, Money]]:
    return [(event.kind, event.amount) for event in side.provider.look_up(payment)]


def test_a_started_payment_waits_for_the_shopper(side: Counterpart) -> None:
    session = side.provider.start(request())
    assert session.state is PaymentState.PENDING
    assert session.redirect_url or session.client_secret
    assert side.provider.look_up(session.provider_id) == []


def test_the_same_reference_is_the_same_payment(side: Counterpart) -> None:
    assert side.provider.start(request()) == side.provider.start(request())


def test_one_reference_is_not_used_for_two_amounts(side: Counterpart) -> None:
    side.provider.start(request())
    with pytest.raises(InvalidRequest):
        side.provider.start(request(amount=Money(Decimal(1), "EUR")))


def test_a_charge_is_an_event_of_the_whole_amount(side: Counterpart) -> None:
    payment = paid(side)
    event: PaymentEvent = side.provider.look_up(payment)[0]
    assert (event.kind, event.amount, event.reference) == (EventKind.CHARGED, PRICE, "ref-1")


@pytest.mark.parametrize(
    "amount", [Money(Decimal(184_000), "JPY"), Money(Decimal("37.250"), "KWD")], ids=str
)
def test_a_charge_is_the_same_in_currencies_of_none_and_three_decimals(
    side: Counterpart, amount: Money
) -> None:
    assert reported(side, paid(side, amount)) == [(EventKind.CHARGED, amount)]


def test_a_decline_has_a_reason_that_does_not_depend_on_the_provider(side: Counterpart) -> None:
    payment = side.provider.start(request()).provider_id
    side.decline(payment)
    (event,) = side.provider.look_up(payment)
    assert event.kind in (EventKind.FAILED, EventKind.DECLINED)
    assert event.reason == DeclineReason.INSUFFICIENT_FUNDS


def test_refunds_add_up_to_the_charge_and_no_further(side: Counterpart) -> None:
    payment = paid(side)
    side.provider.refund(payment, Money(Decimal(1000), "EUR"), reference="a")
    side.provider.refund(payment, Money(Decimal("234.50"), "EUR"), reference="b")
    with pytest.raises(InvalidRequest):
        side.provider.refund(payment, Money(Decimal("0.01"), "EUR"), reference="c")
    assert sorted(amount.amount for kind, amount in reported(side, payment)[1:]) == [
        Decimal("234.50"),
        Decimal(1000),
    ]


def test_a_refund_with_the_same_reference_is_made_once(side: Counterpart) -> None:
    payment = paid(side)
    half = Money(Decimal(600), "EUR")
    first = side.provider.refund(payment, half, reference="a")
    assert side.provider.refund(payment, half, reference="a") == first
    assert len(side.provider.look_up(payment)) == 2


def test_what_was_not_charged_is_not_refunded(side: Counterpart) -> None:
    payment = side.provider.start(request()).provider_id
    with pytest.raises(InvalidRequest):
        side.provider.refund(payment, PRICE, reference="a")


def test_a_canceled_payment_may_be_canceled_again(side: Counterpart) -> None:
    payment = side.provider.start(request()).provider_id
    event = side.provider.cancel(payment, reference="x")
    assert event == side.provider.cancel(payment, reference="x")
    assert reported(side, payment) == [(EventKind.CANCELED, PRICE)]


def test_a_paid_payment_is_not_canceled(side: Counterpart) -> None:
    payment = paid(side)
    with pytest.raises(InvalidRequest):
        side.provider.cancel(payment, reference="x")
    assert reported(side, payment) == [(EventKind.CHARGED, PRICE)]


def test_held_money_is_captured_once(later: Counterpart) -> None:
    payment = paid(later)
    assert reported(later, payment) == [(EventKind.AUTHORIZED, PRICE)]
    event = later.provider.capture(payment, PRICE, reference="c")
    assert (event.kind, event.amount) == (EventKind.CHARGED, PRICE)
    assert later.provider.capture(payment, PRICE, reference="c") == event
    assert reported(later, payment) == [(EventKind.AUTHORIZED, PRICE), (EventKind.CHARGED, PRICE)]


def test_a_part_of_held_money_may_be_captured_and_the_rest_is_let_go_of(later: Counterpart) -> None:
    payment, part = paid(later), Money(Decimal(1000), "EUR")
    assert later.provider.capture(payment, part, reference="c").amount == part
    with pytest.raises(InvalidRequest):
        later.provider.refund(payment, PRICE, reference="a")


def test_held_money_is_let_go_of(later: Counterpart) -> None:
    payment = paid(later)
    assert later.provider.cancel(payment, reference="x").kind is EventKind.CANCELED
    with pytest.raises(InvalidRequest):
        later.provider.capture(payment, PRICE, reference="c")


def test_a_webhook_reads_back_as_the_event_it_tells_of(side: Counterpart) -> None:
    payment = paid(side)
    webhook = side.webhook_of_charge(payment)
    assert side.provider.read_event(webhook) == side.provider.look_up(payment)[-1]


def test_a_forged_webhook_is_refused(side: Counterpart) -> None:
    true = side.webhook_of_charge(paid(side))
    forged = WebhookRequest(body=true.body.replace(b"1234", b"9234"), headers=true.headers)
    for each in (forged, WebhookRequest(body=true.body, headers={})):
        with pytest.raises(InvalidRequest):
            side.provider.read_event(each)


def test_an_unknown_payment_is_not_found(side: Counterpart) -> None:
    for unknown in ("sbx_nothing", "cs_nothing"):
        with pytest.raises(NotFound):
            side.provider.look_up(unknown)


def test_the_statement_tells_of_payments_since_a_day(side: Counterpart) -> None:
    payment = paid(side)
    side.provider.refund(payment, Money(Decimal(10), "EUR"), reference="a")
    assert list(side.provider.events_since(BEGINNING)) == side.provider.look_up(payment)
    assert list(side.provider.events_since(datetime.now(UTC) + timedelta(days=1))) == []


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_broken_line_may_be_tried_again_and_nothing_happens_twice(
    side: Counterpart, after: bool
) -> None:
    payment = paid(side)
    part = Money(Decimal(10), "EUR")
    side.break_line("refund", after=after)
    with pytest.raises(ProviderUnavailable) as failure:
        side.provider.refund(payment, part, reference="a")
    assert failure.value.retry
    side.provider.refund(payment, part, reference="a")
    assert reported(side, payment) == [(EventKind.CHARGED, PRICE), (EventKind.REFUNDED, part)]
