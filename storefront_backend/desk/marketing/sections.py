"""The way around the marketing desk. A new page is a line here and one in urls.py."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Section:
    """An entry of the navigation. `inner` are the names of pages that are reached from it.

    `space` is the namespace of its address: partners' pages have frames of their own.
    """

    name: str
    title: str | Promise
    inner: tuple[str, ...] = ()
    is_here: bool = False
    space: str = "marketing-desk"

    @property
    def view(self) -> str:
        """The name of its address."""
        return f"{self.space}:{self.name}"


SECTIONS: tuple[Section, ...] = (
    Section("start", _("Overview")),
    Section("campaigns", _("Campaigns"), ("campaign-new", "campaign", "campaign-offer")),
    Section("partners", _("Partners"), space="partners-desk"),
)


def sections_at(at: str) -> list[Section]:
    """All sections; `at` is the name of the page shown."""
    return [replace(each, is_here=at == each.name or at in each.inner) for each in SECTIONS]
