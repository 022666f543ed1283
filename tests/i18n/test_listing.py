"""What may be listed where: marks by weight, legal standards, names, papers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from i18n.listing import Outcome, Verdict, may_list
from i18n.passport import MetalPart, Passport, Stone, StoneOrigin
from i18n.rulebook import load_rulebook
from tests.i18n.builders import a_piece

TODAY = date(2026, 11, 24)


def judge(piece: Passport, market: str, day: date = TODAY) -> Verdict:
    return may_list(piece, market, load_rulebook(), day, accept_disputed={"*"})


@pytest.mark.parametrize(
    ("alloy", "grams", "outcome"),
    [
        ("gold-750-yellow", "0.99", Outcome.ALLOWED),
        ("gold-750-yellow", "1", Outcome.NEEDS),
        ("silver-925", "7.77", Outcome.ALLOWED),
        ("silver-925", "7.78", Outcome.NEEDS),
        ("platinum-950", "0.49", Outcome.ALLOWED),
        ("platinum-950", "0.5", Outcome.NEEDS),
        ("palladium-950", "0.99", Outcome.ALLOWED),
        ("palladium-950", "1", Outcome.NEEDS),
    ],
)
def test_britain_wants_a_hallmark_from_a_weight_on(
    alloy: str, grams: str, outcome: Outcome
) -> None:
    assert judge(a_piece(alloy, grams, hallmarks=()), "gb").outcome is outcome


@pytest.mark.parametrize("mark", ["uk-hallmark", "common-control-mark"])
def test_either_mark_will_do_in_britain(mark: str) -> None:
    assert judge(a_piece(hallmarks=(mark,)), "gb").may_go_live


def test_what_is_missing_is_said_with_the_rule_and_its_source() -> None:
    (finding,) = judge(a_piece(hallmarks=()), "gb").findings
    assert finding.rule == "gb.hallmark.gold"
    assert "assay office" in finding.need
    assert finding.source.url.startswith("https://")


@pytest.mark.parametrize(("alloy", "allowed"), [("gold-999", True), ("gold-916", False)])
def test_chuk_kam_in_hong_kong_is_999(alloy: str, allowed: bool) -> None:
    verdict = judge(a_piece(alloy), "hk")
    assert ("足金" in verdict.names) is allowed
    assert ("足金" in verdict.forbidden_names) is not allowed


def test_hong_kong_wants_the_fineness_struck() -> None:
    assert judge(a_piece(hallmarks=("750",)), "hk").may_go_live
    assert judge(a_piece(hallmarks=()), "hk").outcome is Outcome.NEEDS


def test_treated_jade_and_grown_diamonds_are_named_so_in_hong_kong() -> None:
    jade = Stone("jadeite", 1, Decimal(5), StoneOrigin.NATURAL, treatment="impregnated")
    grown = Stone("diamond", 1, Decimal(1), StoneOrigin.LAB_GROWN, treatment="none")
    said = judge(a_piece("gold-999", stones=(jade, grown), hallmarks=("999",)), "hk").statements
    assert said == (
        "Treated fei cui",
        "Synthetic (man-made) diamond",
    )


@pytest.mark.parametrize("market", ["de", "jp"])
def test_where_marks_are_voluntary_none_is_asked(market: str) -> None:
    assert judge(a_piece(hallmarks=()), market).may_go_live


def test_america_keeps_the_bare_word_gold_for_24_karat() -> None:
    assert "Gold" in judge(a_piece("gold-750-yellow"), "us").forbidden_names
    assert "Gold" in judge(a_piece("gold-999"), "us").names


def test_a_plated_sterling_piece_is_vermeil_in_america() -> None:
    assert judge(a_piece("silver-925", plating="gold-vermeil"), "us").names == (
        "Sterling Silver", "Vermeil",
    )  # fmt: skip


def test_a_grown_stone_and_a_treated_one_are_disclosed_in_america() -> None:
    grown = Stone("diamond", 1, Decimal(1), StoneOrigin.LAB_GROWN, treatment="none")
    heated = Stone("sapphire", 2, Decimal(1), StoneOrigin.NATURAL, treatment="heated")
    pearl = Stone("pearl-white", 1, Decimal(4), StoneOrigin.CULTURED, treatment="none")
    assert judge(a_piece("gold-999", stones=(grown, heated, pearl)), "us").statements == (
        "Laboratory-grown stone",
        "Cultured pearl",
        "Treated stone: its passport names the treatment",
    )


def test_nickel_needs_a_release_test_in_germany_and_not_in_japan() -> None:
    piece = a_piece("gold-750-white", substances=("nickel-released",))
    assert judge(piece, "de").outcome is Outcome.NEEDS
    assert judge(piece, "jp").may_go_live


@pytest.mark.parametrize("market", ["us", "gb", "de", "jp"])
@pytest.mark.parametrize(
    ("carat", "country", "outcome"),
    [("0.5", "RU", Outcome.NOT_ALLOWED), ("0.49", "RU", None), ("0.5", "BW", None)],
)
def test_a_russian_diamond_of_half_a_carat_stays_out(
    market: str, carat: str, country: str, outcome: Outcome | None
) -> None:
    stone = Stone(
        "diamond", 1, Decimal(carat), StoneOrigin.NATURAL, treatment="none", country=country
    )
    verdict = judge(a_piece(stones=(stone,)), market)
    assert (verdict.outcome is Outcome.NOT_ALLOWED) is (outcome is Outcome.NOT_ALLOWED)


def test_a_test_report_settles_it() -> None:
    piece = a_piece(
        "gold-750-white",
        substances=("nickel-released",),
        certificates=("nickel-release-test",),
    )
    assert judge(piece, "de").may_go_live


def test_without_code_and_origin_no_duty_can_be_calculated() -> None:
    verdict = judge(a_piece(hs_code="", origin=""), "de")
    assert verdict.outcome is Outcome.NEEDS
    assert len(verdict.findings) == 2


def test_grams_of_all_metals_count_together() -> None:
    piece = a_piece(
        metals=(
            MetalPart("gold-750-yellow", Decimal("0.6")),
            MetalPart("gold-750-white", Decimal("0.4")),
        ),
        hallmarks=(),
    )
    assert judge(piece, "gb").outcome is Outcome.NEEDS
