"""Texts in all languages: missing, stale, drafted; saved unless somebody was faster."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from storefront_backend.catalog.models import Brand, Product, TextDraft
from storefront_backend.scope.rows import Scope
from storefront_backend.texts import exchange
from storefront_backend.texts.drafts import draft_missing
from storefront_backend.texts.exchange import TranslationsRefused
from storefront_backend.texts.saving import Saved, TextChange, save_texts
from storefront_backend.texts.state import State, Translation, translations
from storefront_backend.texts.subjects import TextKey, digest
from tests.builders import make_brand, make_product
from tests.fakes.translator import FakeTranslator

pytestmark = pytest.mark.django_db


@pytest.fixture
def lotus() -> Brand:
    return make_brand("lotus", names={"en": "Lotus"})


def ring_of(brand: Brand, **names: str) -> Product:
    return make_product(brand, code="R-1", names={k.replace("_", "-"): v for k, v in names.items()})


def of_pieces(brand: Brand, language: str) -> list[Translation]:
    return list(translations(Scope(frozenset({brand.pk})), (language,), subject="product"))


def change(
    piece: Product, language: str, text: str, *, seen: str = "", source: str = ""
) -> TextChange:
    key = TextKey("product", piece.pk, "names")
    return TextChange(
        key, language, text, digest(seen), "zh-Hans" if source else "", digest(source)
    )


def saved(brand: Brand, *changes: TextChange) -> Saved:
    return save_texts(Scope(frozenset({brand.pk})), changes)


def test_a_text_without_a_translation_is_missing(lotus: Brand) -> None:
    ring_of(lotus, zh_Hans="木棉戒指")
    [found] = of_pieces(lotus, "ja")
    assert (found.state, found.source, found.target) == (State.MISSING, "木棉戒指", "")


def test_a_translation_is_stale_when_its_original_changed_after_it(lotus: Brand) -> None:
    piece = ring_of(lotus, zh_Hans="木棉戒指", en="Kapok ring")
    assert of_pieces(lotus, "en")[0].state is State.DONE
    Product.objects.filter(pk=piece.pk).update(names={"zh-Hans": "红棉戒指", "en": "Kapok ring"})
    assert of_pieces(lotus, "en")[0].state is State.STALE


def test_a_stale_translation_is_done_once_it_is_written_again(lotus: Brand) -> None:
    piece = ring_of(lotus, zh_Hans="木棉戒指", en="Kapok ring")
    Product.objects.filter(pk=piece.pk).update(names={"zh-Hans": "红棉戒指", "en": "Kapok ring"})
    saved(lotus, change(piece, "en", "Red kapok ring", seen="Kapok ring"))
    assert of_pieces(lotus, "en")[0].state is State.DONE


def test_a_text_that_somebody_changed_since_is_not_overwritten(lotus: Brand) -> None:
    piece = ring_of(lotus, zh_Hans="木棉戒指", ja="木綿の指輪")
    result = saved(lotus, change(piece, "ja", "古い訳", seen="以前の訳"))
    piece.refresh_from_db()
    assert [each.code for each in result.refused] == ["changed_since"]
    assert piece.names["ja"] == "木綿の指輪"


def test_a_translation_of_an_older_original_is_refused(lotus: Brand) -> None:
    piece = ring_of(lotus, zh_Hans="红棉戒指")
    result = saved(lotus, change(piece, "ja", "木綿の指輪", source="木棉戒指"))
    assert [each.code for each in result.refused] == ["source_changed"]


def test_the_text_of_another_brand_is_unknown(lotus: Brand) -> None:
    theirs = ring_of(make_brand("crane"), zh_Hans="仙鹤戒指")
    result = saved(lotus, change(theirs, "ja", "鶴の指輪"))
    theirs.refresh_from_db()
    assert [each.code for each in result.refused] == ["unknown_text"]
    assert "ja" not in theirs.names


def test_a_saved_text_is_found_by_search_and_relisted(lotus: Brand) -> None:
    piece = ring_of(lotus, zh_Hans="木棉戒指")
    Product.objects.filter(pk=piece.pk).update(relist_needed_at=None)
    assert saved(lotus, change(piece, "en", "Kapok ring")).written == 1
    piece.refresh_from_db()
    assert piece.relist_needed_at is not None
    assert "kapok" in str(piece.search)


@pytest.mark.parametrize("text", ["=1+1", "木綿の指輪", "<b>ring</b> & co\nsecond line"])
@pytest.mark.parametrize("as_xliff", [False, True])
def test_what_a_translator_fills_in_comes_back(
    lotus: Brand, tmp_path: Path, text: str, as_xliff: bool
) -> None:
    piece = ring_of(lotus, zh_Hans="=木棉戒指")
    found = of_pieces(lotus, "ja")
    if as_xliff:
        store = exchange.xlifffile.parsestring(exchange.xliff(found, "zh-Hans", "ja"))
        [unit] = store.getunits()
        unit.target = text
        changes = exchange.read_xliff(bytes(store))
    else:
        path = tmp_path / "texts.xlsx"
        path.write_bytes(exchange.workbook(found, "zh-Hans", "ja"))
        book = load_workbook(path)
        book.active["D2"].value, book.active["D2"].data_type = text, "s"
        book.save(path)
        changes = exchange.read_workbook(path)
    assert saved(lotus, *changes).written == 1
    piece.refresh_from_db()
    assert piece.names == {"zh-Hans": "=木棉戒指", "ja": text}


def test_an_original_that_begins_as_a_formula_is_a_text_in_the_workbook(
    lotus: Brand, tmp_path: Path
) -> None:
    ring_of(lotus, zh_Hans="=HYPERLINK(1)")
    (tmp_path / "t.xlsx").write_bytes(exchange.workbook(of_pieces(lotus, "ja"), "zh-Hans", "ja"))
    assert load_workbook(tmp_path / "t.xlsx").active["C2"].data_type == "s"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not xml",
        b"<xliff/>",
        b'<!DOCTYPE x [<!ENTITY a "b">]><xliff version="1.2">&a;</xliff>',
    ],
)
def test_a_file_that_is_no_xliff_of_ours_is_refused(content: bytes) -> None:
    with pytest.raises(TranslationsRefused):
        exchange.read_xliff(content)


def test_a_draft_is_no_text_until_a_person_saves_it(lotus: Brand) -> None:
    piece = ring_of(lotus, zh_Hans="木棉戒指")
    assert draft_missing(lotus, "ja", FakeTranslator(), most=10) == 1
    piece.refresh_from_db()
    [found] = of_pieces(lotus, "ja")
    assert (found.state, found.draft) == (State.DRAFTED, "[JA] 木棉戒指")
    assert "ja" not in piece.names
    saved(lotus, change(piece, "ja", found.draft))
    assert not TextDraft.objects.exists()
    assert of_pieces(lotus, "ja")[0].state is State.DONE


def test_a_draft_of_an_older_original_is_made_again(lotus: Brand) -> None:
    piece = ring_of(lotus, zh_Hans="木棉戒指")
    draft_missing(lotus, "ja", FakeTranslator(), most=10)
    Product.objects.filter(pk=piece.pk).update(names={"zh-Hans": "红棉戒指"})
    assert of_pieces(lotus, "ja")[0].state is State.MISSING
    assert draft_missing(lotus, "ja", FakeTranslator(), most=10) == 1


def test_a_second_run_drafts_nothing_again(lotus: Brand) -> None:
    ring_of(lotus, zh_Hans="木棉戒指")
    machine = FakeTranslator()
    draft_missing(lotus, "ja", machine, most=10)
    assert draft_missing(lotus, "ja", machine, most=10) == 0
    assert len(machine.calls) == 1
