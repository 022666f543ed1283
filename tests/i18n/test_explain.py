"""The same quote in sentences, and the pages and templates made from the rulebook."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from i18n.__main__ import main
from i18n.commands.coverage import page
from i18n.explain import MESSAGES, explain, rulebook_messages
from i18n.landed_cost import landed_cost
from i18n.locales import LANGUAGES
from i18n.rulebook import load_rulebook
from i18n.translations import texts, translator
from tests.i18n.builders import a_line, a_supply

RULEBOOK = load_rulebook()
TODAY = date(2026, 11, 24)


def test_each_line_is_a_sentence_with_its_source() -> None:
    cost = landed_cost(a_supply("de", a_line("1000", "EUR"), terms="DAP"), RULEBOOK, TODAY)
    said = explain(cost, "en", "GB")
    assert [sentence.text for sentence in said] == [
        "The goods cost €1,000.00.",
        "Shipping costs €0.00.",
        "Customs duty on jewellery of precious metal: 2.5% of €1,000.00 is €25.00.",
        "Value added tax (Umsatzsteuer), standard rate: 19% of €1,025.00 is €194.75.",
        "In all you pay €1,219.75: €1,000.00 now and €219.75 on delivery.",
    ]
    assert said[2].payer == "You pay this to the carrier on delivery."
    assert said[2].says.endswith("read on 24 November 2026.")
    assert said[2].rule == "eu.customs.duty-precious"


def test_a_disputed_rule_is_said_to_be() -> None:
    supply = a_supply("us", a_line("1000", "USD"))
    cost = landed_cost(supply, RULEBOOK, TODAY, accept_disputed={"*"})
    cautions = {sentence.rule: sentence.caution for sentence in explain(cost)}
    assert cautions["us.customs.mpf-informal"].startswith("Sources disagree")
    assert cautions["us.tax.federal"] == ""


def test_sentences_and_titles_go_through_the_translator() -> None:
    cost = landed_cost(a_supply("de", a_line("1000", "EUR")), RULEBOOK, TODAY)
    requested: list[str] = []

    def translate(message: str) -> str:
        requested.append(message)
        return message

    explain(cost, "de", "DE", translate=translate)
    known = {*MESSAGES, *rulebook_messages(RULEBOOK)}
    assert requested
    assert set(requested) <= known


def test_the_coverage_page_is_what_the_rulebook_says() -> None:
    written = Path(__file__).parents[2] / "docs" / "markets-coverage.md"
    assert written.read_text("utf-8") == page(RULEBOOK), (
        "run: .venv/bin/landed-cost coverage > docs/markets-coverage.md"
    )


def test_no_value_is_without_a_source() -> None:
    assert " 0 without a source." in page(RULEBOOK)


def test_the_template_holds_every_text_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["messages"]) == 0
    said = capsys.readouterr().out
    assert said.count('msgid "In all you pay %(amount)s."') == 1
    assert said.count('msgid "Additional duties after the Section 122 surcharge"') == 1


def test_a_change_of_law_shows_in_the_basket(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "--from", "2026-06-30", "--to", "2026-07-01", "--market", "de"]) == 1
    said = capsys.readouterr().out
    assert "eu.customs.small-consignment-duty: - → 3.00" in said


def test_a_day_changes_nothing_against_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "--from", "2026-07-01", "--to", "2026-07-01"]) == 0
    assert "0 of" in capsys.readouterr().out


def test_the_command_explains_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    order = ["--market", "hk", "--hs", "711319", "--origin", "CN", "--goods", "500"]
    assert main(["explain", *order, "--on", "2026-11-24"]) == 0
    said = capsys.readouterr().out
    assert "Free port: no customs duty: nothing to pay." in said


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "en"])
def test_every_sentence_is_translated_with_its_placeholders(code: str) -> None:
    known = texts(code)
    for message in MESSAGES:
        holes = set(re.findall(r"%\(\w+\)s", message))
        assert set(re.findall(r"%\(\w+\)s", known[message])) == holes


def test_a_german_shopper_reads_german() -> None:
    cost = landed_cost(a_supply("de", a_line("1000", "EUR")), RULEBOOK, TODAY)
    said = explain(cost, "de", "DE", translate=translator("de"))
    assert said[0].text == "Die Ware kostet 1.000,00\u00a0€."
    assert said[-1].text == "Insgesamt zahlen Sie 1.219,75\u00a0€."


def test_what_is_not_translated_stays_english() -> None:
    assert translator("th")("Not in the catalogue") == "Not in the catalogue"


def test_a_currency_that_ends_in_a_stop_ends_the_sentence() -> None:
    cost = landed_cost(a_supply("ae", a_line("5000", "AED")), RULEBOOK, TODAY)
    said = explain(cost, "ar", "AE", translate=translator("ar"))
    assert not [sentence.text for sentence in said if ".." in sentence.text.replace("\u200f", "")]
