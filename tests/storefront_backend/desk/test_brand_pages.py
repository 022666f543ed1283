"""The brand's desk as its people see it: their own pieces, markets and orders."""

from __future__ import annotations

import pytest
from django.test import Client

from storefront_backend.accounts.models import BrandMembership, User
from storefront_backend.catalog.models import Brand, Product
from storefront_backend.orders.models import Fulfillment
from tests.builders import make_brand, make_product, make_shop, make_variant
from tests.storefront_backend.aftersale.three_brands import Sold, sell_three

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_sandbox")]


def signed_in(name: str, brand: Brand | None = None, role: str = "owner") -> Client:
    user = User.objects.create_user(f"{name}@example.org", "kapok-blossom-9")
    if brand is not None:
        BrandMembership.objects.create(user=user, brand=brand, role=role)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def sold() -> Sold:
    return sell_three()


def test_the_entrance_leads_to_ones_only_brand() -> None:
    alice = signed_in("alice", make_brand("lotus"))
    assert alice.get("/desk/").url == "/desk/brand/lotus/"


def test_somebody_of_no_brand_is_told_whom_to_ask() -> None:
    page = signed_in("dora").get("/desk/")
    assert "does not belong to a brand yet" in page.content.decode()


def test_who_is_not_signed_in_is_sent_to_sign_in() -> None:
    make_brand("lotus")
    assert Client().get("/desk/brand/lotus/").status_code == 302


def test_the_board_says_where_a_piece_sells_and_what_stops_it() -> None:
    lotus = make_brand("lotus")
    variant = make_variant(make_product(lotus, names={"en": "Kapok ring"}))
    make_shop(variant)
    page = signed_in("alice", lotus).get("/desk/brand/lotus/pieces/").content.decode()
    assert "Kapok ring" in page
    assert 'class="cell cell--live"' in page
    assert 'class="cell cell--blocked"' in page


def test_a_piece_shows_the_rule_that_blocks_it_with_its_source() -> None:
    lotus = make_brand("lotus")
    product = make_product(lotus)
    make_shop(make_variant(product))
    page = signed_in("alice", lotus).get(f"/desk/brand/lotus/pieces/{product.pk}/")
    blocked = [each["cell"] for each in page.context["cells"] if each["cell"].state == "blocked"]
    assert blocked
    assert blocked[0].reasons[0].rule in page.content.decode()
    assert blocked[0].reasons[0].url.startswith("https://")


def test_pieces_are_found_by_a_name_in_chinese() -> None:
    lotus = make_brand("lotus")
    make_product(lotus, names={"en": "Kapok ring", "zh-Hans": "木棉戒指"})
    make_product(lotus, names={"en": "Lotus ring"})
    page = signed_in("alice", lotus).get("/desk/brand/lotus/pieces/", {"search": "木棉"})
    assert [each["name"] for each in page.context["rows"]] == ["Kapok ring"]


def test_pieces_are_published_and_hidden_in_bulk() -> None:
    lotus = make_brand("lotus")
    pieces = [make_product(lotus, is_published=False) for _ in range(3)]
    alice = signed_in("alice", lotus)
    chosen = {"piece": [pieces[0].pk, pieces[1].pk], "do": "publish"}
    alice.post("/desk/brand/lotus/pieces/publication/", chosen)
    assert Product.objects.filter(is_published=True).count() == 2


def test_another_brands_piece_is_neither_shown_nor_published() -> None:
    lotus, crane = make_brand("lotus"), make_brand("crane")
    theirs = make_product(crane, is_published=False)
    charlie = signed_in("charlie", lotus)
    assert charlie.get(f"/desk/brand/lotus/pieces/{theirs.pk}/").status_code == 404
    chosen = {"piece": [theirs.pk], "do": "publish"}
    charlie.post("/desk/brand/lotus/pieces/publication/", chosen)
    assert not Product.objects.get(pk=theirs.pk).is_published


def test_a_reader_looks_and_changes_nothing() -> None:
    lotus = make_brand("lotus")
    piece = make_product(lotus)
    carol = signed_in("carol", lotus, "reader")
    assert carol.get("/desk/brand/lotus/pieces/").status_code == 200
    chosen = {"piece": [piece.pk], "do": "hide"}
    assert carol.post("/desk/brand/lotus/pieces/publication/", chosen).status_code == 403
    assert Product.objects.get(pk=piece.pk).is_published


def test_an_order_shows_the_brands_own_lines_only(sold: Sold) -> None:
    alice = signed_in("alice", Brand.objects.get(slug="bao"))
    page = alice.get(f"/desk/brand/bao/orders/{sold.order.number}/").content.decode()
    assert sold.variants["bao"].sku in page
    assert sold.variants["canton"].sku not in page


def test_a_parcel_is_sent_at_the_desk(sold: Sold) -> None:
    alice = signed_in("alice", Brand.objects.get(slug="bao"))
    place = f"/desk/brand/bao/orders/{sold.order.number}/"
    answer = alice.post(f"{place}parcel/", {"tracking": "SF1"})
    assert answer.status_code == 302
    sent = Fulfillment.objects.get(brand__slug="bao")
    assert (sent.state, sent.tracking) == ("fulfilled", "SF1")
    assert "SF1" in alice.get(place).content.decode()


def test_a_parcel_needs_its_number(sold: Sold) -> None:
    alice = signed_in("alice", Brand.objects.get(slug="bao"))
    place = f"/desk/brand/bao/orders/{sold.order.number}/parcel/"
    assert alice.post(place, {"tracking": " "}).status_code == 422
    assert Fulfillment.objects.get(brand__slug="bao").state == "waiting"


def test_the_desk_speaks_both_chinese_scripts() -> None:
    alice = signed_in("alice", make_brand("lotus", names={"en": "Lotus", "zh-Hans": "莲"}))
    alice.get("/desk/brand/lotus/language/", {"to": "zh-Hans", "next": "/desk/brand/lotus/"})
    page = alice.get("/desk/brand/lotus/").content.decode()
    assert 'lang="zh-Hans"' in page
    assert "待发包裹" in page
    assert "莲" in page


def test_the_language_leads_to_no_other_site() -> None:
    alice = signed_in("alice", make_brand("lotus"))
    answer = alice.get("/desk/brand/lotus/language/", {"to": "en", "next": "https://evil.example/"})
    assert answer.url == "/desk/brand/lotus/"
