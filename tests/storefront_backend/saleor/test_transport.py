"""How requests are judged and repeated."""

from __future__ import annotations

import logging

import httpx
import pytest

from storefront_backend.saleor.errors import SaleorForbidden, SaleorMisread, SaleorUnavailable
from storefront_backend.saleor.transport import Patience, Saleor
from tests.fakes.saleor_server import FakeSaleor
from tests.fakes.saleor_wire import TOKEN, URL, Fault

AT_ONCE = Patience(first_wait=0, longest_wait=0)


def slow(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("slow", request=request)


def unreachable(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("down", request=request)


def cut_off(request: httpx.Request) -> httpx.Response:
    raise httpx.RemoteProtocolError("cut off", request=request)


def status(code: int, text: str = "", **headers: str) -> Fault:
    return lambda request: httpx.Response(code, text=text, headers=headers)


def half(request: httpx.Request) -> httpx.Response:
    body = {"data": {"shop": {"version": "3"}, "app": None}, "errors": [{"message": "half"}]}
    return httpx.Response(200, json=body)


PASSING = [slow, unreachable, cut_off, half, status(500), status(503), status(429),
           status(200, "<html>"), status(200, "[]"), status(200, "{}")]  # fmt: skip


def talking_to(fake: FakeSaleor, token: str = TOKEN) -> Saleor:
    return Saleor(URL, token, http=fake.client(), patience=AT_ONCE)


@pytest.mark.parametrize("fault", PASSING)
def test_a_passing_fault_is_outlived(fault: Fault) -> None:
    fake = FakeSaleor()
    fake.faults = [fault, fault]
    assert talking_to(fake).run("check/identity").data["shop"]["version"] == "3.23.28"
    assert len(fake.requests) == 3


@pytest.mark.parametrize("fault", PASSING)
def test_a_lasting_fault_ends_in_unavailable(fault: Fault) -> None:
    fake = FakeSaleor()
    fake.faults = [fault] * 9
    with pytest.raises(SaleorUnavailable) as failure:
        talking_to(fake).run("check/identity")
    assert failure.value.retry
    assert len(fake.requests) == AT_ONCE.attempts


def test_nothing_is_tried_again_once_the_time_is_over() -> None:
    fake = FakeSaleor()
    fake.faults = [slow] * 9
    saleor = Saleor(URL, TOKEN, http=fake.client(), patience=Patience(first_wait=0, total=0))
    with pytest.raises(SaleorUnavailable):
        saleor.run("check/identity")
    assert len(fake.requests) == 1


@pytest.mark.parametrize("fault", [slow, cut_off, status(500), status(200, "<html>")])
def test_what_may_have_happened_is_not_done_twice(fault: Fault) -> None:
    fake = FakeSaleor()
    fake.faults = [fault]
    with pytest.raises(SaleorUnavailable):
        talking_to(fake).run("catalogue/create_products", products=[])
    assert fake.requests == ["CreateProducts"]


@pytest.mark.parametrize("fault", [unreachable, status(429)])
def test_what_cannot_have_happened_is_tried_again(fault: Fault) -> None:
    fake = FakeSaleor()
    fake.faults = [fault]
    answer = talking_to(fake).run("catalogue/create_products", products=[])
    assert answer.data["productBulkCreate"]["count"] == 0
    assert len(fake.requests) == 2


@pytest.mark.parametrize("fault", [status(401), status(403)])
def test_a_closed_door_is_tried_once(fault: Fault) -> None:
    fake = FakeSaleor()
    fake.faults = [fault]
    with pytest.raises(SaleorForbidden):
        talking_to(fake).run("check/identity")
    assert len(fake.requests) == 1


def test_an_expired_token_says_what_to_do() -> None:
    fake = FakeSaleor()
    with pytest.raises(SaleorForbidden) as failure:
        talking_to(fake, token="yesterday's").run("check/identity")
    assert "Install the app again" in failure.value.hint
    assert len(fake.requests) == 1


def test_a_request_that_the_api_does_not_know_is_our_mistake() -> None:
    with pytest.raises(SaleorMisread):
        talking_to(FakeSaleor()).run("catalogue/slug_of", id=["not", "an", "id"])


def test_no_token_is_ever_written_down(caplog: pytest.LogCaptureFixture) -> None:
    fake = FakeSaleor()
    fake.faults = [slow, status(500, TOKEN)] * 2
    saleor = talking_to(fake)
    with caplog.at_level(logging.DEBUG), pytest.raises(SaleorUnavailable) as failure:
        saleor.run("check/identity")
    assert TOKEN not in f"{caplog.text}{saleor!r}{failure.value}"
