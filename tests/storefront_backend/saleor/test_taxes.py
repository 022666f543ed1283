"""The tax webhook: a landed cost as Saleor takes it."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from pytest_django import Settings

from i18n.landed_cost import LandedCost
from i18n.money import Money
from storefront_backend import wiring
from storefront_backend.commerce.errors import InvalidRequest
from storefront_backend.commerce.landed import Parcel, supply_line
from storefront_backend.saleor import taxes
from storefront_backend.saleor.vocabulary import CHARGES_SKU
from tests.builders import make_passport, make_shop
from tests.fakes.saleor_keys import SigningSaleor
from tests.fakes.saleor_wire import SALEOR_API
from tests.storefront_backend.saleor.selling import selling_saleor

_KEYS = SigningSaleor()


def question(*lines: tuple[str, str], market: str = "de", shipping: str = "20") -> dict:
    """A tax base with one piece of each (sku, price)."""
    currency = {"de": "EUR", "us": "USD", "jp": "JPY"}[market]
    return {
        "taxBase": {
            "pricesEnteredWithTax": False,
            "currency": currency,
            "channel": {"slug": market},
            "address": {"country": {"code": market.upper()}, "countryArea": ""},
            "discounts": [],
            "shippingPrice": {"amount": float(shipping)},
            "lines": [
                {
                    "quantity": 1,
                    "productSku": sku,
                    "totalPrice": {"amount": float(price)},
                    "sourceLine": {"id": f"line-{at}"},
                }
                for at, (sku, price) in enumerate(lines)
            ],
            "sourceObject": {"id": "checkout-1", "sale": None},
        }
    }


def calculated(base: taxes.TaxBase) -> LandedCost:
    """The landed cost of gold rings."""
    return wiring.landed_costs().of(
        Parcel(
            base.market,
            tuple(
                supply_line(line.id, make_passport(), line.total, line.quantity)
                for line in base.pieces
            ),
            base.shipping,
        ),
        wiring.now().date(),
    )


@pytest.mark.django_db
@pytest.mark.parametrize("market", ["de", "us", "jp"])
@pytest.mark.parametrize("apart", [True, False])
def test_an_answer_adds_up_to_the_landed_cost(market: str, apart: bool) -> None:
    make_shop()
    lines = [("ring-a", "643"), ("ring-b", "1999")] + [(CHARGES_SKU, "0")] * apart
    base = taxes.read_base(question(*lines, market=market))
    cost = calculated(base)
    said = taxes.answer(base, cost, [line.id for line in base.pieces])
    assert taxes.total(said, base.currency) == cost.at_checkout
    assert len(said["lines"]) == len(lines)


@pytest.mark.django_db
def test_duty_and_fees_are_the_net_amount_of_their_own_line() -> None:
    make_shop()
    base = taxes.read_base(question(("ring", "643"), (CHARGES_SKU, "1"), market="us"))
    cost = calculated(base)
    said = taxes.answer(base, cost, ["line-0"])
    charges = cost.of("duty") + cost.of("fee")
    assert Money(Decimal(said["lines"][1]["total_net_amount"]), "USD") == charges
    assert said["lines"][0]["total_net_amount"] == "643.00"


def test_prices_with_tax_inside_are_refused() -> None:
    requested = question(("ring", "643"))
    requested["taxBase"]["pricesEnteredWithTax"] = True
    with pytest.raises(InvalidRequest) as refusal:
        taxes.read_base(requested)
    assert "saleor_bootstrap" in refusal.value.hint


@pytest.mark.parametrize("broken", [{}, {"taxBase": None}, {"taxBase": {"currency": "EUR"}}])
def test_half_a_question_is_refused(broken: dict) -> None:
    with pytest.raises(InvalidRequest):
        taxes.read_base(broken)


def test_a_recorded_question_is_read() -> None:
    raw = (SALEOR_API / "samples" / "checkout_calculate_taxes.body").read_bytes()
    recorded = json.loads(raw) | {}
    recorded["taxBase"]["pricesEnteredWithTax"] = False  # the recording channel's own setting
    base = taxes.read_base(recorded)
    assert (base.market, base.currency, base.country) == ("channel-pln", "PLN", "DE")
    assert [(line.sku, line.total) for line in base.lines] == [
        ("328223580", Money(Decimal("90.00"), "PLN"))
    ]


@pytest.mark.django_db
def test_a_piece_without_a_passport_is_not_taxed_at_a_guess(settings: Settings) -> None:
    make_shop()
    _, wire = selling_saleor(_KEYS)
    response = wire.post("taxes", question(("somebody-elses", "10")))
    assert response.status_code == 400
    assert "somebody-elses" in response.content.decode()


@pytest.mark.django_db
def test_a_forged_question_gets_no_answer() -> None:
    _, wire = selling_saleor(_KEYS)
    forger = SigningSaleor()
    wire.keys = forger
    assert wire.post("taxes", question(("ring", "643"))).status_code in (401, 503)


@pytest.mark.django_db
def test_a_question_of_another_saleor_gets_no_answer() -> None:
    _, wire = selling_saleor(_KEYS)
    elsewhere = {"Saleor-Api-Url": "http://elsewhere.test/graphql/"}
    assert wire.post("taxes", question(("ring", "643")), **elsewhere).status_code == 403


@pytest.mark.django_db
def test_two_pieces_of_one_code_are_taxed_at_one_rate_in_japan() -> None:
    make_shop()
    base = taxes.read_base(question(("a", "268690"), ("b", "193160"), market="jp", shipping="0"))
    cost = calculated(base)
    said = taxes.answer(base, cost, [line.id for line in base.pieces])
    rates = [
        Decimal(line["total_gross_amount"]) / Decimal(line["total_net_amount"])
        for line in said["lines"]
    ]
    assert abs(rates[0] - rates[1]) < Decimal("0.00001")
    assert taxes.total(said, "JPY") == cost.total
