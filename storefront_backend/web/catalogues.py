"""Keeps the gettext catalogues in step with the code and the templates.

    python -m storefront_backend.web.catalogues            write the .po files
    python -m storefront_backend.web.catalogues --check    only say what is out of step or missing

| what speaks | in                                | its files                          |
|-------------|-----------------------------------|------------------------------------|
| the shop    | every language of i18n.locales    | i18n/locale/*/LC_MESSAGES          |
| the desk    | English, and both Chinese scripts | storefront_backend/desk/locale/*/… |
| sheets      | English, and both Chinese scripts | catalog_import/locale/*/…          |

A translator fills in the files; `make setup` compiles them. A string that the shop no longer says
leaves the file, and a new one comes in empty, never guessed from a similar one.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from i18n.locales import LANGUAGES, Language

ROOT = Path(__file__).resolve().parents[2]
LOCALES = ROOT / "i18n" / "locale"
_BACKEND = ROOT / "storefront_backend"
_KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
_STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_CALL = re.compile(rf"\b(?:np?|p)?gettext\(\s*{_STRING}(?:\s*,\s*(?:{_STRING}|\w+))*\s*\)")
# A date of its own in every header would make every run a change.
_DATE = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Speaker:
    """A part of the product with languages and catalogues of its own."""

    name: str
    folder: Path
    languages: tuple[Language, ...]
    keep: Callable[[Path], bool]  # whether a source file is of this part
    sources: Path = _BACKEND
    keywords: Mapping[str, Any] = field(default_factory=lambda: _KEYWORDS)

    def path_of(self, language: Language) -> Path:
        """Where a language's catalogue is stored."""
        return self.folder / language.folder / "LC_MESSAGES" / "django.po"


_OF_THE_DESK = {_BACKEND / "desk", _BACKEND / "notices" / "desk"}


def _is_desk(path: Path) -> bool:
    return not _OF_THE_DESK.isdisjoint(path.parents)


SHOP = Speaker("shop", LOCALES, tuple(LANGUAGES.values()), lambda path: not _is_desk(path))
DESK = Speaker(
    "desk",
    _BACKEND / "desk" / "locale",
    tuple(LANGUAGES[code] for code in ("zh-Hans", "zh-Hant")),
    _is_desk,
)

SHEETS = Speaker(
    "sheets",
    ROOT / "catalog_import" / "locale",
    tuple(LANGUAGES[code] for code in ("zh-Hans", "zh-Hant")),
    lambda path: True,
    ROOT / "catalog_import",
    {"say": None},
)


def said(speaker: Speaker = SHOP) -> Catalog:
    """Every string that a part says, from Python and from templates."""
    catalog = Catalog()
    for source in _sources(speaker):
        for _line, message, comments, context in extract(
            "python",
            io.BytesIO(source),
            keywords=dict(speaker.keywords),
            comment_tags=("Translators:",),
        ):
            catalog.add(message, auto_comments=comments, context=context)
    return catalog


def updated(language: Language, strings: Catalog, speaker: Speaker = SHOP) -> Catalog:
    """The language's catalogue with exactly these strings, keeping what is translated."""
    path = speaker.path_of(language)
    known = Catalog(locale=language.folder)
    if path.exists():
        with path.open("rb") as file:
            known = read_po(file, locale=language.folder)
    catalog = Catalog(
        locale=language.folder, project="Pavilion", creation_date=_DATE, revision_date=_DATE,
        last_translator="Pavilion", language_team=language.name, fuzzy=False, version="1",
        header_comment=f"# {language.name}", msgid_bugs_address="",
    )  # fmt: skip
    for message in strings:
        if not message.id:
            continue
        old = known.get(message.id, message.context)
        string = old.string if old else None
        if not string and language.code == "en":
            string = message.id
        catalog.add(
            message.id, string, auto_comments=message.auto_comments, context=message.context
        )
    return catalog


def missing(catalog: Catalog) -> list[str]:
    """The strings that have no translation, or not all of their plural forms."""
    return [
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalog
        if message.id
        and not all([message.string] if isinstance(message.string, str) else message.string or [""])
    ]


def path_of(language: Language) -> Path:
    """Where the shop's catalogue of a language is stored."""
    return SHOP.path_of(language)


def main(arguments: list[str] | None = None) -> int:
    """Write or check; 1 when something is out of step or missing."""
    parser = argparse.ArgumentParser(description="Bring the gettext catalogues up to date")
    parser.add_argument("--check", action="store_true", help="write nothing")
    check = parser.parse_args(arguments).check
    faults = sum(_bring_up_to_date(speaker, check=check) for speaker in (SHOP, DESK, SHEETS))
    return 1 if faults else 0


def _bring_up_to_date(speaker: Speaker, *, check: bool) -> int:
    strings, faults = said(speaker), 0
    for language in speaker.languages:
        catalog = updated(language, strings, speaker)
        text = _written(catalog)
        path = speaker.path_of(language)
        stale = not path.exists() or path.read_bytes() != text
        if stale and not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text)
        holes = missing(catalog)
        faults += len(holes) + (stale and check)
        print(f"{speaker.name} {language.code:8} {len(catalog):4} strings", end="")
        print(f", {len(holes)} missing", "and out of step" if stale and check else "")
    return faults


def _written(catalog: Catalog) -> bytes:
    file = io.BytesIO()
    write_po(file, catalog, width=100, no_location=True, sort_output=True, omit_header=False)
    return file.getvalue()


def _sources(speaker: Speaker) -> Iterator[bytes]:
    for path in filter(speaker.keep, _files(speaker.sources, ("*.py",))):
        if "migrations" not in path.parts:
            yield path.read_bytes()
    for path in filter(speaker.keep, _files(speaker.sources, ("*.html", "*.xml"))):
        # What is between the calls is filler that Python's own tokenizer refuses since 3.12.
        calls = _CALL.finditer(templatize(path.read_text(), origin=path.name))
        yield "\n".join(call[0] for call in calls).encode()


def _files(folder: Path, patterns: Iterable[str]) -> list[Path]:
    return sorted(path for pattern in patterns for path in folder.rglob(pattern))


if __name__ == "__main__":
    sys.exit(main())
