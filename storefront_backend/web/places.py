"""Which markets and languages the shop has, and what the address of a request says of them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from i18n import locales
from i18n.errors import UnknownCode
from i18n.market import Market
from storefront_backend import wiring

# The interface's languages by how addresses write them: "zh-hant" is "zh-Hant".
LANGUAGES: Mapping[str, str] = MappingProxyType(
    {language.django: language.code for language in locales.LANGUAGES.values()}
)

# Where people look for their country; a market whose country is in none comes last.
_REGIONS: Mapping[str | Promise, tuple[str, ...]] = MappingProxyType(
    {
        _("Greater Bay Area and East Asia"): ("HK", "MO", "CN", "TW", "JP", "KR"),
        _("South and South-East Asia"): ("SG", "MY", "TH", "IN", "ID", "VN", "PH"),
        _("Middle East"): ("AE", "SA", "QA", "KW", "BH", "OM"),
        _("Europe"): ("GB", "DE", "FR", "IT", "ES", "NL", "AT", "CH"),
        _("Americas"): ("US", "CA", "MX", "BR"),
        _("Oceania"): ("AU", "NZ"),
    }
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


def market_at_home(language: str) -> Market | None:
    """The market where most readers of a language live, else the first that it comes first in."""
    spoken = [market for market in markets() if market.languages[0] == language]
    home = locales.language(language).home
    spoken.sort(key=lambda market: market.country != home)
    return spoken[0] if spoken else None


def languages_of(market: Market) -> tuple[str, ...]:
    """What a market is offered in: its own languages, and English."""
    own = tuple(code for code in market.languages if code in LANGUAGES.values())
    return own if "en" in own else (*own, "en")


def by_region(places: tuple[Market, ...]) -> list[tuple[str | Promise, list[Market]]]:
    """Markets under the names of their regions, in the order of the regions; none is left out."""
    named = [
        (name, [market for market in places if market.country in countries])
        for name, countries in _REGIONS.items()
    ]
    placed = {country for countries in _REGIONS.values() for country in countries}
    named.append((_("Elsewhere"), [each for each in places if each.country not in placed]))
    return [(name, there) for name, there in named if there]


def _known_market(code: str) -> Market | None:
    try:
        return wiring.rulebook().market(code).market
    except UnknownCode:
        return None
