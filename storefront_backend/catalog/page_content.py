"""What a brand's page says, as a value: public, drafted, or both merged."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from types import MappingProxyType
from typing import Any

from storefront_backend.catalog.brand_pages import PageDraft, PublishedPage
from storefront_backend.catalog.models import Brand

# The most characters of a text in one language.
LONGEST: Mapping[str, int] = MappingProxyType({"taglines": 200, "stories": 10_000, "cities": 80})
_REST = ("founded", "hero", "film", "film_key", "logo", "pictures")


@dataclass(frozen=True, slots=True)
class PageContent:
    """`hero` is a product's id; `logo` and `pictures` are photographs' ids; texts by language.

    `film` is an https address elsewhere, `film_key` a file of our own.
    """

    taglines: Mapping[str, str] = field(default_factory=dict)
    stories: Mapping[str, str] = field(default_factory=dict)
    cities: Mapping[str, str] = field(default_factory=dict)
    founded: int | None = None
    hero: int | None = None
    film: str = ""
    film_key: str = ""
    logo: str = ""
    pictures: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain values, without empty texts."""
        return {**asdict(self), "pictures": list(self.pictures)} | {
            name: {code: text for code, text in getattr(self, name).items() if text}
            for name in LONGEST
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> PageContent:
        """The content that `to_json` wrote."""
        return cls(**{**raw, "pictures": tuple(raw.get("pictures", ()))})

    @property
    def version(self) -> str:
        """The same for the same content: what a form was made from."""
        text = json.dumps(self.to_json(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def missing(self, languages: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
        """By language the texts that it lacks and some other language has."""
        used = [name for name in LONGEST if any(getattr(self, name).values())]
        found = {
            code: tuple(name for name in used if not getattr(self, name).get(code))
            for code in languages
        }
        return {code: names for code, names in found.items() if names}


def public_content(brand: Brand) -> PageContent:
    """What shoppers see now."""
    texts: dict[str, Any] = {name: dict(getattr(brand, name) or {}) for name in LONGEST}
    page = PublishedPage.objects.filter(brand=brand).first()
    content = PageContent(**texts, founded=brand.founded)
    if page is None:
        return content
    return replace(
        content,
        hero=page.hero_id,
        film=page.film,
        film_key=page.film_key,
        logo=page.logo,
        pictures=tuple(page.pictures),
    )


def drafted_content(brand: Brand) -> PageContent:
    """What shoppers would see if the draft were published now; without one, what they see."""
    live = public_content(brand)
    draft = PageDraft.objects.filter(brand=brand).first()
    return merged(draft, live) if draft else live


def merged(draft: PageDraft, live: PageContent) -> PageContent:
    """The draft's changes over what is public now: a text that only others changed stays theirs."""
    body, base = PageContent.from_json(draft.body), PageContent.from_json(draft.base)
    texts: dict[str, Any] = {
        name: _over(getattr(body, name), getattr(base, name), getattr(live, name))
        for name in LONGEST
    }
    rest = {
        name: getattr(body if getattr(body, name) != getattr(base, name) else live, name)
        for name in _REST
    }
    return PageContent(**texts, **rest)


def _over(
    body: Mapping[str, str], base: Mapping[str, str], live: Mapping[str, str]
) -> dict[str, str]:
    found = dict(live)
    for code in {*body, *base}:
        if body.get(code, "") != base.get(code, ""):
            found[code] = body.get(code, "")
    return {code: text for code, text in found.items() if text}
