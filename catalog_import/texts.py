"""What is said to people, in the language they read.

`say("{count} rows", count=3)` is a str, the English sentence. It remembers its template and its
parameters, so that `text(said, "zh-Hant")` says the same in another language, also after a round
trip through JSON. Templates are gettext's message ids: catalogues are in catalog_import/locale.
"""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

_LOCALES = Path(__file__).with_name("locale")
DOMAIN = "django"  # as the product's other catalogues are called
# A reader of one Chinese script reads the other; both before English.
_CHAINS = {"zh-hans": ("zh_Hans", "zh_Hant"), "zh-hant": ("zh_Hant", "zh_Hans")}


class Text(str):
    """An English sentence that can be said in other languages, too."""

    __slots__ = ("parameters", "template")
    template: str
    parameters: Mapping[str, Any]

    def __new__(cls, template: str, parameters: Mapping[str, Any]) -> Self:
        """The sentence; a template that does not fit its parameters is shown as it is."""
        made = super().__new__(cls, _filled(template, parameters))
        made.template, made.parameters = template, parameters
        return made

    def __reduce__(self) -> tuple[type[Text], tuple[str, Mapping[str, Any]]]:
        return Text, (self.template, self.parameters)


def say(template: str, **parameters: Any) -> Text:
    """A sentence with its parameters; each may be a Text itself."""
    return Text(template, parameters)


def text(said: str, language: str) -> str:
    """The sentence in a language; in English where the catalogues do not have it."""
    if not isinstance(said, Text):
        return said
    template = _translated(said.template, language) if said.template else ""
    return _filled(template, {k: _in(v, language) for k, v in said.parameters.items()})


def to_json(said: str) -> Any:
    """Plain values for a sentence: a str, or {"template", "parameters"}."""
    if not isinstance(said, Text):
        return said
    return {
        "template": said.template,
        "parameters": {name: _plain(value) for name, value in said.parameters.items()},
    }


def from_json(raw: Any) -> str:
    """The sentence that `to_json` wrote."""
    if not isinstance(raw, Mapping):
        return str(raw)
    parameters = {
        name: from_json(value) if isinstance(value, Mapping) else value
        for name, value in raw["parameters"].items()
    }
    return Text(raw["template"], parameters)


def _plain(value: Any) -> Any:
    if isinstance(value, Text):
        return to_json(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _in(value: Any, language: str) -> Any:
    return text(value, language) if isinstance(value, Text) else value


def _filled(template: str, parameters: Mapping[str, Any]) -> str:
    if not parameters:
        return template
    try:
        return template.format_map(parameters)
    except (KeyError, ValueError, IndexError, AttributeError, TypeError):
        return template


def _translated(template: str, language: str) -> str:
    catalogue = _catalogue(language.lower())
    return catalogue.gettext(template) if catalogue else template


@lru_cache(maxsize=16)
def _catalogue(language: str) -> gettext.NullTranslations | None:
    chain = _CHAINS.get(language)
    if chain is None:
        return None
    return gettext.translation(DOMAIN, _LOCALES, languages=chain, fallback=True)
