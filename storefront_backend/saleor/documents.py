"""The GraphQL that we send: one operation a file under operations/, loaded by name.

A file's first line says whether sending it twice does no more than once:

    # repeat: yes     a query, or a mutation whose repetition is idempotent (unique key, same value)
    # repeat: no      after a cut line somebody must look first

`operations/webhooks/` holds subscriptions: Saleor runs those, we only hand them over.

Where a selection needs a translation into each language of the shop, the line

    # translations: name description

is short for one field a language, `t_DE: translation(languageCode: DE) { name description }`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from storefront_backend.saleor.vocabulary import TRANSLATED, language_code

_HEAD = re.compile(r"\A# repeat: (yes|no)\n")
_TRANSLATIONS = re.compile(r"^( *)# translations: ([\w ]+)$", re.MULTILINE)
_NAME = re.compile(r"^(query|mutation|subscription)\s+(\w+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Document:
    """An operation; `name` is the one in its text, which Saleor's traces show too."""

    name: str
    text: str
    kind: str  # query, mutation, subscription
    repeatable: bool


def with_translations(text: str, languages: Iterable[str] = TRANSLATED) -> str:
    """The text with a field a language in place of each line `# translations: …`."""
    codes = [language_code(language) for language in languages]

    def fields(line: re.Match[str]) -> str:
        indent, wanted = line.groups()
        return "\n".join(
            f"{indent}t_{code}: translation(languageCode: {code}) {{ {wanted} }}" for code in codes
        )

    return _TRANSLATIONS.sub(fields, text)


@cache
def document(path: str) -> Document:
    """The operation in `operations/<path>.graphql`."""
    text = files(__package__).joinpath("operations", f"{path}.graphql").read_text("utf-8")
    head, name = _HEAD.match(text), _NAME.search(text)
    if head is None or name is None:
        raise ValueError(f"{path}.graphql needs a '# repeat:' line and a named operation")
    sent = with_translations(text[head.end() :])
    return Document(name[2], sent, name[1], head[1] == "yes")
