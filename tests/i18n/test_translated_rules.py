"""The rulebook in the shopper's language: every title and need, counted and in step."""

from __future__ import annotations

import pytest

from i18n.explain import LABELS, MESSAGES, rulebook_messages
from i18n.locales import LANGUAGES
from i18n.rulebook import load_rulebook
from i18n.translations import texts, translator

SPOKEN = [code for code in LANGUAGES if code != "en"]
SAID = {*MESSAGES, *rulebook_messages(load_rulebook())}
# Fallbacks and loan words may stand as they are; a whole sentence of English may not.
SAME_EVERYWHERE = 12


@pytest.mark.parametrize("code", SPOKEN)
def test_no_text_of_the_rulebook_is_missing(code: str) -> None:
    missing = sorted(SAID - set(texts(code)))
    assert missing == [], f"{len(missing)} missing in {code}: run landed-cost messages"


@pytest.mark.parametrize("code", SPOKEN)
def test_no_translation_outlives_its_text(code: str) -> None:
    assert set(texts(code)) - SAID == set()


@pytest.mark.parametrize("code", SPOKEN)
def test_no_translation_is_the_english_again(code: str) -> None:
    same = [text for text, said in texts(code).items() if said == text and "%(" not in text]
    assert [text for text in same if len(text) > SAME_EVERYWHERE] == []


@pytest.mark.parametrize("code", ["ja", "ko", "zh-Hans", "zh-Hant", "ar", "th"])
def test_a_translation_is_written_in_its_own_script(code: str) -> None:
    first = {"ja": "\u3040", "ko": "\uac00", "zh-Hans": "\u4e00", "zh-Hant": "\u4e00"}
    start = first.get(code, {"ar": "\u0600", "th": "\u0e00"}.get(code, ""))
    plain = [said for text, said in texts(code).items() if text not in LABELS and "%(" not in text]
    assert [said for said in plain if not any(letter >= start for letter in said)] == []


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("zh-Hans", "增值税，标准税率"),
        ("zh-Hant", "增值稅，標準稅率"),
        ("ja", "付加価値税、標準税率"),
        ("ko", "부가가치세, 표준세율"),
        ("fr", "Taxe sur la valeur ajoutée, taux normal"),
        ("de", "Mehrwertsteuer, Regelsatz"),
        ("it", "Imposta sul valore aggiunto, aliquota ordinaria"),
        ("ar", "ضريبة القيمة المضافة، النسبة الأساسية"),
        ("th", "ภาษีมูลค่าเพิ่ม อัตราปกติ"),
        ("ms", "Cukai nilai tambah, kadar standard"),
    ],
)
def test_taxes_carry_the_name_that_the_law_gives_them(code: str, said: str) -> None:
    assert translator(code)("Value added tax, standard rate") == said
