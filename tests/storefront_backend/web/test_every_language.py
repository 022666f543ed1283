"""Every page of the shop in every language: it renders, in the right direction, without English."""

from __future__ import annotations

import re

import pytest
from babel.messages.pofile import read_po
from django.test import Client

from i18n.locales import LANGUAGES, Language
from i18n.rulebook import load_rulebook
from i18n.translations import texts
from storefront_backend.catalog.models import Listing
from storefront_backend.web import catalogues
from tests.builders import MARKETS, make_marked_variant, make_shop

pytestmark = pytest.mark.django_db

# A market of our builders where each language is read; the languages of the others are offered
# by address alone, in Germany.
PLACES = {
    code: next((m for m in MARKETS if code in load_rulebook().market(m).market.languages), "de")
    for code in LANGUAGES
}
PAGES = ("", "jewellery/", "brands/", "what-you-pay/", "bag/", "account/sign-in/",
         "account/register/", "nothing/")  # fmt: skip
_TEXT = re.compile(r">([^<>]+)<")
_ENGLISH_ON_PURPOSE = re.compile(r'<div lang="en".*?</div>', re.DOTALL)


def english_of(language: Language) -> set[str]:
    """What the shop says in English and this language says in other words."""
    with catalogues.path_of(language).open("rb") as file:
        catalog = read_po(file, locale=language.folder)
    said = {m.id for m in catalog if isinstance(m.id, str) and m.id and m.string != m.id}
    return said | {text for text, other in texts(language.code).items() if other != text}


def left_in_english(html: str, language: Language) -> set[str]:
    """Texts of a page that stayed English though a translation is there."""
    shown = {
        text.strip().replace("&#x27;", "'").replace("&quot;", '"').replace("&amp;", "&")
        for text in _TEXT.findall(_ENGLISH_ON_PURPOSE.sub("", html))
    }
    return {text for text in shown & english_of(language) if len(text) > 3}


def open_market(client: Client, code: str, page: str) -> str:
    response = client.get(f"/{PLACES[code]}/{LANGUAGES[code].django}/{page}")
    assert response.status_code in (200, 404), (code, page, response.status_code)
    return response.content.decode()


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_page_speaks_the_language_and_leaves_no_english(client: Client, code: str) -> None:
    variant = make_shop(make_marked_variant())
    assert Listing.objects.filter(market=PLACES[code], is_live=True).exists()
    language = LANGUAGES[code]
    for page in (*PAGES, f"jewellery/{variant.product.slug}/", f"brands/{variant.brand.slug}/"):
        html = open_market(client, code, page)
        assert f'lang="{code}" dir="{language.direction}"' in html, page
        if code != "en":
            assert left_in_english(html, language) == set(), page


def test_english_that_was_left_would_be_seen() -> None:
    html = "<p>Add to bag</p><p>In den Beutel</p>"
    assert left_in_english(html, LANGUAGES["de"]) == {"Add to bag"}
