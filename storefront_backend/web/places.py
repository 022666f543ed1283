"""Which markets and languages the shop has, and what the address of a request says of them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.conf import settings
from django.http import HttpRequest

from i18n import locales
from i18n.errors import UnknownCode
from i18n.market import Market
from storefront_backend import wiring

# The interface's languages by how addresses write them: "zh-hant" is "zh-Hant".
LANGUAGES: Mapping[str, str] = MappingProxyType(
    {language.django: language.code for language in locales.LANGUAGES.values()}
)


class ShopRequest(HttpRequest):
    """A request below `/<market>/<language>/`; the middleware has set both."""

    market: Market
    language: str  # BCP 47


def markets() -> tuple[Market, ...]:
    """The markets we sell in, in the order of the settings."""
    return tuple(market for code in settings.MARKETS if (market := _known_market(code)) is not None)


def market_of(code: str) -> Market | None:
    """The market of that code, if we sell there."""
    return _known_market(code) if code in settings.MARKETS else None


def languages_of(market: Market) -> tuple[str, ...]:
    """What a market is offered in: its own languages, and English."""
    own = tuple(code for code in market.languages if code in LANGUAGES.values())
    return own if "en" in own else (*own, "en")


def _known_market(code: str) -> Market | None:
    try:
        return wiring.rulebook().market(code).market
    except UnknownCode:
        return None
