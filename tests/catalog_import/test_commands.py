"""The command line: 0 when all is well, 3 when the sheet has errors, 2 when the call is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from catalog_import.__main__ import main
from catalog_import.columns import columns
from tests.catalog_import.workbooks import row, xlsx


@pytest.fixture
def good(tmp_path: Path) -> str:
    return str(xlsx(tmp_path / "good.xlsx", row()))


@pytest.fixture
def bad(tmp_path: Path) -> str:
    return str(xlsx(tmp_path / "bad.xlsx", row(grams="?"), row(product_code="KAPOK", sku="K-1")))


def _said(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_a_good_sheet_ends_with_0(good: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", good]) == 0
    assert capsys.readouterr().out == "1 product with 1 variant can be imported.\n"


def test_a_bad_sheet_ends_with_3_and_names_the_cell(
    bad: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", bad]) == 3
    said = capsys.readouterr().out
    assert "error    Catalogue!F2 grams: “?” is not a number [?]  (not_a_number)" in said
    assert "Held back by errors: LION." in said


def test_json_holds_every_key_of_a_problem(bad: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", bad, "--json"]) == 3
    (problem,) = _said(capsys)["problems"]
    assert problem == {
        "code": "not_a_number", "message": "“?” is not a number", "hint": "Write it as 1234.5",
        "sheet": "Catalogue", "cell": "F2", "column": "grams", "value": "?", "severity": "error",
        "product": "LION", "sku": "LION-1", "guess": "",
        "said": {
            "message": {"template": "“{text}” is not a number", "parameters": {"text": "?"}},
            "hint": {"template": "Write it as 1234.5", "parameters": {}},
        },
    }  # fmt: skip


@pytest.mark.parametrize(
    "argv",
    [
        ["check", "nowhere.xlsx"],
        ["plan", "nowhere.xlsx"],
        ["plan", "GOOD", "--against", "no.json"],
        ["plan", "GOOD", "--against", "no.xlsx"],
        ["check", "GOOD", "--markets"],
    ],
)
def test_a_wrong_call_ends_with_2(argv: list[str], good: str) -> None:
    assert main([good if word == "GOOD" else word for word in argv]) == 2


def test_no_command_ends_with_2() -> None:
    with pytest.raises(SystemExit) as ended:
        main([])
    assert ended.value.code == 2


def test_a_plan_against_an_earlier_sheet_tells_what_changes(
    good: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    newer = str(xlsx(tmp_path / "newer.xlsx", row(grams=5)))
    assert main(["plan", newer, "--against", good, "--json"]) == 0
    (change,) = _said(capsys)["changes"]
    assert (change["action"], change["differences"]) == (
        "update",
        [{"field": "variants[LION-1].passport.metals[0].grams", "before": "4.2", "after": "5"}],
    )


def test_a_plan_against_what_a_check_wrote_shows_nothing_to_do(
    good: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", good, "--json"]) == 0
    earlier = tmp_path / "earlier.json"
    earlier.write_text(capsys.readouterr().out)
    assert main(["plan", good, "--against", str(earlier), "--json"]) == 0
    assert _said(capsys)["changes"] == [{"action": "unchanged", "code": "LION", "differences": []}]


def test_a_template_that_cannot_be_written_is_said_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--template", str(tmp_path / "nowhere" / "x.xlsx")]) == 2
    assert "No such file" in capsys.readouterr().err


def test_markets_are_asked_on_the_day_named(good: str, capsys: pytest.CaptureFixture[str]) -> None:
    argv = ["check", good, "--markets", "--on", "2026-11-24", "--accept-disputed", "*", "--json"]
    assert main(argv) == 0
    assert {problem["code"] for problem in _said(capsys)["problems"]} == {"market_rule"}


def test_the_template_has_every_column_and_can_be_filled(tmp_path: Path) -> None:
    out = tmp_path / "template.xlsx"
    assert main(["--template", str(out)]) == 0
    book = openpyxl.load_workbook(out)
    sheet = book["Catalogue"]
    headers = [cell.value for cell in sheet[1]]
    assert headers == list(columns())
    assert all(cell.comment for cell in sheet[1])
    assert len(sheet.data_validations.dataValidation) >= 8
    for name, value in row().items():
        sheet.cell(2, headers.index(name) + 1, value)
    book.save(out)
    assert main(["check", str(out)]) == 0
