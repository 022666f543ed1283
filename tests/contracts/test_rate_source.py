"""What every RateSource does, wherever it reads."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import httpx
import pytest

from storefront_backend.catalog.models import Rate as RateRow
from storefront_backend.commerce.errors import CommerceError, StaleRates
from storefront_backend.commerce.ports import RateSource
from storefront_backend.commerce.pricebook import METALS
from storefront_backend.pricing.rates import RateTable
from storefront_backend.rates import ecb
from storefront_backend.rates.combined import Combined
from storefront_backend.rates.http_json import JsonRates

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
AS_OF = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
ECB_FILE = Path(__file__).parents[1] / "cases" / "rates" / "eurofxref-daily.xml"
Make = Callable[[Path], RateSource]


def table(_: Path) -> RateSource:
    RateRow.objects.bulk_create(
        RateRow(kind=kind, code=code, base="EUR", value=Decimal(value), as_of=AS_OF,
                source="the manual table", licence="ours")
        for kind, code, value in (("metal", "gold", "116.4"), ("exchange", "USD", "1.1620"),
                                  ("exchange", "JPY", "178.31"))
    )  # fmt: skip
    return RateTable()


def ecb_file(folder: Path) -> RateSource:
    path = folder / "eurofxref-daily.xml"
    path.write_bytes(ECB_FILE.read_bytes())
    return ecb.from_file(path)


def ecb_web(_: Path) -> RateSource:
    answer = httpx.Response(200, content=ECB_FILE.read_bytes())
    return ecb.from_web(client=httpx.Client(transport=httpx.MockTransport(lambda _: answer)))


def http_json(_: Path) -> RateSource:
    said = {
        "base": "EUR", "as_of": "2026-11-24T15:00:00Z", "source": "rates.example",
        "licence": "by contract", "metals": {"gold": 116.4},
        "exchange": {"USD": "1.1620", "JPY": 178.31},
    }  # fmt: skip
    answer = httpx.Response(200, content=json.dumps(said))
    client = httpx.Client(transport=httpx.MockTransport(lambda _: answer))
    return JsonRates("https://rates.example/today", client=client)


def combined(folder: Path) -> RateSource:
    return Combined(exchange=ecb_file(folder), rest=table(folder))


MAKERS = (table, ecb_file, ecb_web, http_json, combined)
every_source = pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)


@every_source
def test_a_rate_comes_with_source_time_and_licence(make: Make, tmp_path: Path) -> None:
    rate = make(tmp_path).rates(NOW).exchange["USD"]
    assert (rate.value, rate.as_of) == (Decimal("1.1620"), AS_OF)
    assert rate.source
    assert rate.licence


@every_source
def test_one_currency_in_another(make: Make, tmp_path: Path) -> None:
    rates = make(tmp_path).rates(NOW)
    yen = rates.exchange_between("USD", "JPY", NOW, timedelta(days=4))
    assert yen == Decimal("178.31") / Decimal("1.1620")


@every_source
def test_the_same_rates_are_one_version(make: Make, tmp_path: Path) -> None:
    source = make(tmp_path)
    assert source.rates(NOW).version == source.rates(NOW + timedelta(minutes=5)).version


@every_source
def test_old_rates_are_refused_by_who_prices_with_them(make: Make, tmp_path: Path) -> None:
    rates = make(tmp_path).rates(NOW)
    with pytest.raises(StaleRates, match="USD exchange rate is of 2026-11-24 15:00 UTC"):
        rates.exchange_between("EUR", "USD", NOW + timedelta(days=5), timedelta(days=4))


@every_source
def test_a_metal_that_nobody_quotes_is_no_zero(make: Make, tmp_path: Path) -> None:
    rates = make(tmp_path).rates(NOW)
    missing = next(metal for metal in METALS if metal not in rates.metals)
    with pytest.raises(StaleRates, match=f"no price of {missing}"):
        rates.metal(missing, NOW, timedelta(days=4))


@every_source
def test_rates_survive_their_json(make: Make, tmp_path: Path) -> None:
    rates = make(tmp_path).rates(NOW)
    assert type(rates).from_json(json.loads(json.dumps(rates.to_json()))) == rates


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (httpx.Response(503), "provider_unavailable"),
        (httpx.Response(401), "provider_error"),
        (httpx.Response(200, content=b"x" * 1_000_001), "provider_error"),
        (httpx.Response(200, content=b"<html>"), "provider_error"),
        (httpx.Response(200, content=b'{"base": "EUR", "as_of": "2026-11-24"}'), "provider_error"),
        (
            httpx.Response(
                200, content=b'{"base":"EUR","as_of":"2026-11-24T15:00Z","metals":{"gold":-1}}'
            ),
            "provider_error",
        ),
    ],
)
def test_a_bad_answer_is_an_error_with_a_code(answer: httpx.Response, code: str) -> None:
    client = httpx.Client(transport=httpx.MockTransport(lambda _: answer))
    with pytest.raises(CommerceError) as refusal:
        JsonRates("https://rates.example/today", client=client).rates(NOW)
    assert refusal.value.code == code


def test_a_server_that_does_not_answer_may_be_asked_again() -> None:
    def hang_up(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("too slow", request=request)

    client = httpx.Client(transport=httpx.MockTransport(hang_up))
    with pytest.raises(CommerceError) as refusal:
        JsonRates("https://rates.example/today", client=client).rates(NOW)
    assert refusal.value.retry


def test_an_xml_bomb_is_refused() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>'
    with pytest.raises(CommerceError, match="not valid XML"):
        ecb.EcbRates(lambda: bomb).rates(NOW)
