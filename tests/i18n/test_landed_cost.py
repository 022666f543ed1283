"""What holds of every quote, whatever the goods, and what stops one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from i18n.errors import CurrencyMismatch, SaleRefused
from i18n.landed_cost import LandedCost, Supply, landed_cost
from i18n.landed_cost.sharing import apportion
from i18n.money import Money, minor_unit
from i18n.rulebook import load_rulebook
from tests.i18n.builders import a_line, a_rulebook, a_supply

RULEBOOK = load_rulebook()
TODAY = date(2026, 11, 24)


def quote(supply: Supply, **options: object) -> LandedCost:
    return landed_cost(supply, RULEBOOK, TODAY, accept_disputed={"*"}, **options)  # type: ignore[arg-type]  # options pass through


@st.composite
def supplies(draw: st.DrawFn) -> Supply:
    market = draw(st.sampled_from([m for m in RULEBOOK.markets if m.code in SIX]))
    unit = minor_unit(market.currency)
    amounts = st.integers(0, 10_000_000).map(lambda n: str(n * unit))
    lines = [
        a_line(
            draw(amounts),
            market.currency,
            id=str(number),
            hs_code=draw(st.sampled_from(["711319", "711311"])),
            origin=draw(st.sampled_from(["CN", "HK", "IT"])),
            quantity=draw(st.integers(1, 5)),
        )
        for number in range(draw(st.integers(1, 4)))
    ]
    return a_supply(
        market.code, *lines, shipping=draw(amounts), insurance=draw(amounts),
        terms=draw(st.sampled_from(["DDP", "DAP"])),
    )  # fmt: skip


SIX = {"us", "gb", "de", "jp", "ae", "hk"}


@given(supplies())
def test_no_line_is_negative_and_the_lines_are_the_total(supply: Supply) -> None:
    cost = quote(supply)
    assert all(line.amount.amount >= 0 for line in cost.lines)
    assert sum(line.amount.amount for line in cost.lines) == cost.total.amount
    assert cost.at_checkout + cost.at_door == cost.total
    assert {line.amount.currency for line in cost.lines} == {cost.currency}


@given(supplies())
def test_every_line_that_law_sets_names_its_rule_and_source(supply: Supply) -> None:
    for line in quote(supply).lines:
        if line.kind in ("duty", "tax", "fee"):
            assert line.rule
            assert line.source is not None
        else:
            assert (line.rule, line.source, line.payer) == ("", None, "shopper")


@given(supplies())
def test_json_gives_the_same_quote_back(supply: Supply) -> None:
    cost = quote(supply)
    assert LandedCost.from_json(cost.to_json()) == cost


@given(supplies())
def test_terms_move_who_pays_and_never_how_much(supply: Supply) -> None:
    totals = {
        quote(Supply(**{**_fields(supply), "terms": terms})).total for terms in ("DDP", "DAP")
    }
    assert len(totals) == 1


def _fields(supply: Supply) -> dict[str, object]:
    return {name: getattr(supply, name) for name in Supply.__dataclass_fields__}


# The cliffs of these six markets (a relief, a flat duty or an entry class that ends) all go up.
@given(st.sampled_from(sorted(SIX)), st.integers(0, 500_000), st.integers(1, 50_000))
def test_a_dearer_piece_never_costs_less(market: str, cheaper: int, more: int) -> None:
    currency = RULEBOOK.market(market).market.currency
    low, high = (
        quote(a_supply(market, a_line(str(n), currency))).total for n in (cheaper, cheaper + more)
    )
    assert low < high


@given(
    st.integers(0, 10**9),
    st.lists(st.integers(0, 10**6), min_size=1, max_size=12),
)
def test_parts_of_an_amount_add_up_to_it(cents: int, weights: list[int]) -> None:
    amount, unit = Decimal(cents) / 100, Decimal("0.01")
    parts = apportion(amount, [Decimal(weight) for weight in weights], unit)
    assert sum(parts) == amount
    assert min(parts) >= 0


def test_a_quote_in_another_currency_is_refused() -> None:
    with pytest.raises(CurrencyMismatch):
        quote(a_supply("gb", a_line("100", "EUR")))


def test_one_accepted_rule_does_not_accept_another() -> None:
    supply = a_supply("us", a_line("100", "USD"))
    with pytest.raises(SaleRefused) as refusal:
        landed_cost(supply, RULEBOOK, TODAY, accept_disputed={"us.customs.mpf-informal"})
    assert refusal.value.rule == "us.customs.add-on-after-section-122"


def test_an_accepted_dispute_is_said_on_the_quote() -> None:
    cost = quote(a_supply("us", a_line("100", "USD")))
    assert cost.verdict == "quote-disputed"
    assert [note.split(" ")[0] for note in cost.notes] == [
        "us.customs.add-on-after-section-122",
        "us.customs.mpf-informal",
    ]


# The worked example of Japan Customs' answer 1111, with its rates of duty and tax.
JAPAN = """
[fourteen]
kind = "duty"
title = "Duty of the example"
base = ["goods", "shipping", "insurance"]
each = "code"
base_step = 1000
step = 100
total_step = 100
rounding = "down"
[[fourteen.periods]]
from = 2020-01-01
rate = 0.14
state = "in-force"
SOURCE
"""


def test_the_worked_example_of_japan_customs(tmp_path: Path) -> None:
    def national(name: str, rate: str, hs: str) -> str:
        return f"""
[{name}]
kind = "tax"
title = "National part"
hs = ["{hs}"]
base = ["goods", "shipping", "insurance", "duty"]
each = "code"
base_step = 1000
step = 100
rounding = "down"
[[{name}.periods]]
from = 2020-01-01
rate = {rate}
state = "in-force"
SOURCE
"""

    local = """
[local]
kind = "tax"
title = "Local part"
base = ["standard", "reduced"]
each = "code"
total_step = 100
rounding = "down"
[[local.periods]]
from = 2020-01-01
rate = 22
per = 78
state = "in-force"
SOURCE
"""
    folder = a_rulebook(
        tmp_path,
        customs=JAPAN,
        tax=national("standard", "0.078", "7113") + national("reduced", "0.0624", "7117") + local,
    )
    market = folder / "xx" / "market.toml"
    market.write_text(market.read_text().replace("EUR", "JPY"))
    supply = a_supply(
        "xx",
        a_line("534795", "JPY", id="A"),
        a_line("126258", "JPY", id="B", hs_code="711719"),
    )
    cost = landed_cost(supply, load_rulebook(folder), TODAY)
    by_rule: dict[str, list[Decimal]] = {}
    for line in cost.lines:
        by_rule.setdefault(line.rule, []).append(line.amount.amount)
    assert sum(by_rule["xx.customs.fourteen"]) == 92400
    assert sum(by_rule["xx.tax.standard"] + by_rule["xx.tax.reduced"]) == 56400
    assert sum(by_rule["xx.tax.local"]) == 15900


RULES = """
[d]
kind = "duty"
title = "Duty"
[[d.periods]]
from = 2020-01-01
rate = 0.1
state = "in-force"
SOURCE
[pref]
kind = "duty"
title = "Agreement"
agreement = "FTA"
[[pref.periods]]
from = 2020-01-01
rate = 0
state = "in-force"
SOURCE
[small]
kind = "relief"
title = "Relief"
up_to = "100 USD"
[[small.periods]]
from = 2020-01-01
state = "in-force"
SOURCE
"""
TAX = """
[luxury]
kind = "tax"
title = "Luxury tax above a price"
over = "1000 EUR"
threshold_per = "item"
excess = true
each = "line"
base = ["goods", "d"]
[[luxury.periods]]
from = 2020-01-01
rate = 0.2
state = "in-force"
SOURCE
[education]
kind = "tax"
title = "Tax on the tax"
base = ["luxury"]
[[education.periods]]
from = 2020-01-01
rate = 0.3
state = "in-force"
SOURCE
[regional]
kind = "tax"
title = "By region"
rates = { "XX-A" = 0.05, "XX-B" = 0 }
[[regional.periods]]
from = 2020-01-01
state = "in-force"
SOURCE
"""


def invented(tmp_path: Path, supply: Supply, **options: object) -> dict[str, Decimal]:
    book = load_rulebook(a_rulebook(tmp_path, customs=RULES, tax=TAX))
    cost = landed_cost(supply, book, TODAY, **options)  # type: ignore[arg-type]  # options pass through
    return {line.rule: line.amount.amount for line in cost.lines if line.rule}


def test_a_tax_on_a_tax_takes_the_excess_and_names_its_base(tmp_path: Path) -> None:
    supply = a_supply("xx", a_line("3000", "EUR", quantity=2), region="XX-A")
    assert invented(tmp_path, supply, rates={"USD": Decimal("0.9")}) == {
        "xx.customs.d": Decimal("300.00"),
        "xx.tax.luxury": Decimal("260.00"),  # 3300 less 2 × 1000
        "xx.tax.education": Decimal("78.00"),
        "xx.tax.regional": Decimal("150.00"),
    }


def test_the_excess_is_calculated_on_the_base_with_the_duty_in_it(tmp_path: Path) -> None:
    supply = a_supply("xx", a_line("950", "EUR"), region="XX-B")
    amounts = invented(tmp_path, supply, rates={"USD": Decimal("0.9")})
    assert amounts["xx.tax.luxury"] == Decimal("9.00")  # 1045 less 1000


def test_without_an_excess_there_is_no_line(tmp_path: Path) -> None:
    supply = a_supply("xx", a_line("900", "EUR"), region="XX-B")
    assert "xx.tax.luxury" not in invented(tmp_path, supply, rates={"USD": Decimal("0.9")})


NEXUS = (
    TAX[TAX.index("[regional]") :].replace("[regional]", "[regional]\nnexus = true")
    + """
[none]
kind = "tax"
title = "None"
[[none.periods]]
from = 2020-01-01
rate = 0
state = "in-force"
SOURCE
"""
)


@pytest.mark.parametrize(("held", "tax"), [(["XX-A"], "2.50"), (["XX-B"], "0.00"), ([], "0.00")])
def test_nexus_is_in_the_region_the_goods_go_to(tmp_path: Path, held: list[str], tax: str) -> None:
    book = load_rulebook(a_rulebook(tmp_path, customs=RULES, tax=NEXUS))
    supply = a_supply("xx", a_line("50", "EUR"), region="XX-A", registrations=frozenset(held))
    cost = landed_cost(supply, book, TODAY, rates={"USD": Decimal("0.9")})
    assert cost.of("tax").amount == Decimal(tax)


@pytest.mark.parametrize(("held", "duty"), [([], "0"), (["local"], "5.00")])
def test_a_relief_may_leave_out_registered_sellers(
    tmp_path: Path, held: list[str], duty: str
) -> None:
    rules = RULES.replace("[small]", '[small]\nunless_registered = "local"')
    book = load_rulebook(a_rulebook(tmp_path, customs=rules, tax=NEXUS))
    supply = a_supply("xx", a_line("50", "EUR"), registrations=frozenset(held))
    cost = landed_cost(supply, book, TODAY, rates={"USD": Decimal("0.9")})
    assert cost.of("duty").amount == Decimal(duty)


def test_an_agreement_needs_its_certificate(tmp_path: Path) -> None:
    line = a_line("500", "EUR", certificates=frozenset({"FTA"}))
    amounts = invented(tmp_path, a_supply("xx", line, region="XX-B"), rates={"USD": Decimal("0.9")})
    assert amounts["xx.customs.pref"] == 0
    assert "xx.customs.d" not in amounts


def test_a_threshold_in_another_currency_needs_its_rate(tmp_path: Path) -> None:
    with pytest.raises(SaleRefused) as refusal:
        invented(tmp_path, a_supply("xx", a_line("50", "EUR"), region="XX-A"))
    assert refusal.value.rule == "xx.customs.small"


def test_a_rate_by_region_needs_a_region_it_lists(tmp_path: Path) -> None:
    with pytest.raises(SaleRefused) as refusal:
        invented(tmp_path, a_supply("xx", a_line("50", "EUR")), rates={"USD": Decimal("0.9")})
    assert refusal.value.rule == "xx.tax.regional"


def test_a_gift_is_valued_by_customs_though_it_costs_nothing() -> None:
    gift = a_line("0", "AED", id="gift", customs_value=Money(Decimal(2000), "AED"))
    cost = quote(a_supply("ae", a_line("5000", "AED"), gift))
    assert cost.of("goods").amount == 5000
    assert cost.of("duty").amount == Decimal("350.00")
    assert cost.of("tax").amount == Decimal("367.50")
