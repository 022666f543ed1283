"""Events in every order end in one state; events that do not fit count for nothing and hold."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import permutations

import pytest

from i18n.money import Money
from storefront_backend import wiring
from storefront_backend.aftersale.payment_rows import check_events
from storefront_backend.aftersale.reconcile import differences
from storefront_backend.commerce.errors import OrderOnHold
from storefront_backend.commerce.payments import EventKind, PaymentEvent, PaymentSession
from storefront_backend.orders.models import Order, Transaction, TransactionEvent
from tests.builders import make_shop
from tests.storefront_backend.aftersale.paying import begin, ready_checkout

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_sandbox")]


def reported(session: PaymentSession, kind: str, amount: Money, at: int = 0) -> PaymentEvent:
    """One event, as many minutes after the first as `at`."""
    return PaymentEvent(
        id=f"{session.provider_id}.{kind}",
        kind=EventKind(kind),
        reference=session.reference,
        provider_id=session.provider_id,
        amount=amount,
        occurred_at=wiring.now() + timedelta(minutes=at),
    )


def requested() -> tuple[PaymentSession, Money]:
    """A shopper on the payment page, and what the payment is for."""
    checkout = ready_checkout(make_shop())
    assert checkout.quote is not None
    return begin(checkout), checkout.quote.total


def ship(order: Order) -> None:
    """The brand sends its parcel."""
    brand = order.lines.get().brand.slug
    wiring.orders().fulfil(order.number, brand=brand, tracking="SF1")


CASES = {
    "refunded": ("charged", "refunded"),
    "disputed": ("charged", "disputed"),
    "lost": ("authorized", "charged", "disputed", "dispute_lost"),
    "withdrawn": ("charged", "disputed", "dispute_withdrawn", "refunded"),
    "gone": ("authorized", "canceled"),
}


@pytest.mark.parametrize(
    "kinds", [order for kinds in CASES.values() for order in permutations(kinds)], ids=" ".join
)
def test_no_order_of_events_lets_a_parcel_go_whose_money_is_back(kinds: tuple[str, ...]) -> None:
    session, amount = requested()
    when = {kind: at for case in CASES.values() for at, kind in enumerate(case)}
    for kind in kinds:
        wiring.payment_desk().record(reported(session, kind, amount, when[kind]))
    wiring.payment_desk().recover(timedelta(0))
    order = Order.objects.filter(payment_reference=session.reference).first()
    if order is None:
        assert set(kinds) == {"authorized", "canceled"}
        assert kinds[0] == "canceled"
        return
    assert order.flag in ("refunded", "disputed", "unpaid")
    with pytest.raises(OrderOnHold):
        ship(order)


@pytest.mark.parametrize("change", ["currency", "negative", "zero"])
def test_money_that_cannot_be_the_payments_buys_nothing(change: str) -> None:
    session, amount = requested()
    unfit = {
        "currency": Money(amount.amount, "GBP"),
        "negative": amount * -1,
        "zero": Money.zero(amount.currency),
    }[change]
    wiring.payment_desk().record(reported(session, "charged", unfit))
    payment = Transaction.objects.get()
    assert (payment.state, payment.charged) == ("pending", 0)
    assert payment.reason.startswith("mismatch: charged")
    assert not Order.objects.exists()
    found = [each.kind for each in differences(wiring.sandbox(), payment.created_at)]
    assert "mismatch" in found


@pytest.mark.parametrize("first", ["fits", "does not"])
def test_the_true_event_of_the_same_id_still_counts_and_the_order_waits(first: str) -> None:
    session, amount = requested()
    events = [
        reported(session, "charged", amount),
        reported(session, "charged", Money(amount.amount, "JPY")),
    ]
    for event in events if first == "fits" else reversed(events):
        wiring.payment_desk().record(event)
    order = Order.objects.get()
    assert order.flag == "mismatch"
    with pytest.raises(OrderOnHold):
        ship(order)


def test_a_person_sees_it_and_lets_the_order_go_on(admin_client) -> None:
    session, amount = requested()
    wiring.payment_desk().record(reported(session, "charged", amount))
    wiring.payment_desk().record(reported(session, "refunded", amount * Decimal(-1)))
    order = Order.objects.get()
    page = admin_client.get("/desk/operator/money/").content.decode()
    assert order.number in page
    assert check_events(order.number, wiring.now()) == 1
    order.refresh_from_db()
    assert order.flag == ""
    ship(order)
    assert TransactionEvent.objects.exclude(checked_at=None).count() == 1
