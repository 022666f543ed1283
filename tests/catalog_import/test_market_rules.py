"""Each market's own rules speak in the sheet's report."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import NoReturn, cast

from catalog_import import check
from i18n.errors import UnknownCode
from i18n.rulebook import load_rulebook
from i18n.rulebook.model import Rulebook
from tests.catalog_import.workbooks import row, xlsx


class EmptyRulebook:
    """Knows no market at all."""

    def market(self, code: str) -> NoReturn:
        raise UnknownCode(f"There is no market {code!r}")


DAY = date(2026, 11, 24)
ALL = frozenset({"*"})


def test_without_a_rulebook_no_market_is_asked(tmp_path: Path) -> None:
    result = check(xlsx(tmp_path / "a.xlsx", row(markets="gb")))
    assert result.problems == ()


def test_a_piece_that_lacks_origin_and_code_is_reported_market_by_market(tmp_path: Path) -> None:
    sheet = xlsx(tmp_path / "a.xlsx", row(markets="gb, de"))
    result = check(sheet, rulebook=load_rulebook(), on=DAY, accept_disputed=ALL)
    found = {problem.value for problem in result.problems if problem.code == "market_rule"}
    assert found == {"gb", "de"}
    assert {problem.cell for problem in result.problems} == {"H2"}
    assert {problem.sku for problem in result.problems} == {"LION-1"}


def test_a_need_warns_and_the_product_goes_ahead(tmp_path: Path) -> None:
    sheet = xlsx(tmp_path / "a.xlsx", row(markets="gb"))
    result = check(sheet, rulebook=load_rulebook(), on=DAY, accept_disputed=ALL)
    assert result.errors == ()
    assert all(problem.hint for problem in result.problems)
    assert [product.code for product in result.products] == ["LION"]


def test_a_market_that_the_rulebook_does_not_know_is_said(tmp_path: Path) -> None:
    sheet = xlsx(tmp_path / "a.xlsx", row(markets="mo"))
    (problem,) = check(sheet, rulebook=cast("Rulebook", EmptyRulebook()), on=DAY).problems
    assert (problem.code, problem.value, problem.is_error) == ("market_without_rules", "mo", False)
