"""Ring sizes as a shopper of a market reads them: in its own system first, then in others."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from i18n.market import Market
from i18n.ring_sizes import nearest, system
from i18n.sizes.model import Ring
from storefront_backend import wiring
from storefront_backend.catalog.reading import Variant

# What the trade writes before a number of that system.
_SIGNS: Mapping[str, str] = MappingProxyType(
    {
        "iso": "EU", "us": "US", "uk": "UK", "jp": "JP",
        "hk": "HK", "cn": "CN", "it": "IT", "ch": "CH",
    }
)  # fmt: skip
_ALSO = ("us", "iso", "jp")


def system_of(market: Market) -> str:
    """The system that the market's rulebook shows sizes in; ISO where it names none."""
    law = wiring.rulebook().market(market.code).on(wiring.now().date())
    shown = next((p.terms.system for p in law.periods if isinstance(p.terms, Ring)), "iso")
    return system(shown).code


def sizes(variant: Variant, market: Market) -> str:
    """ "US 7 · EU 54 · JP 14": the market's own first, then those that a guest may know.

    Without a measure in the passport, the brand's own label unchanged.
    """
    around = variant.passport.ring_size_mm
    if around is None:
        return f"{variant.ring_size_system.upper()} {variant.ring_size_label}".strip()
    codes = dict.fromkeys((system_of(market), *_ALSO))
    return " · ".join(f"{_SIGNS[code]} {nearest(code, around).label}" for code in codes)
