"""The loader takes what is dated and sourced, and names every fault of everything else."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from i18n.errors import InvalidRulebook, UnknownCode
from i18n.law import State
from i18n.rulebook import load_rulebook
from tests.i18n.builders import a_rulebook

VAT = """
[vat]
kind = "tax"
title = "VAT"
[[vat.periods]]
from = 2020-01-01
rate = 0.2
state = "in-force"
SOURCE
"""


def problems_of(folder: Path) -> list[str]:
    with pytest.raises(InvalidRulebook) as refusal:
        load_rulebook(folder)
    return [f"{problem.key}: {problem.message}" for problem in refusal.value.problems]


def test_a_rate_is_an_exact_decimal(tmp_path: Path) -> None:
    rules = load_rulebook(a_rulebook(tmp_path, tax=VAT)).market("xx")
    (vat,) = rules.on(date(2026, 1, 1)).taxes
    assert vat.terms.rate == Decimal("0.2")
    assert (vat.rule, vat.state, vat.source.title) == ("xx.tax.vat", State.IN_FORCE, "Law")


@pytest.mark.parametrize(
    ("of", "to", "says"),
    [
        ("SOURCE\n", "", "vat.periods[0].source: missing: title, url and the day checked"),
        ("rate = 0.2", "rate = inf", "vat.periods[0].rate: must be finite"),
        ("rate = 0.2", 'rate = "0.2"', "vat.periods[0].rate: must be a number, not '0.2'"),
        ("rate = 0.2", "rate = 20", "vat.periods[0]: rate 20 must be a share between 0 and 2"),
        ("rate = 0.2", "", "vat.periods[0]: one of rate, rates and amount is needed"),
        ("rate = 0.2", "rate = 0.2\nrat = 1", "vat.periods[0].rat: unknown key"),
        ("from = 2020-01-01", "", "vat.periods[0].from: missing: the first day it holds"),
        ("from = 2020-01-01", "from = 2020-01-01\nto = 2019-12-31", "is before from"),
        ('"in-force"', '"true"', "vat.periods[0].state: 'true' is none of"),
        ('"in-force"', '"disputed"', "vat.periods[0].note: a rule that is disputed says why"),
        ('kind = "tax"', 'kind = "duty"', "vat.kind: 'duty' is none of: tax, scheme"),
        ('title = "VAT"', "", "vat.title: missing"),
        ("[vat]", '[vat]\nbase = ["gods"]', "xx.tax.vat: names 'gods', which is no rule"),
        ("[vat]", '[vat]\nhs = ["71.13"]', "HS prefix '71.13' must be digits only"),
    ],
)  # fmt: skip
def test_a_fault_is_named_where_it_stands(tmp_path: Path, of: str, to: str, says: str) -> None:
    found = problems_of(a_rulebook(tmp_path, tax=VAT.replace(of, to)))
    assert [fault for fault in found if says in fault] != []


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    folder = a_rulebook(
        tmp_path,
        tax=VAT.replace("rate = 0.2", "rate = 3").replace('title = "VAT"', ""),
        customs="[d]\nkind = 'duty'\ntitle = 'D'\n",
        weather="",
    )
    assert len(problems_of(folder)) == 4


def test_periods_that_overlap_are_refused(tmp_path: Path) -> None:
    later = VAT[VAT.index("[[") :].replace("2020-01-01", "2021-01-01")
    assert "has ended" in problems_of(a_rulebook(tmp_path, tax=VAT + later))[0]


def test_a_change_of_law_keeps_the_old_days(tmp_path: Path) -> None:
    old = VAT.replace("from = 2020-01-01", "from = 2020-01-01\nto = 2020-12-31")
    later = VAT[VAT.index("[[") :].replace("2020-01-01", "2021-01-01").replace("0.2", "0.25")
    rules = load_rulebook(a_rulebook(tmp_path, tax=old + later)).market("xx")

    def rate(day: date) -> Decimal | None:
        return rules.on(day).taxes[0].terms.rate

    assert rate(date(2020, 12, 31)) == Decimal("0.2")
    assert rate(date(2021, 1, 1)) == Decimal("0.25")
    assert rules.on(date(2019, 12, 31)).taxes == ()


def test_a_market_takes_the_rules_of_its_area_and_replaces_some(tmp_path: Path) -> None:
    folder = a_rulebook(tmp_path, tax=VAT)
    area = folder / "area"
    area.mkdir()
    text = (folder / "xx" / "tax.toml").read_text()
    (area / "tax.toml").write_text(text.replace("0.2", "0.1") + text.replace("vat", "gst"))
    market = folder / "xx" / "market.toml"
    market.write_text(market.read_text() + 'extends = ["area"]\n')
    taxes = load_rulebook(folder).market("xx").on(date(2026, 1, 1)).taxes
    assert {t.rule: t.terms.rate for t in taxes} == {
        "area.tax.gst": Decimal("0.2"),
        "xx.tax.vat": Decimal("0.2"),
    }


def test_an_unknown_market_names_those_there_are() -> None:
    with pytest.raises(UnknownCode) as refusal:
        load_rulebook().market("zz")
    assert "gb" in refusal.value.hint


def test_the_version_follows_the_content(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one = load_rulebook(a_rulebook(tmp_path / "a", tax=VAT)).version
    other = load_rulebook(a_rulebook(tmp_path / "b", tax=VAT.replace("0.2", "0.21"))).version
    assert one != other
    assert one.startswith("2020-01-01-")


def test_every_rule_of_ours_was_checked_and_has_an_address() -> None:
    for market in load_rulebook().markets:
        for rule in load_rulebook().market(market.code).rules:
            for period in rule.periods:
                assert period.source.title
                assert period.source.url.startswith("http")
                assert period.source.checked >= date(2026, 9, 1)
