"""The faces of invoices have the letters of every language that the shop speaks."""

from __future__ import annotations

import pytest
from babel.messages.pofile import read_po

from i18n.locales import LANGUAGES
from storefront_backend.type_on_paper import Type
from storefront_backend.web import catalogues

# The scripts that are set in a face which PDF readers bring themselves.
IN_A_READERS_FACE = {"Hans", "Hant", "Jpan", "Kore"}


def letters_without_a_face(code: str, text: str) -> set[str]:
    """Letters that no embedded face has, in a language whose script needs one."""
    embedded = Type(code).embedded
    return {letter for letter in text if letter.isalpha() and ord(letter) not in embedded}


@pytest.mark.parametrize(
    "code", [each.code for each in LANGUAGES.values() if each.script not in IN_A_READERS_FACE]
)
def test_every_letter_of_the_catalogue_is_embedded(code: str) -> None:
    with catalogues.path_of(LANGUAGES[code]).open("rb") as file:
        catalogue = read_po(file, locale=LANGUAGES[code].folder)
    said = "".join(str(message.string) for message in catalogue if message.id)
    assert letters_without_a_face(code, said) == set()


def test_a_script_without_a_face_would_be_seen() -> None:
    assert letters_without_a_face("en", "Ring कंगन") != set()
