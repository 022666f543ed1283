"""Who may wait for Saleor, and when no wait is needed."""

from __future__ import annotations

import threading
from dataclasses import replace

import httpx
import pytest

from storefront_backend import wiring
from storefront_backend.saleor.breaker import Breaker
from storefront_backend.saleor.errors import SaleorForbidden, SaleorUnavailable
from storefront_backend.saleor.gate import Gate, SaleorBusy
from storefront_backend.saleor.transport import Patience, Saleor
from storefront_backend.saleor_sync.sales import CheckoutBusy
from tests.fakes.saleor_sales import SellingSaleor
from tests.fakes.saleor_server import FakeSaleor
from tests.fakes.saleor_wire import TOKEN, URL
from tests.storefront_backend.saleor.test_selling import delivered, opened


def test_as_many_as_may_wait_and_not_one_more() -> None:
    gate = Gate(at_once=1, waiting=0, patience=60)
    with gate.enter(), pytest.raises(SaleorBusy):
        gate.enter().__enter__()
    with gate.enter():
        pass


def test_one_who_waits_goes_in_when_another_has_left() -> None:
    gate = Gate(at_once=1, waiting=1, patience=60)
    went_in = threading.Event()

    def second() -> None:
        with gate.enter():
            went_in.set()

    with gate.enter():
        thread = threading.Thread(target=second)
        thread.start()
        assert not went_in.is_set()
    thread.join()
    assert went_in.is_set()


def test_a_place_is_given_back_whatever_happens_inside() -> None:
    gate = Gate(at_once=1, waiting=0, patience=60)
    for _ in range(3):
        with pytest.raises(ValueError, match="inside"), gate.enter():
            raise ValueError("inside")


def test_one_who_has_waited_long_enough_is_told_so() -> None:
    gate = Gate(at_once=1, waiting=1, patience=0)
    with gate.enter(), pytest.raises(SaleorBusy, match="Waited"):
        gate.enter().__enter__()


@pytest.mark.django_db
def test_a_checkout_that_is_busy_changes_nothing(
    saleor: SellingSaleor,
) -> None:
    checkout = opened()
    sales = replace(wiring.sales(), gate=Gate(at_once=1, waiting=0, patience=0))
    shop = replace(wiring.checkouts(), sales=sales)
    saleor.requests.clear()
    with sales.admitted(), pytest.raises(CheckoutBusy) as refusal:
        shop.set_lines(checkout.token, ())
    assert (refusal.value.code, refusal.value.retry) == ("checkout_busy", True)
    assert (shop.get(checkout.token), saleor.requests) == (checkout, [])
    assert delivered(checkout.token).quote.total == checkout.quote.total


def hanging(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("hangs", request=request)


class Clock:
    """Seconds that pass when a test says so."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def asking(fake: FakeSaleor, clock: Clock, token: str = TOKEN) -> Saleor:
    patience = Patience(attempts=1, first_wait=0)
    breaker = Breaker(failures=3, pause=15, clock=clock)
    return Saleor(URL, token, http=fake.client(), patience=patience, breaker=breaker)


def test_after_three_failures_nobody_waits_for_a_saleor_that_hangs() -> None:
    fake, clock = FakeSaleor(), Clock()
    fake.faults = [hanging] * 9
    saleor = asking(fake, clock)
    for _ in range(7):
        with pytest.raises(SaleorUnavailable):
            saleor.run("check/identity")
    assert len(fake.requests) == 3


def test_after_the_pause_one_asks_and_opens_it_for_all() -> None:
    fake, clock = FakeSaleor(), Clock()
    fake.faults = [hanging] * 4
    saleor = asking(fake, clock)
    for moment in (0, 0, 0, 16, 17):
        clock.now = moment
        with pytest.raises(SaleorUnavailable):
            saleor.run("check/identity")
    assert len(fake.requests) == 4  # the one after the pause failed, and closed it again
    clock.now = 32
    for _ in range(3):
        assert saleor.run("check/identity").data["app"]
    assert len(fake.requests) == 7


def test_a_saleor_that_says_no_is_there() -> None:
    fake = FakeSaleor()
    saleor = asking(fake, Clock(), token="yesterday's")
    for _ in range(5):
        with pytest.raises(SaleorForbidden):
            saleor.run("check/identity")
    assert len(fake.requests) == 5


@pytest.mark.django_db
def test_a_shopper_is_refused_at_once_while_saleor_hangs(
    saleor: SellingSaleor,
) -> None:
    checkout = opened()
    saleor.requests.clear()
    saleor.faults = [hanging] * 9
    for _ in range(3):
        with pytest.raises(Exception, match="Checkout is not available"):
            delivered(checkout.token)
    first = len(saleor.requests)
    with pytest.raises(Exception, match="Checkout is not available"):
        delivered(checkout.token)
    assert len(saleor.requests) == first
