"""The way around the marketing desk. A new page is a line here and one in urls.py."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Section:
    """An entry of the navigation. `inner` are the names of pages that are reached from it."""

    name: str
    title: str | Promise
    inner: tuple[str, ...] = ()
    is_here: bool = False


SECTIONS: tuple[Section, ...] = (
    Section("start", _("Overview")),
    Section("campaigns", _("Campaigns"), ("campaign-new", "campaign", "campaign-offer")),
)


def sections_at(at: str) -> list[Section]:
    """All sections; `at` is the name of the page shown."""
    return [replace(each, is_here=at == each.name or at in each.inner) for each in SECTIONS]
