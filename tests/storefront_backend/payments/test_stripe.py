"""What is particular to Stripe: its errors, its reasons, its clocks, refunds made elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from stripe.params.checkout import SessionCreateParams

from i18n.money import Money
from storefront_backend.commerce.errors import ProviderError, ProviderUnavailable
from storefront_backend.commerce.payments import DeclineReason, EventKind, PaymentRequest
from storefront_backend.payments.declines import reason_of
from storefront_backend.payments.stripe_provider import (
    LOCALES,
    StripeProvider,
    StripeTerms,
    stripe_locale,
)
from tests.fakes import stripe_server
from tests.fakes.stripe_server import StripeServer

PRICE = Money(Decimal(184_000), "JPY")


@pytest.fixture
def server() -> Iterator[StripeServer]:
    with stripe_server.running() as running:
        yield running


def provider(server: StripeServer, *, key: str = "", **terms: bool) -> StripeProvider:
    return StripeProvider(
        key or server.key, server.webhook_secret, StripeTerms(**terms), api_base=server.url
    )


def request(reference: str = "ref-1", language: str = "ja") -> PaymentRequest:
    return PaymentRequest(
        reference=reference,
        amount=PRICE,
        email="alice@example.com",
        description="A ring",
        return_url="http://shop/back",
        cancel_url="http://shop/bag",
        language=language,
        expires_at=datetime.now(UTC) + timedelta(minutes=35),
    )


def test_the_hosted_page_is_asked_for_the_whole_in_yen(server: StripeServer) -> None:
    session = provider(server).start(request())
    assert session.redirect_url == f"https://checkout.stripe.com/c/pay/{session.provider_id}"
    assert server.objects[session.provider_id]["amount_total"] == 184_000
    assert server.objects[session.provider_id]["metadata"] == {"reference": "ref-1"}


def test_a_front_end_of_ones_own_gets_a_client_secret_and_no_page(server: StripeServer) -> None:
    session = provider(server, hosted=False).start(request())
    assert session.client_secret == f"{session.provider_id}_secret"
    assert session.redirect_url == ""


def test_a_key_that_is_not_accepted_is_the_operators_fault(server: StripeServer) -> None:
    with pytest.raises(ProviderError) as failure:
        provider(server, key="sk_test_wrong").start(request())
    assert not failure.value.retry
    assert "STRIPE_SECRET_KEY" in failure.value.hint


@pytest.mark.parametrize(
    "fault", [("before", 500), ("before", 503), ("before", 429), ("before", 409), ("before", 0)]
)
def test_no_answer_is_worth_another_try(server: StripeServer, fault: tuple[str, int]) -> None:
    server.faults += [fault] * 2  # the SDK tries twice, but not against a rate limit
    with pytest.raises(ProviderUnavailable):
        provider(server).start(request())
    assert not server.objects
    server.faults.clear()
    assert provider(server).start(request()).provider_id in server.objects


def test_an_answer_that_was_lost_is_given_again_and_nothing_is_made_twice(
    server: StripeServer,
) -> None:
    server.faults.append(("after", 0))
    provider(server).start(request())
    assert len(server.objects) == 1


def test_a_declined_card_may_be_followed_by_one_that_pays(server: StripeServer) -> None:
    stripe = provider(server)
    payment = stripe.start(request()).provider_id
    server.decline(payment, "expired_card")
    (event,) = stripe.look_up(payment)
    assert (event.kind, event.reason) == (EventKind.DECLINED, DeclineReason.EXPIRED_CARD)
    server.pay(payment)
    assert [event.kind for event in stripe.look_up(payment)] == [EventKind.CHARGED]


def test_a_challenged_payment_is_not_decided(server: StripeServer) -> None:
    stripe = provider(server)
    payment = stripe.start(request()).provider_id
    server.challenge(payment)
    assert stripe.look_up(payment) == []
    server.pay(payment)
    assert [event.amount for event in stripe.look_up(payment)] == [PRICE]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("insufficient_funds", DeclineReason.INSUFFICIENT_FUNDS),
        ("incorrect_cvc", DeclineReason.WRONG_DETAILS),
        ("authentication_required", DeclineReason.AUTHENTICATION_FAILED),
        ("processing_error", DeclineReason.TRY_AGAIN),
        ("lost_card", DeclineReason.DECLINED),
        ("a_code_of_next_year", DeclineReason.DECLINED),
        (None, DeclineReason.DECLINED),
    ],
)
def test_a_decline_code_has_a_stable_reason(code: str | None, reason: DeclineReason) -> None:
    assert reason_of(code, "card_declined") is reason


def test_a_refund_is_made_once_even_after_stripe_has_forgotten_its_key(
    server: StripeServer,
) -> None:
    stripe = provider(server)
    payment = stripe.start(request()).provider_id
    server.pay(payment)
    half = Money(Decimal(92_000), "JPY")
    first = stripe.refund(payment, half, reference="a")
    server.answers.clear()  # a day has passed
    assert stripe.refund(payment, half, reference="a") == first
    assert len(stripe.look_up(payment)) == 2


def test_a_refund_and_a_dispute_made_elsewhere_find_the_way_by_their_payment(
    server: StripeServer,
) -> None:
    stripe = provider(server)
    session = stripe.start(request()).provider_id
    intent = server.pay(session)["id"]
    dispute = server.dispute(intent)
    refund = {"id": "re_9", "amount": 1000, "currency": "jpy", "metadata": {}, "status": "pending"}
    for kind, raw in (("charge.dispute.created", dispute), ("refund.created", refund)):
        event = stripe.read_event(server.webhook(kind, {**raw, "payment_intent": intent}))
        assert event.reference == "ref-1"
    assert [event.kind for event in stripe.look_up(session)] == [
        EventKind.CHARGED,
        EventKind.DISPUTED,
    ]


def test_disputed_money_that_moves_is_told_alike_by_message_and_by_look_up(
    server: StripeServer,
) -> None:
    stripe = provider(server)
    session = stripe.start(request()).provider_id
    intent = server.pay(session)["id"]
    server.dispute(intent)
    taken = stripe.read_event(
        server.webhook("charge.dispute.funds_withdrawn", server.move_disputed(intent, fee=1500))
    )
    back = stripe.read_event(
        server.webhook(
            "charge.dispute.funds_reinstated",
            server.move_disputed(intent, back=True, fee=-1500),
        )
    )
    assert (taken.kind, taken.fee) == (
        EventKind.DISPUTE_WITHDRAWN, Money(Decimal(1500), "JPY"),
    )  # fmt: skip
    assert (back.kind, back.amount) == (EventKind.DISPUTE_REINSTATED, taken.amount)
    assert back.fee == Money(Decimal(-1500), "JPY")
    assert {taken, back} <= set(stripe.look_up(session))


def test_where_stripe_pays_out_in_another_currency_the_payments_own_amount_counts(
    server: StripeServer,
) -> None:
    stripe = provider(server)
    intent = server.pay(stripe.start(request()).provider_id)["id"]
    server.dispute(intent)
    raw = server.move_disputed(intent)
    raw["balance_transactions"][0] |= {"currency": "hkd", "amount": -954_321, "fee": 11_500}
    event = stripe.read_event(server.webhook("charge.dispute.funds_withdrawn", raw))
    assert event.amount == Money(Decimal(raw["amount"]), "JPY")
    assert event.fee == Money(Decimal("115.00"), "HKD")


def test_disputed_money_that_has_not_moved_yet_is_no_event(server: StripeServer) -> None:
    stripe = provider(server)
    intent = server.pay(stripe.start(request()).provider_id)["id"]
    reported = server.webhook("charge.dispute.funds_withdrawn", server.dispute(intent))
    assert stripe.read_event(reported).kind is EventKind.OTHER


def test_the_rest_of_a_hold_that_a_capture_lets_go_of_is_no_refund(server: StripeServer) -> None:
    stripe = provider(server, hosted=False, capture_later=True)
    payment = stripe.start(request()).provider_id
    server.pay(payment)
    stripe.capture(payment, Money(Decimal(100_000), "JPY"), reference="c")
    rest = {"id": "re_9", "amount": 84_000, "currency": "jpy", "metadata": {}}
    reported = server.webhook("refund.created", {**rest, "payment_intent": payment})
    assert stripe.read_event(reported).kind is EventKind.OTHER


def test_the_statement_goes_on_over_pages_and_leaves_out_what_is_not_ours(
    server: StripeServer,
) -> None:
    for number in range(120):
        form = f"amount=500&currency=jpy&metadata[reference]=ref-{number}".encode()
        _, made = server.answer("POST", "/v1/payment_intents", form, server.headers)
        server.pay(made["id"])
    server.objects[made["id"]]["metadata"] = {}
    reported = list(provider(server).events_since(datetime(2020, 1, 1, tzinfo=UTC)))
    assert len({event.reference for event in reported}) == len(reported) == 119


def test_its_page_opens_in_the_shoppers_language_where_stripe_speaks_it() -> None:
    spoken = {code: stripe_locale(code) for code in ("de", "zh-Hans", "zh-Hant", "ar")}
    assert spoken == {"de": "de", "zh-Hans": "zh", "zh-Hant": "zh-HK", "ar": "auto"}


def test_the_locales_are_those_of_stripes_own_types() -> None:
    named = set(re.findall(r"'([\w-]+)'", str(SessionCreateParams.__annotations__["locale"])))
    assert named - {"auto"} == LOCALES
