"""Which texts of a brand are translated, and from which language."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.db.models import Model

from storefront_backend.campaigns.models import Story
from storefront_backend.catalog.models import Brand, Collection, Product
from storefront_backend.scope.rows import Scope

# A brand writes in Chinese first; where it did not, its English is the original.
ORIGINALS = ("zh-Hans", "zh-Hant", "en")


@dataclass(frozen=True, slots=True)
class Subject:
    """A table with texts; `longest` is the most characters of one, by field."""

    model: type[Model]
    title: str  # the column that names a row to people
    longest: Mapping[str, int]


SUBJECTS: Mapping[str, Subject] = MappingProxyType(
    {
        "product": Subject(Product, "code", {"names": 200, "descriptions": 5_000}),
        "collection": Subject(Collection, "slug", {"names": 120}),
        "brand": Subject(Brand, "slug", {"taglines": 200, "stories": 10_000, "cities": 80}),
        "story": Subject(Story, "slug", {"titles": 200, "bodies": 20_000}),
    }
)


@dataclass(frozen=True, slots=True)
class TextKey:
    """One text, whatever its language: "product:12:names"."""

    subject: str
    object_id: int
    field: str

    def __str__(self) -> str:
        return f"{self.subject}:{self.object_id}:{self.field}"

    @classmethod
    def parsed(cls, text: str) -> TextKey | None:
        """None for anything that is not the key of a text."""
        subject, _, rest = text.strip().partition(":")
        number, _, field = rest.partition(":")
        known = SUBJECTS.get(subject)
        if known is None or field not in known.longest:
            return None
        if not (number.isascii() and number.isdigit() and len(number) < 16):
            return None
        return cls(subject, int(number), field)


@dataclass(frozen=True, slots=True)
class Text:
    """One text with its values by language. `original` is "" where there is none to translate."""

    key: TextKey
    title: str
    values: Mapping[str, str]

    @property
    def original(self) -> str:
        """The language that it was written in."""
        return next((each for each in ORIGINALS if self.values.get(each)), "")


def texts_of(
    scope: Scope, *, subject: str = "", ids: frozenset[int] | None = None
) -> Iterator[Text]:
    """The brand's texts in the order of the desk: pieces by code, then the rest."""
    for name, each in SUBJECTS.items():
        if subject and name != subject:
            continue
        rows = scope.rows(each.model).order_by(each.title, "pk")
        if ids is not None:
            rows = rows.filter(pk__in=ids)
        for row in rows.values("pk", each.title, *each.longest):
            for field in each.longest:
                values = {code: text for code, text in (row[field] or {}).items() if text}
                yield Text(TextKey(name, row["pk"], field), str(row[each.title]), values)


def digest(text: str) -> str:
    """By which a text is known again; short, since nothing but its own change has to be told."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]
