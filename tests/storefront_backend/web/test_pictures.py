"""The pictures of a piece's page: small formats first, the coin of the market's currency."""

from __future__ import annotations

import hashlib
import itertools

import pytest
from django.test import Client

from storefront_backend.catalog.models import Product
from storefront_backend.models3d.models import Asset
from storefront_backend.photographs.models import Photograph, Rendition
from tests.builders import make_poster, make_shop, make_variant

pytestmark = pytest.mark.django_db

TALL = (1024, 1280)


def make_picture(product: Product, kind: str, variation: str, form: str = "webp") -> str:
    """A picture of the build that `make_poster` made; returns its key."""
    digest = hashlib.sha256(f"{kind} {variation} {form}".encode()).hexdigest()
    key = f"public/{digest[:2]}/{digest}.{form}"
    Asset.objects.create(
        build=product.model.current_build,
        kind=kind,
        variation=variation,
        key=key,
        media_type=f"image/{form}",
        bytes=1,
        width=TALL[0],
        height=TALL[1],
    )
    return key


@pytest.fixture
def piece(db: None) -> Product:
    """A published piece with one square poster."""
    variant = make_variant()
    make_shop(variant)
    make_poster(variant.product)
    return variant.product


def shown(client: Client, piece: Product, place: str = "de/en") -> str:
    """The page of the piece."""
    return client.get(f"/{place}/jewellery/{piece.slug}/").content.decode()


def test_the_small_format_comes_first_and_png_is_the_fall_back(
    client: Client, piece: Product
) -> None:
    png, webp = (make_picture(piece, "poster", "tall", form) for form in ("png", "webp"))
    page = shown(client, piece)
    assert f'<source type="image/webp" srcset="/assets/{webp}">' in page
    assert f'<img src="/assets/{png}"' in page


def test_the_coin_is_that_of_the_market(client: Client, piece: Product) -> None:
    euro, yen = (make_picture(piece, "size", code) for code in ("eur", "jpy"))
    page = shown(client, piece, "jp/en")
    assert yen in page
    assert euro not in page


def test_a_market_without_a_measured_coin_sees_the_euro(client: Client, piece: Product) -> None:
    euro = make_picture(piece, "size", "eur")
    make_picture(piece, "size", "gbp")
    page = client.get(f"/jp/en/jewellery/{piece.slug}/").context["pictures"]
    assert page.size.file.key == euro


def test_the_hand_needs_no_coin(client: Client, piece: Product) -> None:
    hand = make_picture(piece, "size", "hand")
    page = shown(client, piece)
    assert f'srcset="/assets/{hand}"' in page
    assert "On a hand, to scale" in page
    assert "Beside a coin" not in page


def test_a_turning_hero_needs_no_script(client: Client, piece: Product) -> None:
    turn = make_picture(piece, "turntable", "")
    before = shown(client, piece).partition(turn)[0]
    assert before.count("<details") == before.count("</details>") + 1


def test_a_piece_without_further_pictures_shows_none(client: Client, piece: Product) -> None:
    page = client.get(f"/de/en/jewellery/{piece.slug}/")
    assert not page.context["pictures"]
    assert "<picture" not in page.content.decode()


def test_cards_take_the_small_square_poster(client: Client, piece: Product) -> None:
    make_picture(piece, "poster", "square", "png")
    make_picture(piece, "poster", "tall", "webp")
    (card,) = client.get("/de/en/jewellery/").context["found"].cards
    assert card.poster is not None
    assert (card.poster.media_type, card.poster.width) == ("image/webp", 800)


def _photo_key(form: str, width: int) -> str:
    digest = hashlib.sha256(f"{form} {width}".encode()).hexdigest()
    return f"public/{digest[:2]}/{digest}.{form.replace('jpeg', 'jpg')}"


def make_photograph(product: Product, alt: dict[str, str], alloy: str = "") -> Photograph:
    """A ready photograph in two widths and three formats."""
    variant = product.variants.filter(alloy=alloy).first()
    row = Photograph.objects.create(
        brand=product.brand, product=product, variant=variant, alt=alt, state="ready",
        source_name="front.jpg",
    )  # fmt: skip
    for form, width in itertools.product(("avif", "webp", "jpeg"), (320, 960)):
        Rendition.objects.create(
            photograph=row,
            key=_photo_key(form, width),
            media_type=f"image/{form}",
            width=width,
            height=width // 2,
            bytes=9,
        )
    return row


def test_photographs_stand_beside_the_rendered_pictures(client: Client, piece: Product) -> None:
    make_photograph(piece, {"en": "Worn on a hand", "ja": "着用"})
    page = shown(client, piece)
    assert page.index('<source type="image/avif"') < page.index('alt="Worn on a hand"')
    assert "320w, " in page
    assert 'width="960" height="480"' in page
    assert 'alt="着用"' in shown(client, piece, "jp/ja")


def test_a_photograph_without_words_says_the_pieces_name(client: Client, piece: Product) -> None:
    make_photograph(piece, {})
    assert f'alt="{piece.names["en"]} · ' in shown(client, piece)


def test_a_photograph_of_another_metal_is_not_shown(client: Client, piece: Product) -> None:
    make_photograph(piece, {"en": "In this metal"}, piece.variants.get().alloy)
    other = make_photograph(piece, {"en": "In platinum"})
    other.variant = make_variant(piece, alloy="platinum-950", is_active=False)
    other.save()
    page = shown(client, piece)
    assert "In this metal" in page
    assert "In platinum" not in page


def test_a_piece_without_a_model_shows_its_photograph_large_and_in_lists(client: Client) -> None:
    variant = make_variant()
    make_shop(variant)
    make_photograph(variant.product, {"en": "Worn on a hand"})
    page = shown(client, variant.product)
    assert 'class="pictures__lead"' in page
    assert "piece__nothing" not in page
    assert f"/assets/{_photo_key('webp', 960)}" in client.get("/de/en/jewellery/").content.decode()


def test_one_that_is_not_ready_is_not_shown(client: Client, piece: Product) -> None:
    make_photograph(piece, {"en": "Worn on a hand"})
    Photograph.objects.update(state="queued")
    assert "Worn on a hand" not in shown(client, piece)
