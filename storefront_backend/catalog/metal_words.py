"""What the alloys are called, each for a translator to find, and a variant's name made of it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

ALLOYS: Mapping[str, str | Promise] = MappingProxyType(
    {
        "gold-999": _("24K gold (999)"),
        "gold-916": _("22K gold (916)"),
        "gold-750-yellow": _("18K yellow gold (750)"),
        "gold-750-white": _("18K white gold (750)"),
        "gold-750-rose": _("18K rose gold (750)"),
        "gold-585-yellow": _("14K yellow gold (585)"),
        "gold-585-white": _("14K white gold (585)"),
        "gold-585-rose": _("14K rose gold (585)"),
        "gold-375-yellow": _("9K yellow gold (375)"),
        "platinum-950": _("Platinum 950"),
        "palladium-950": _("Palladium 950"),
        "silver-925": _("Sterling silver (925)"),
        "silver-999": _("Fine silver (999)"),
    }
)


def variant_name(alloy: str, size_system: str, size: str, language: str) -> str:
    """A variant as a shopper tells it from its siblings: "18K yellow gold (750) · US 7"."""
    with override(language.lower()):
        words = [str(ALLOYS.get(alloy, alloy))] if alloy else []
    if size:
        words.append(f"{size_system.upper()} {size}".strip())
    return " · ".join(words)
