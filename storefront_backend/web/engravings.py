"""Engravings as pages show them: where the picture is, and why a text cannot be cut."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from i18n.market import Market
from storefront_backend.commerce.engraving import LONGEST, EngravingRefused, read
from storefront_backend.web.addresses import page_path


@dataclass(frozen=True, slots=True)
class Shown:
    """The address of a picture; `by_hand`: the letters in it are those of the reader's device."""

    text: str
    url: str
    by_hand: bool


def preview_path(market: Market, language: str, slug: str, alloy: str, text: str = "") -> str:
    """Where the picture of an engraving on a piece in that metal is; without a text, its start."""
    path = page_path("engraving", market, language, slug)
    return f"{path}?{urlencode({'alloy': alloy, 'text': text})}"


def shown(market: Market, language: str, slug: str, alloy: str, text: str) -> Shown | None:
    """The picture of a text that can be cut; None for one that cannot, or for none."""
    try:
        engraving = read(text, LONGEST)
    except EngravingRefused:
        return None
    if not engraving.text:
        return None
    url = preview_path(market, language, slug, alloy, engraving.text)
    return Shown(engraving.text, url, by_hand=not engraving.has_face)


def refusal(error: EngravingRefused, longest: int) -> str:
    """Why, in the shopper's language."""
    if error.reason == "too_long":
        return _("The engraving can have at most %(count)s characters.") % {"count": longest}
    if error.reason == "mixed":
        return _("Please use one script per engraving.")
    return _(
        "This cannot be engraved: %(letters)s Latin, Arabic, Thai, Chinese, Japanese and Korean"
        " letters, digits and simple signs can."
    ) % {"letters": "\u2068" + " ".join(error.letters[:10]) + "\u2069."}
