"""The pictures of a house at its desk: which is the logo, which are shown, in which order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from i18n.locales import LANGUAGES
from storefront_backend import wiring
from storefront_backend.catalog.page_content import PageContent
from storefront_backend.photographs.models import Photograph
from storefront_backend.scope.rows import Scope

_SHOWN_WIDTH = 320


def arranged(content: PageContent, key: str, do: str) -> PageContent:
    """The content after one act on a picture: logo, no-logo, show, hide, up or down."""
    ids = list(content.pictures)
    match do:
        case "logo":
            return replace(content, logo=key)
        case "no-logo":
            return replace(content, logo="")
        case "show" if key not in ids:
            ids.append(key)
        case "hide" if key in ids:
            ids.remove(key)
        case "up" | "down" if key in ids:
            here = ids.index(key)
            there = min(max(0, here + (-1 if do == "up" else 1)), len(ids) - 1)
            ids[here], ids[there] = ids[there], ids[here]
    return replace(content, pictures=tuple(ids))


def shown_pictures(scope: Scope, content: PageContent) -> list[dict[str, Any]]:
    """Those on the page first, in its order."""
    rows = scope.rows(Photograph).filter(product=None).prefetch_related("renditions")
    places = {key: place for place, key in enumerate(content.pictures)}
    ordered = sorted(rows, key=lambda row: places.get(str(row.pk), len(places)))
    return [_shown(row, content) for row in ordered]


def _shown(row: Photograph, content: PageContent) -> dict[str, Any]:
    files = [each for each in row.renditions.all() if each.media_type == "image/webp"]
    small = min(files, key=lambda each: abs(each.width - _SHOWN_WIDTH), default=None)
    return {
        "row": row,
        "picture": wiring.assets().url(small.key) if small else "",
        "width": small.width if small else None,
        "height": small.height if small else None,
        "is_logo": content.logo == str(row.pk),
        "is_shown": str(row.pk) in content.pictures,
        "alts": [
            {"code": code, "name": language.name, "text": row.alt.get(code, "")}
            for code, language in LANGUAGES.items()
        ],
    }
