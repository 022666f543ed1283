"""The imprint: filled in by an operator, read by shoppers, and the shop closed without it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from storefront_backend.accounts.models import User
from storefront_backend.catalog.checks import check_imprint
from storefront_backend.catalog.imprint import Imprint, imprint, lacking
from storefront_backend.desk.operator.models import OperatorAct

pytestmark = pytest.mark.django_db
PLACE = "/desk/operator/imprint/"
GIVEN = {
    "name": "Pavilion Trading Ltd",
    "representative": "Chan Siu Ming",
    "address": "1 Queen's Road\nHong Kong",
    "country": "hk",
    "register": "Companies Registry 1234567",
    "vat_number": "",
    "other_registrations": "",
    "email": "hello@pavilion.example",
    "phone": "+852 2345 6789",
}
JAPANESE = {
    "addresses_ja": "香港クイーンズロード1号",
    "extra_costs_ja": "なし",
    "payment_ja": "クレジットカード。注文時にお支払い。",
    "delivery_ja": "14日以内に発送。",
    "returns_ja": "到着後14日以内に返品できます。",
}


@pytest.fixture
def olga() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("olga@example.org", "kapok-blossom-9"))
    return client


def filled() -> Imprint:
    texts = {name.partition("_ja")[0]: {"ja": text} for name, text in JAPANESE.items()}
    return Imprint.objects.create(pk=1, **{**GIVEN, "country": "HK"}, **texts)


def test_an_operator_fills_it_in_and_shoppers_read_it(olga: Client) -> None:
    assert olga.post(PLACE, GIVEN | JAPANESE).status_code == 302
    assert (imprint().country, lacking(imprint(), ["jp", "de"])) == ("HK", [])
    assert OperatorAct.objects.get().kind == "imprint"
    german = Client().get("/de/de/imprint/").content.decode()
    for text in ("Pavilion Trading Ltd", "Companies Registry 1234567", "mailto:hello@pavilion"):
        assert text in german
    assert JAPANESE["returns_ja"] not in german  # whose readers read German and English
    japanese = Client().get("/jp/ja/imprint/").content.decode()
    for text in ("特定商取引法に基づく表記", "販売価格", "返品・交換", "香港クイーンズロード1号"):
        assert text in japanese
    assert 'href="/de/de/imprint/"' in Client().get("/de/de/").content.decode()


def test_what_the_law_asks_for_is_missed_at_its_field(olga: Client) -> None:
    answer = olga.post(PLACE, GIVEN | {"phone": "", "country": "XX"})
    assert answer.status_code == 422
    wrong = set(answer.context["form"].errors)
    assert wrong == {
        "phone", "country", "extra_costs_ja", "payment_ja", "delivery_ja", "returns_ja",
    }  # fmt: skip
    assert not Imprint.objects.exists()


def test_a_shop_that_does_not_sell_to_japan_needs_no_japanese(
    olga: Client, settings: Settings
) -> None:
    settings.MARKETS = ["de"]
    assert olga.post(PLACE, GIVEN).status_code == 302


def test_who_may_only_look_changes_nothing(olga: Client) -> None:
    from django.contrib.auth.models import Permission

    otto = User.objects.create_user("otto@example.org", "kapok-blossom-9", is_staff=True)
    client = Client()
    client.force_login(otto)
    assert client.get(PLACE).status_code == 404
    otto.user_permissions.add(Permission.objects.get(codename="view_imprint"))
    assert client.get(PLACE).status_code == 200
    assert client.post(PLACE, GIVEN | JAPANESE).status_code == 403
    assert not Imprint.objects.exists()


def test_production_is_closed_to_shoppers_until_it_is_complete(
    olga: Client, settings: Settings
) -> None:
    settings.PRODUCTION = True
    shopper = Client()
    for place in ("/", "/de/de/", "/de/de/jewellery/", "/graphql/"):
        answer = shopper.get(place)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "3600"), place
    assert "noch nicht geöffnet" in shopper.get("/de/de/").content.decode()
    assert shopper.get("/de/de/imprint/").status_code == 200
    assert "stays closed" in olga.get(PLACE).content.decode()
    assert shopper.get("/robots.txt").status_code == 200
    assert shopper.get("/health/live").status_code == 200
    filled()
    assert shopper.get("/de/de/").status_code == 200


def found(databases: Any) -> list[str]:
    return [
        str(each.id) + each.msg.rpartition("lacks")[2] for each in check_imprint(None, databases)
    ]


def test_the_deploy_check_says_what_is_missing(settings: Settings) -> None:
    assert found(["default"]) == []  # no production
    settings.PRODUCTION = True
    assert found(["default"])[0].startswith("pavilion.W004 name, representative, address")
    row = filled()
    assert found(["default"]) == []
    row.returns = {"en": "Within 14 days."}
    row.save()
    assert found(["default"]) == ["pavilion.W004 returns.ja"]
