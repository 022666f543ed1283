"""The shop's strings: extracted, in step, and without a hole."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from i18n.locales import LANGUAGES, Language
from storefront_backend.web import catalogues

_PLACE = re.compile(r"%\(\w+\)s")


@pytest.fixture(scope="module")
def strings() -> object:
    return catalogues.said()


def test_strings_are_found_in_python_and_in_templates(strings: object) -> None:
    found = {message.id for message in strings if isinstance(message.id, str)}
    assert {"Add to bag", "18K yellow gold (750)", "from %(price)s"} <= found


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_catalogue_holds_exactly_what_the_shop_says(code: str, strings: object) -> None:
    language = LANGUAGES[code]
    with catalogues.path_of(language).open("rb") as file:
        kept = read_po(file, locale=language.folder)
    assert {(m.id, m.context) for m in kept} == {(m.id, m.context) for m in strings}


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_string_is_missing(code: str, strings: object) -> None:
    assert catalogues.missing(catalogues.updated(LANGUAGES[code], strings)) == []


@pytest.mark.parametrize("language", catalogues.DESK.languages, ids=lambda each: each.code)
def test_the_desks_catalogue_is_in_step_and_whole(language: Language) -> None:
    strings = catalogues.said(catalogues.DESK)
    with catalogues.DESK.path_of(language).open("rb") as file:
        kept = read_po(file, locale=language.folder)
    assert {(m.id, m.context) for m in kept} == {(m.id, m.context) for m in strings}
    assert catalogues.missing(kept) == []


@pytest.mark.parametrize("language", catalogues.DESK.languages, ids=lambda each: each.code)
def test_a_string_that_shop_and_desk_share_has_one_translation(language: Language) -> None:
    """Django shows the shop's; where the desk means another thing, its string has a context."""
    shop, desk = (
        {(m.id, m.context): m.string for m in read_po(path.open("rb"), locale=language.folder)}
        for path in (catalogues.path_of(language), catalogues.DESK.path_of(language))
    )
    shared = (shop.keys() & desk.keys()) - {("", None)}
    assert {key: desk[key] for key in shared} == {key: shop[key] for key in shared}


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_translation_keeps_the_places_of_its_string(code: str) -> None:
    path = Path(catalogues.path_of(LANGUAGES[code]))
    with path.open("rb") as file:
        catalog = read_po(file, locale=LANGUAGES[code].folder)
    for message in catalog:
        if message.id and isinstance(message.string, str) and isinstance(message.id, str):
            assert Counter(_PLACE.findall(message.string)) == Counter(_PLACE.findall(message.id))
