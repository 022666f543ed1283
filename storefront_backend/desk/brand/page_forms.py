"""What is posted about a brand's page, read and checked: every fault at its field."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from django.http import QueryDict
from django.utils.translation import gettext as _

from i18n.locales import LANGUAGES
from storefront_backend.catalog.models import Product
from storefront_backend.catalog.page_content import LONGEST, PageContent
from storefront_backend.desk.brand.seat import Seat

_EARLIEST = 1000
_LONGEST_ADDRESS = 500

type Faults = dict[str, str]


def posted_content(
    posted: QueryDict, before: PageContent, seat: Seat, this_year: int
) -> tuple[PageContent, Faults]:
    """The content with what the form says, and what is wrong, by the name of a field."""
    faults: Faults = {}
    texts: dict[str, Any] = {
        field: _texts(posted, field, dict(getattr(before, field)), faults) for field in LONGEST
    }
    content = replace(
        before,
        **texts,
        founded=_year(posted, this_year, faults),
        hero=_hero(posted, seat, faults),
        film=_film(posted, faults),
    )
    return content, faults


def _texts(posted: QueryDict, field: str, kept: dict[str, str], faults: Faults) -> dict[str, str]:
    for code in LANGUAGES:
        name = f"{field}-{code}"
        if name not in posted:
            continue
        text = posted.get(name, "").replace("\r\n", "\n").strip()
        if len(text) > LONGEST[field]:
            faults[name] = _("At most %(n)s characters.") % {"n": LONGEST[field]}
        elif any(unicodedata.category(each) in ("Cc", "Cs") and each != "\n" for each in text):
            faults[name] = _("The text has characters that cannot be shown.")
        kept[code] = text
    return {code: text for code, text in kept.items() if text}


def _year(posted: QueryDict, this_year: int, faults: Faults) -> int | None:
    text = posted.get("founded", "").strip()
    if not text:
        return None
    year = int(text) if text.isascii() and text.isdecimal() and len(text) <= 4 else 0
    if not _EARLIEST <= year <= this_year:
        faults["founded"] = _("Enter a year, as 1987.")
        return None
    return year


def _hero(posted: QueryDict, seat: Seat, faults: Faults) -> int | None:
    chosen = posted.get("hero", "")
    if not chosen:
        return None
    rows = seat.scope.rows(Product).filter(pk=int(chosen) if chosen.isdecimal() else 0)
    found = rows.values_list("pk", flat=True).first()
    if found is None:
        faults["hero"] = _("Choose one of your pieces.")
    return found


def _film(posted: QueryDict, faults: Faults) -> str:
    address = posted.get("film", "").strip()
    if not address:
        return ""
    try:
        parts = urlsplit(address)
        bad = parts.scheme != "https" or not parts.hostname or parts.username is not None
    except ValueError:
        bad = True
    if bad or len(address) > _LONGEST_ADDRESS or not address.isprintable():
        faults["film"] = _("Enter an address that starts with https://")
    return address
