"""The formula to the cent: making, loss, margin, mark-up, exchange, rounding, bounds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from i18n.errors import InvalidPriceFormula
from i18n.money import Money
from i18n.passport import MetalPart
from i18n.price_formula import Making, PriceFormula, price_terms
from storefront_backend.commerce.errors import StaleRates
from storefront_backend.commerce.pricebook import MarketPolicy, PriceBook
from storefront_backend.commerce.rates import Rate, rates_of
from storefront_backend.commerce.reductions import price_before
from storefront_backend.commerce.rounding import Rounding, rounded
from storefront_backend.commerce.variance import jumps

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
RING = (MetalPart("gold-750-yellow", Decimal(4)), MetalPart("platinum-950", Decimal("0.5")))
# 4 g × 0.750 × 900 + 0.5 g × 0.950 × 320 = 2700 + 152


def rates(gold: str = "900", dollar: str = "0.14", age: timedelta = timedelta(hours=1)):
    at = NOW - age
    metals = {"gold": Rate(Decimal(gold), "test", at), "platinum": Rate(Decimal(320), "test", at)}
    return rates_of("CNY", metals, {"USD": Rate(Decimal(dollar), "test", at)})


def book(**policy: object) -> PriceBook:
    made = MarketPolicy("USD", **({"rounding": Rounding.MINOR_UNIT} | policy))  # type: ignore[arg-type]  # named by the test
    return PriceBook(rates(), {"us": made})


def goods(formula: PriceFormula, **policy: object) -> str:
    return str(book(**policy).price(RING, formula, "us", NOW).goods)


def formula(**parts: object) -> PriceFormula:
    return PriceFormula("CNY", **parts)  # type: ignore[arg-type]  # named by the test


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({}, "399.28 USD"),  # 2852 × 0.14
        ({"making_kind": Making.PER_GRAM, "making": Decimal(60)}, "437.08 USD"),  # + 4.5 × 60
        ({"making_kind": Making.FIXED, "making": Decimal(500)}, "469.28 USD"),
        ({"making_kind": Making.PERCENT, "making": Decimal(10)}, "439.21 USD"),  # × 1.1
        ({"loss_percent": Decimal(3)}, "411.26 USD"),  # × 1.03
        ({"margin_percent": Decimal(20)}, "479.14 USD"),  # × 1.2
        ({"stones": Decimal(1000), "setting": Decimal(80)}, "550.48 USD"),
        ({"finish": Decimal(20), "engraving": Decimal(30)}, "406.28 USD"),
        ({"fixed": Decimal(1000)}, "140.00 USD"),
        ({"floor": Decimal(5000)}, "700.00 USD"),
        ({"ceiling": Decimal(1000)}, "140.00 USD"),
    ],
)
def test_each_part_of_the_formula(parts: dict[str, object], expected: str) -> None:
    assert goods(formula(**parts)) == expected


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ({"markup": Decimal("0.05")}, "419.24 USD"),
        ({"rounding": Rounding.WHOLE}, "400.00 USD"),
        ({"rounding": Rounding.TENS}, "400.00 USD"),
        ({"rounding": Rounding.CHARM}, "409.00 USD"),
        ({"rounding": Rounding.CASH}, "399.30 USD"),
        ({"floor": Decimal(450)}, "450 USD"),
        ({"ceiling": Decimal(300)}, "300 USD"),
    ],
)
def test_each_part_of_a_markets_policy(policy: dict[str, object], expected: str) -> None:
    assert goods(formula(), **policy) == expected


def test_what_an_exchange_leaves_behind_lifts_no_price() -> None:
    assert rounded(Money(Decimal("1200.000000001"), "USD"), Rounding.WHOLE).amount == 1200


@pytest.mark.parametrize("rule", list(Rounding))
def test_no_rule_ends_at_nothing(rule: Rounding) -> None:
    assert rounded(Money(Decimal("0.0001"), "USD"), rule).amount > 0


@given(
    grams=st.decimals("0.01", "500", places=4),
    kind=st.sampled_from(Making),
    amount=st.decimals("0", "90", places=2),
    margin=st.decimals("0", "300", places=2),
)
def test_the_parts_of_an_open_formula_add_up_to_the_price(
    grams: Decimal, kind: Making, amount: Decimal, margin: Decimal
) -> None:
    own = formula(making_kind=kind, making=amount, margin_percent=margin, stones=Decimal(12))
    parts = book().price((MetalPart("gold-916", grams),), own, "us", NOW)
    home = sum(
        (p.amount for p in (parts.metal, parts.making, parts.stones, parts.margin)), Decimal(0)
    )
    # Each part is shown to the cent, so their sum may be off by half a cent each.
    assert abs(home * parts.exchange_rate - parts.goods.amount) <= Decimal("0.01")


def test_a_formula_survives_its_json() -> None:
    own = formula(making_kind=Making.PERCENT, making=Decimal(8), floor=Decimal(9))
    assert PriceFormula.from_json(own.to_json()) == own


def test_a_formula_of_an_older_sheet_still_reads() -> None:
    old = {"currency": "CNY", "making_kind": "fixed", "making": "50", "stones": "0",
           "setting": "0", "finish": "0", "loss_percent": "0", "margin_percent": "0",
           "fixed": None}  # fmt: skip
    assert PriceFormula.from_json(old) == formula(making_kind=Making.FIXED, making=Decimal(50))


@pytest.mark.parametrize(
    "parts",
    [
        {"stones": Decimal(-1)},
        {"fixed": Decimal(0)},
        {"floor": Decimal(9), "ceiling": Decimal(8)},
        {"compare_at": Decimal(0)},
    ],
)
def test_a_formula_that_makes_no_sense_is_refused(parts: dict[str, object]) -> None:
    with pytest.raises(InvalidPriceFormula):
        formula(**parts)


def test_stale_rates_price_nothing() -> None:
    old = PriceBook(rates(age=timedelta(days=5)), {"us": MarketPolicy("USD")})
    with pytest.raises(StaleRates, match="too old to price with"):
        old.goods(price_terms(formula(), RING), "us", NOW)


@pytest.mark.parametrize(
    ("gold", "held"), [("918", ()), ("990", ()), ("991", ("gold",)), ("1035", ("gold",))]
)
def test_the_guard_holds_what_moves_by_more_than_its_limit(gold: str, held: tuple[str]) -> None:
    found = jumps(rates(), rates(gold=gold), Decimal("0.1"))
    assert tuple(jump.code for jump in found) == held


def test_a_currency_may_jump_as_well() -> None:
    (jump,) = jumps(rates(), rates(dollar="0.119"), Decimal("0.1"))
    assert (jump.code, jump.share) == ("USD", Decimal("-0.1500"))


@pytest.mark.parametrize(
    ("stated", "lowest", "eu", "before"),
    [
        (None, "80", True, None),
        ("120", None, True, None),
        ("120", "110", True, "110"),
        ("120", "130", True, "120"),
        ("120", "95", True, None),
        ("120", None, False, "120"),
        ("90", "110", False, None),
    ],
)
def test_what_may_be_struck_through(
    stated: str | None, lowest: str | None, eu: bool, before: str | None
) -> None:
    def euro(amount: str | None) -> Money | None:
        return None if amount is None else Money(Decimal(amount), "EUR")

    now = Money(Decimal(100), "EUR")
    assert price_before(now, euro(stated), euro(lowest), law_asks_for_lowest=eu) == euro(before)
