"""Houses and people: invited, suspended, and let in again."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from storefront_backend.accounts.models import BrandMembership, Invitation, User
from storefront_backend.accounts.rights import Act, Forbidden, require
from storefront_backend.catalog.models import Brand, Listing, Product, Suspension
from storefront_backend.desk.operator.models import OperatorAct
from storefront_backend.jobs.listing import relist_lagging
from storefront_backend.pricing.brand_limits import variants
from tests.builders import make_brand, make_product, make_shop, make_variant
from tests.storefront_backend.desk.operator.people import DESK, bob, confirmed, olga, otto

pytestmark = pytest.mark.django_db
LOTUS = f"{DESK}houses/lotus/"


@pytest.fixture
def lotus() -> Brand:
    brand = make_brand("lotus")
    make_shop(make_variant(make_product(brand)), make_variant(make_product(make_brand("crane"))))
    return brand


def alice(brand: Brand) -> User:
    user = User.objects.create_user("alice@example.org", "kapok-blossom-9")
    BrandMembership.objects.create(user=user, brand=brand, role="owner")
    return user


def live(slug: str) -> int:
    return Listing.objects.filter(variant__brand__slug=slug, is_live=True).count()


def test_a_suspended_house_leaves_the_shop_and_comes_back(lotus: Brand) -> None:
    client, before = olga(), live("lotus")
    assert before > 0
    confirmed(client, f"{LOTUS}suspend/", {"reason": "no papers"})
    assert (live("lotus"), live("crane")) == (0, before)
    relist_lagging()  # a later listing keeps it off
    assert live("lotus") == 0
    assert "no papers" in client.get(LOTUS).content.decode()
    confirmed(client, f"{LOTUS}suspend/", {})
    relist_lagging()
    assert live("lotus") == before
    acts = OperatorAct.objects.order_by("pk").values_list("act", "subject")
    assert list(acts) == [("suspend", "lotus"), ("unsuspend", "lotus")]


def test_the_same_answer_twice_does_not_undo_itself(lotus: Brand) -> None:
    said = {"was": "open", "reason": "no papers", "sure": "1", "key": "k1"}
    client = olga()
    for _ in range(2):
        client.post(f"{LOTUS}suspend/", said)
    assert Suspension.objects.get().brand == lotus
    assert OperatorAct.objects.count() == 1


def test_people_of_a_suspended_house_read_and_change_nothing(lotus: Brand) -> None:
    user = alice(lotus)
    Suspension.objects.create(brand=lotus)
    client = Client()
    client.force_login(user)
    page = client.get("/desk/brand/lotus/pieces/")
    assert "has suspended this house" in page.content.decode()
    said = {"piece": [Product.objects.get(brand=lotus).pk], "do": "hide"}
    assert client.post("/desk/brand/lotus/pieces/publication/", said).status_code == 403
    assert Product.objects.get(brand=lotus).is_published
    require(user, "lotus", Act.READ_ORDERS)
    with pytest.raises(Forbidden):
        require(user, "lotus", Act.EDIT_ORDERS)


def test_the_first_owner_is_invited(lotus: Brand) -> None:
    confirmed(olga(), f"{LOTUS}invite/", {"email": "Dora@example.org"})
    invitation = Invitation.objects.get(brand=lotus)
    assert (invitation.email, invitation.role) == ("dora@example.org", "owner")
    assert not BrandMembership.objects.filter(brand=lotus).exists()  # until it is accepted
    assert OperatorAct.objects.get().after == "dora@example.org"


def test_a_suspended_person_is_out_and_let_in_again(lotus: Brand) -> None:
    user, client = alice(lotus), olga()
    theirs = Client()
    theirs.force_login(user)
    place = f"{DESK}people/{user.pk}/suspend/"
    confirmed(client, place, {"reason": "left"})
    assert theirs.get("/desk/brand/lotus/").status_code == 302
    confirmed(client, place, {})
    user.refresh_from_db()
    assert user.is_active


def test_operators_do_not_suspend_themselves(lotus: Brand) -> None:
    client = olga()
    me = User.objects.get(email="olga@example.org")
    client.post(f"{DESK}people/{me.pk}/suspend/", {"was": "open", "sure": "1"})
    me.refresh_from_db()
    assert me.is_active


def test_houses_and_people_are_found(lotus: Brand) -> None:
    alice(lotus)
    client = olga()
    for fits in ({"search": "lotus"}, {"search": "alice@"}):
        page = client.get(f"{DESK}houses/", fits)
        assert [brand.slug for brand in page.context["page"]] == ["lotus"], fits
    assert not client.get(f"{DESK}houses/", {"state": "suspended"}).context["page"].object_list
    found = client.get(f"{DESK}people/", {"kind": "house"}).context["page"]
    assert [user.email for user in found] == ["alice@example.org"]


def test_who_may_only_look_changes_nothing(lotus: Brand) -> None:
    client = otto("catalog.view_brand", "accounts.view_user")
    assert client.get(LOTUS).status_code == 200
    for act in ("suspend/", "invite/"):
        assert client.post(LOTUS + act, {"sure": "1"}).status_code == 404
    assert bob().get(LOTUS).status_code == 404
    assert not Suspension.objects.exists()


def test_an_operator_gives_one_house_more_than_others_may_use(
    lotus: Brand, settings: Settings
) -> None:
    settings.BRAND_MAX_VARIANTS = 10
    client, said = olga(), {"most_variants": "500", "most_storage_gb": "", "most_sheets": ""}
    assert client.post(f"{LOTUS}limits/", said | {"most_sheets": "0"}).status_code == 422
    confirmed(client, f"{LOTUS}limits/", said)
    crane = Brand.objects.get(slug="crane")
    lotus.refresh_from_db()
    assert (variants(lotus).of, variants(crane).of) == (500, 10)
    act = OperatorAct.objects.get()
    assert (act.act, act.before[:11], act.after[:12]) == ("limits", "10 variants", "500 variants")
    assert "500" in client.get(LOTUS).content.decode()


def test_who_may_not_change_houses_sets_no_limit(lotus: Brand) -> None:
    answer = bob().post(f"{LOTUS}limits/", {"most_variants": "500", "sure": "1"})
    assert answer.status_code in (302, 403, 404)
    lotus.refresh_from_db()
    assert lotus.most_variants is None
