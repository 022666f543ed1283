"""Two hundred shoppers at once want the last ring: one gets it, the others are refused.

Every shopper is a thread with a connection of its own on a real PostgreSQL, and all press "pay" at
the same moment. The provider answers at once, so that the database is what they race for.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction

from storefront_backend import wiring
from storefront_backend.catalog.models import ProductVariant, Stock
from storefront_backend.commerce.checkout import Checkout, LineRequest, OpenCheckout
from storefront_backend.commerce.errors import CommerceError
from storefront_backend.orders.models import Checkout as CheckoutRow
from storefront_backend.orders.models import Order, Reservation
from storefront_backend.selling import stock
from tests.builders import make_address, make_shop, make_variant
from tests.patience import stretched

pytestmark = [pytest.mark.load, pytest.mark.django_db(transaction=True)]

SHOPPERS = 200
AT_ONCE = 40  # connections; PostgreSQL allows a hundred, other tests want some


@pytest.fixture
def last_ring() -> ProductVariant:
    return make_shop(make_variant(stock=1))


@pytest.fixture
def checkouts(last_ring: ProductVariant) -> Iterator[list[Checkout]]:
    """Two hundred bags with the same ring, ready to pay: one calculated, the rest copies."""
    engine = wiring.checkouts()
    first = engine.open(OpenCheckout("de", "en", (LineRequest(last_ring.sku, 1),)))
    ready = engine.set_delivery(
        first.token, email="a@example.com", shipping=make_address(), billing=None, option=""
    )
    tokens = [ready.token, *(_copy_of(ready.token) for _ in range(SHOPPERS - 1))]
    yield [engine.get(token) for token in tokens]
    connection.close()


def _copy_of(token: str) -> str:
    row = CheckoutRow.objects.get(token=token)
    line = row.lines.get()
    row.pk = None
    row.token = CheckoutRow._meta.get_field("token").get_default()
    row.save(force_insert=True)
    before, line.pk, line.checkout = str(line.pk), None, row
    line.save(force_insert=True)
    for cost in row.quote["lines"]:
        cost["line_id"] = str(line.pk) if cost["line_id"] == before else cost["line_id"]
    row.save(update_fields=("quote",))
    return str(row.token)


def race(one: Callable[[Checkout], object], shoppers: list[Checkout]) -> Counter[str]:
    """All at once, as far as connections go; counts how it ended for each."""
    start = threading.Barrier(AT_ONCE)

    def run(shopper: Checkout) -> str:
        try:
            one(shopper)
        except CommerceError as error:
            return error.code
        return "bought"

    def runner(queue: list[Checkout]) -> list[str]:
        try:
            connection.ensure_connection()
            start.wait(timeout=stretched(30))
            return [run(shopper) for shopper in queue]
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        queues = [shoppers[at::AT_ONCE] for at in range(AT_ONCE)]
        return Counter(end for ends in threads.map(runner, queues) for end in ends)


def complete(checkout: Checkout) -> None:
    assert checkout.quote is not None
    wiring.checkouts().complete(
        checkout.token, paid=checkout.quote.total, payment_reference=checkout.token
    )


def hold(checkout: Checkout, minutes: int = 30) -> None:
    """What the payment desk does before it sends a shopper to pay."""
    with transaction.atomic():
        row = CheckoutRow.objects.select_for_update().get(token=checkout.token)
        lines = row.lines.select_related("variant")
        stock.reserve(row, lines, "DE", wiring.now() + timedelta(minutes=minutes))
        row.state = CheckoutRow.State.PAYING
        row.save(update_fields=("state", "updated_at"))


def test_two_hundred_shoppers_and_one_ring_make_one_order(
    last_ring: ProductVariant, checkouts: list[Checkout]
) -> None:
    ends = race(complete, checkouts)
    assert ends == {"bought": 1, "out_of_stock": SHOPPERS - 1}
    assert Order.objects.count() == 1
    row = Stock.objects.get(variant=last_ring)
    assert (row.quantity, row.reserved) == (0, 0)


def test_of_two_hundred_who_go_to_pay_one_is_promised_the_ring(
    last_ring: ProductVariant, checkouts: list[Checkout]
) -> None:
    ends = race(hold, checkouts)
    assert ends == {"bought": 1, "out_of_stock": SHOPPERS - 1}
    assert Reservation.objects.count() == 1
    assert Stock.objects.get(variant=last_ring).reserved == 1


def test_a_promise_that_ran_out_is_given_to_one_of_the_others(
    last_ring: ProductVariant, checkouts: list[Checkout]
) -> None:
    hold(checkouts[0], minutes=-1)

    def sweep_and_hold(checkout: Checkout) -> None:
        wiring.payment_desk().release_expired()
        hold(checkout)

    ends = race(sweep_and_hold, checkouts[1:])
    assert ends == {"bought": 1, "out_of_stock": SHOPPERS - 2}
    row = Stock.objects.get(variant=last_ring)
    assert (row.quantity, row.reserved) == (1, 1)
    assert CheckoutRow.objects.get(token=checkouts[0].token).state == CheckoutRow.State.OPEN


def test_who_pays_after_the_promise_ran_out_and_the_ring_went_is_refused(
    last_ring: ProductVariant, checkouts: list[Checkout]
) -> None:
    slow, quick = checkouts[:2]
    hold(slow, minutes=-1)
    wiring.payment_desk().release_expired()
    complete(quick)
    with pytest.raises(CommerceError) as refusal:
        complete(slow)
    assert refusal.value.code == "out_of_stock"
    assert str(Order.objects.get().checkout.token) == quick.token
