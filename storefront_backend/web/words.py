"""The trade's words: kinds of pieces, alloys, stones and states, each for a translator to find."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from i18n.passport import Stone
from storefront_backend.catalog.metal_words import ALLOYS as ALLOYS

type Words = Mapping[str, str | Promise]

KINDS: Words = MappingProxyType(
    {
        "ring": _("Rings"),
        "bangle": _("Bangles"),
        "bracelet": _("Bracelets"),
        "pendant": _("Pendants"),
        "necklace": _("Necklaces"),
        "earrings": _("Earrings"),
        "chain": _("Chains"),
        "brooch": _("Brooches"),
    }
)
KIND: Words = MappingProxyType(
    {
        "ring": _("Ring"),
        "bangle": _("Bangle"),
        "bracelet": _("Bracelet"),
        "pendant": _("Pendant"),
        "necklace": _("Necklace"),
        "earrings": pgettext_lazy("one piece", "Earrings"),
        "chain": _("Chain"),
        "brooch": _("Brooch"),
    }
)
STONES: Words = MappingProxyType(
    {
        "diamond": _("Diamond"),
        "ruby": _("Ruby"),
        "sapphire": _("Sapphire"),
        "emerald": _("Emerald"),
        "spinel": _("Spinel"),
        "tourmaline": _("Tourmaline"),
        "topaz": _("Topaz"),
        "amethyst": _("Amethyst"),
        "citrine": _("Citrine"),
        "peridot": _("Peridot"),
        "jadeite": _("Jadeite jade"),
        "nephrite": _("Nephrite jade"),
        "amber": _("Amber"),
        "coral": _("Coral"),
        "pearl-white": _("White pearl"),
        "pearl-black": _("Black pearl"),
        "cultured pearl-white": _("Cultured white pearl"),
        "cultured pearl-black": _("Cultured black pearl"),
        "turquoise": _("Turquoise"),
        "onyx": _("Onyx"),
        "opal": _("Opal"),
        "cubic-zirconia": _("Cubic zirconia"),
        "moissanite": _("Moissanite"),
    }
)
STONE_ORIGINS: Words = MappingProxyType(
    {
        "natural": pgettext_lazy("stone", "natural"),
        "cultured": pgettext_lazy("stone", "cultured"),
        "lab-grown": pgettext_lazy("stone", "laboratory-grown"),
        "imitation": pgettext_lazy("stone", "imitation"),
        "unknown": pgettext_lazy("stone", "origin not stated"),
    }
)
TREATMENTS: Words = MappingProxyType(
    {
        "none": pgettext_lazy("stone", "untreated"),
        "heated": pgettext_lazy("stone", "heated"),
        "oiled": pgettext_lazy("stone", "oiled"),
        "irradiated": pgettext_lazy("stone", "irradiated"),
        "dyed": pgettext_lazy("stone", "dyed"),
        "unknown": pgettext_lazy("stone", "treatment not stated"),
    }
)
FACT_STATES: Words = MappingProxyType(
    {
        "verified": pgettext_lazy("fact", "Verified"),
        "declared": pgettext_lazy("fact", "Declared by the house"),
        "unknown": pgettext_lazy("fact", "Not stated"),
    }
)
DIMENSIONS: Words = MappingProxyType(
    {
        "width": _("Width"),
        "height": _("Height"),
        "depth": _("Depth"),
        "length": _("Length"),
        "inner_diameter": _("Inner diameter"),
    }
)
CUTS: Words = MappingProxyType(
    {
        "round brilliant": pgettext_lazy("cut", "round brilliant"),
        "oval brilliant": pgettext_lazy("cut", "oval brilliant"),
        "princess": pgettext_lazy("cut", "princess"),
        "round": pgettext_lazy("cut", "round"),
        "cabochon": pgettext_lazy("cut", "cabochon"),
        "tablet": pgettext_lazy("cut", "tablet"),
        "bangle": pgettext_lazy("cut", "bangle"),
        "disc": pgettext_lazy("cut", "disc"),
    }
)
PLATINGS: Words = MappingProxyType(
    {"rhodium": _("Rhodium"), "gold-vermeil": _("Gold on silver (vermeil)")}
)
FINISHES: Words = MappingProxyType(
    {
        "polished": pgettext_lazy("finish", "Polished"),
        "brushed": pgettext_lazy("finish", "Brushed"),
        "hammered": pgettext_lazy("finish", "Hammered"),
        "satin": pgettext_lazy("finish", "Satin"),
        "matte": pgettext_lazy("finish", "Matte"),
        "sandblasted": pgettext_lazy("finish", "Sandblasted"),
    }
)
HALLMARKS: Words = MappingProxyType(
    {
        "common-control-mark": _("Convention mark (CCM)"),
        "uk-hallmark": _("UK hallmark"),
        "uae-official-stamp": _("UAE official stamp"),
        "uae-recognised-stamp": _("Stamp recognised in the UAE"),
        "eea-title-mark": _("Maker's and fineness mark of the EEA"),
        "fr-guarantee": _("French guarantee punch"),
        "fr-responsibility": _("French punch of responsibility"),
        "it-identification": _("Italian identification mark"),
        "saudi-hallmark": _("Saudi hallmark"),
        "saudi-registered-mark": _("Mark registered in Saudi Arabia"),
        "bis-huid": _("Indian hallmark (BIS, HUID)"),
        "fineness-mark": _("Mark of fineness"),
    }
)
COST_KINDS: Words = MappingProxyType(
    {
        "goods": _("Goods, before tax"),
        "shipping": _("Insured delivery"),
        "insurance": _("Transport insurance"),
        "duty": _("Import duty"),
        "tax": _("Sales tax or VAT"),
        "fee": _("Customs fee"),
    }
)
REGIONS: Words = MappingProxyType({"CA-ON": _("Ontario")})
RULE_STATES: Words = MappingProxyType(
    {
        "in-force": pgettext_lazy("rule", "In force"),
        "disputed": pgettext_lazy("rule", "Sources disagree"),
        "unknown": pgettext_lazy("rule", "Not known"),
    }
)
TOPICS: Words = MappingProxyType(
    {
        "tax": _("Tax"),
        "customs": _("Customs"),
        "hallmark": _("Hallmarks"),
        "naming": _("Names of metals and stones"),
        "restriction": _("What may not be sent"),
        "sizes": _("Sizes"),
        "consumer": _("Your right to return"),
    }
)
ORDER_STATES: Words = MappingProxyType(
    {
        "unfulfilled": pgettext_lazy("order", "Being prepared"),
        "partially_fulfilled": pgettext_lazy("order", "Partly shipped"),
        "fulfilled": pgettext_lazy("order", "Shipped"),
        "canceled": pgettext_lazy("order", "Cancelled"),
        "returned": pgettext_lazy("order", "Returned"),
    }
)
PARCEL_STATES: Words = MappingProxyType(
    {
        "waiting": pgettext_lazy("order", "Being prepared"),
        "fulfilled": pgettext_lazy("order", "Shipped"),
        "canceled": pgettext_lazy("order", "Cancelled"),
    }
)
SORTS: Words = MappingProxyType(
    {
        "newest": _("Newest first"),
        "price-up": _("Price: low to high"),
        "price-down": _("Price: high to low"),
    }
)


def word(words: Words, code: str) -> str:
    """The word for a code; the code itself, spelt out, where the trade has a newer one."""
    return str(words.get(code) or code.replace("-", " ").capitalize())


def stone(stone: Stone) -> str:
    """What it is and where from: "Diamond (natural)".

    Of a cultured pearl the word comes right before pearl, as 16 CFR 23.20(b) wants.
    """
    if whole := STONES.get(f"{stone.origin.value} {stone.kind}"):
        return str(whole)
    return f"{word(STONES, stone.kind)} ({word(STONE_ORIGINS, stone.origin.value)})"
