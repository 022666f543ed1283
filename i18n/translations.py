"""The rulebook's own texts in other languages: sentences about a price, titles of rules.

They are stored in i18n/locale/<language>/LC_MESSAGES/rulebook.po and read as they are, so that a
translator's change needs no compiler. `landed-cost messages` prints the template.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from i18n.locales import LANGUAGES, language

FOLDER = Path(__file__).parent / "locale"


def translator(code: str) -> Callable[[str], str]:
    """A function from English to a language, by its fallback chain; English where none has it.

    UnknownCode for a language we do not speak.
    """
    chain = [texts(each) for each in language(code).chain if each != "en"]

    def translate(message: str) -> str:
        for known in chain:
            if message in known:
                return known[message]
        return message

    return translate


@cache
def texts(code: str) -> Mapping[str, str]:
    """What is translated into one language, without its fallbacks."""
    path = FOLDER / LANGUAGES[code].folder / "LC_MESSAGES" / "rulebook.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalog = read_po(file, locale=LANGUAGES[code].folder)
    return {
        message.id: message.string
        for message in catalog
        if isinstance(message.id, str)
        and isinstance(message.string, str)
        and message.id
        and message.string
        and not message.fuzzy
    }
