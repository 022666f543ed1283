"""An engraving is seen before it is paid: on the page, in the review and through the API."""

from __future__ import annotations

import io
import json

import pytest
from django.test import Client
from PIL import Image
from pytest_django import Settings

from storefront_backend import wiring
from storefront_backend.catalog.models import ProductVariant
from storefront_backend.commerce.checkout import LineRequest, OpenCheckout
from storefront_backend.commerce.engraving import EngravingRefused
from tests.builders import make_address, make_product, make_shop, make_variant

pytestmark = pytest.mark.django_db


@pytest.fixture
def ring() -> ProductVariant:
    return make_shop(make_variant(make_product(engraving_max=12)))


def place(ring: ProductVariant, language: str = "en") -> str:
    return f"/de/{language}/jewellery/{ring.product.slug}/engraving/"


def test_the_picture_shows_the_words_in_the_metal_and_may_be_kept(
    client: Client, ring: ProductVariant
) -> None:
    picture = client.get(place(ring), {"text": "for Bob", "alloy": ring.alloy})
    assert picture["Content-Type"] == "image/webp"
    assert picture["Cache-Control"] == "public, max-age=604800"
    image = Image.open(io.BytesIO(picture.content)).convert("RGB")
    assert image.size == (960, 340)
    red, _, blue = image.getpixel((480, 60))
    assert red > blue + 40  # yellow gold above the words
    other = client.get(place(ring), {"text": "for Zoe", "alloy": ring.alloy})
    assert other.content != picture.content


@pytest.mark.parametrize("text", ["حبيبتي", "ที่รัก"])
def test_other_scripts_have_their_faces(client: Client, ring: ProductVariant, text: str) -> None:
    assert client.get(place(ring), {"text": text})["Content-Type"] == "image/webp"


def test_what_is_cut_by_hand_is_shown_in_the_readers_own_face_and_escaped(
    client: Client, ring: ProductVariant
) -> None:
    picture = client.get(place(ring), {"text": "愛 & 恋"})
    assert picture["Content-Type"] == "image/svg+xml"
    assert "愛 &amp; 恋</text" in picture.text
    assert "sandbox" in picture["Content-Security-Policy"]


def test_a_text_that_cannot_be_cut_says_so_in_the_shoppers_language(
    client: Client, ring: ProductVariant
) -> None:
    for language, text, says in (
        ("de", "I ♥ you", "Das lässt sich nicht gravieren: \u2068♥\u2069."),
        ("en", "a" * 13, "The engraving can have at most 12 characters."),
        ("ja", "Bob وليد", "刻印に使えるのは一種類の文字だけです。"),
    ):
        answer = client.get(place(ring, language), {"text": text})
        assert (answer.status_code, answer["Cache-Control"]) == (422, "no-store")
        assert answer.text.startswith(says)
    assert client.get(place(ring)).status_code == 422


def test_a_piece_that_is_not_engraved_or_not_sold_has_no_picture(client: Client) -> None:
    plain = make_shop()
    assert client.get(place(plain), {"text": "Bob"}).status_code == 404
    assert client.get("/de/en/jewellery/nothing/engraving/", {"text": "Bob"}).status_code == 404


def test_a_crowd_of_pictures_is_slowed_down(
    client: Client, ring: ProductVariant, settings: Settings
) -> None:
    settings.RATE_LIMITS = {"engraving": "2/minute"}
    answers = [client.get(place(ring), {"text": "Bob"}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
    assert 0 < int(answers[3]["Retry-After"]) <= 60


def test_without_a_script_a_button_shows_the_engraving(
    client: Client, ring: ProductVariant
) -> None:
    sent = {"sku": ring.sku, "engraving": "for Bob", "preview": "1"}
    there = client.post("/de/en/bag/add/", sent).headers["Location"]
    assert "bag" not in client.cookies
    page = client.get(there.partition("#")[0]).text
    assert f'src="{place(ring)}?alloy={ring.alloy}&amp;text=for+Bob"' in page
    assert 'alt="The engraving: for Bob"' in page
    assert 'value="for Bob"' in page


def test_a_refused_engraving_comes_back_with_the_piece_and_the_reason(
    client: Client, ring: ProductVariant
) -> None:
    there = client.post("/de/en/bag/add/", {"sku": ring.sku, "engraving": "<i>♥"}).headers[
        "Location"
    ]
    page = client.get(there.partition("#")[0]).text
    assert "This cannot be engraved: \u2068&lt; &gt; ♥\u2069." in page
    assert "bag" not in client.cookies
    assert "<i>♥" not in page


def test_the_review_shows_each_engraving(client: Client, ring: ProductVariant) -> None:
    engine = wiring.checkouts()
    lines = (LineRequest(ring.sku, 1, engraving="for Bob"), LineRequest(ring.sku, 1))
    token = engine.open(OpenCheckout("de", "en", lines)).token
    engine.set_delivery(
        token, email="alice@example.com", shipping=make_address(), billing=None, option=""
    )
    page = client.get(f"/de/en/checkout/{token}/review/").text
    assert page.count("/engraving/?alloy=") == 1
    assert f"{place(ring)}?alloy={ring.alloy}&amp;text=for+Bob" in page


def test_the_engine_refuses_what_no_page_would_send(ring: ProductVariant) -> None:
    with pytest.raises(EngravingRefused) as refused:
        wiring.checkouts().open(
            OpenCheckout("de", "en", (LineRequest(ring.sku, 1, engraving="♥"),))
        )
    assert (refused.value.field, refused.value.index) == ("engraving", 0)


def test_the_api_says_what_can_be_engraved_and_where_its_picture_is(
    client: Client, ring: ProductVariant
) -> None:
    query = """query($slug: String!, $text: String!) {
        product(slug: $slug, channel: "de") { engravingMaxLength
            engravingPreview(text: $text) { text script url isByHand problem } } }"""

    def requested(text: str) -> dict[str, object]:
        body = {"query": query, "variables": {"slug": ring.product.slug, "text": text}}
        answer = client.post("/graphql/", json.dumps(body), content_type="application/json").json()
        assert answer["data"]["product"]["engravingMaxLength"] == 12
        found: dict[str, object] = answer["data"]["product"]["engravingPreview"]
        return found

    said = requested("for Bob")
    assert (said["script"], said["isByHand"], said["problem"]) == ("latin", False, None)
    path = str(said["url"]).partition("/de/")[2]
    assert client.get(f"/de/{path}")["Content-Type"] == "image/webp"
    assert requested("♥")["problem"] == "letters"
