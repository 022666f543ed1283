"""The command `landed-cost`: its JSON, its table, its exit codes."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from i18n.__main__ import main

RING = ["--hs", "711319", "--origin", "CN", "--goods", "1200", "--shipping", "20"]
ON = ["--on", "2026-11-24"]


def test_a_quote_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--market", "de", *RING, *ON, "--json"]) == 0
    quote = json.loads(capsys.readouterr().out)
    assert (quote["market"], quote["currency"], quote["verdict"]) == ("de", "EUR", "quote")
    assert quote["total"] == "1488.10"
    duty = next(line for line in quote["lines"] if line["kind"] == "duty")
    assert (duty["base"], duty["rate"], duty["amount"]) == ("1220", "0.025", "30.50")
    assert (duty["rule"], duty["state"], duty["payer"]) == (
        "eu.customs.duty-precious", "in-force", "seller",
    )  # fmt: skip
    assert set(duty["source"]) == {"title", "url", "checked"}


def test_the_json_is_the_published_shape(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--market", "gb", *RING, *ON, "--json"]) == 0
    quote = json.loads(capsys.readouterr().out)
    assert {"market", "on", "currency", "verdict", "lines", "total", "rulebook"} <= set(quote)
    for line in quote["lines"]:
        assert set(line) - {"line_id"} == {
            "kind", "label", "base", "rate", "amount", "payer", "rule", "state", "source",
        }  # fmt: skip
        assert line["kind"] in ("goods", "shipping", "insurance", "duty", "tax", "fee")
        assert isinstance(line["amount"], str)
        assert isinstance(line["base"], str)
        assert line["rate"] is None or isinstance(line["rate"], str)
    assert sum(Decimal(line["amount"]) for line in quote["lines"]) == Decimal(quote["total"])


def test_every_option_of_the_command_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    order = ["--market", "ca", *RING, "--currency", "CAD", "--region", "CA-ON"]
    assert main([*order, "--metal-grams", "8.2", "--fineness", "750", *ON, "--json"]) == 0
    quote = json.loads(capsys.readouterr().out)
    assert (quote["market"], quote["on"], quote["currency"]) == ("ca", "2026-11-24", "CAD")


def test_a_refusal_names_its_rule_and_exits_3(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--market", "us", *RING, *ON, "--json"]) == 3
    answer = json.loads(capsys.readouterr().out)
    assert (answer["verdict"], answer["total"]) == ("refused", None)
    assert answer["rule"] == "us.customs.add-on-after-section-122"


def test_a_refusal_for_people_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--market", "us", *RING, *ON]) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("Refused by us.customs.add-on-after-section-122:")


@pytest.mark.parametrize(
    "wrong",
    [
        ["--market", "zz", *RING],
        ["--market", "gb", *RING, "--currency", "EUR"],
        ["--market", "gb", *RING[:-4], "--goods", "much"],
        ["--market", "gb", "--goods", "1"],
        ["--market", "gb", *RING, "--on", "yesterday"],
    ],
)
def test_wrong_usage_exits_2(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(wrong)
    assert stop.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_the_table_numbers_its_sources(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--market", "ae", *RING, *ON]) == 0
    said = capsys.readouterr().out
    assert "[1] Gulf Buzz" in said
    assert said.splitlines()[0] == "ae on 2026-11-24, AED (quote)"
