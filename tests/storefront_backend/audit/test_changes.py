"""Every change of a kept column leaves a row that says who, when, from what, to what."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from storefront_backend.accounts.models import BrandMembership, User
from storefront_backend.audit.acting import acting
from storefront_backend.audit.reading import changes, event_models
from storefront_backend.catalog.models import Brand, Product, Stock
from storefront_backend.scope.database import as_brands
from tests.builders import make_brand, make_product, make_shop, make_variant

pytestmark = pytest.mark.django_db


def history(*names: str, limit: int = 20, **chosen):
    models = [each for each in event_models() if each.pgh_tracked_model.__name__ in names]
    return changes(models, lambda model: model.objects.all(), limit=limit, **chosen)


def owner_of(brand: Brand) -> tuple[User, Client]:
    alice = User.objects.create_user("alice@example.org", "kapok-blossom-9")
    BrandMembership.objects.create(user=alice, brand=brand, role="owner")
    client = Client()
    client.force_login(alice)
    return alice, client


def test_a_change_says_from_what_to_what() -> None:
    piece = make_product(make_brand("lotus"), names={"en": "Kapok ring"})
    piece.names = {"en": "Kapok ring", "ja": "木綿の指輪"}
    piece.save()
    change = history("Product")[0]
    assert (change.kind, change.subject) == ("update", piece.code)
    assert [(each.field, each.old, each.new) for each in change.fields] == [
        ("names.ja", None, "木綿の指輪")
    ]


def test_a_column_that_is_not_kept_leaves_no_row() -> None:
    piece = make_product(make_brand("lotus"))
    before = len(history("Product"))
    Product.objects.filter(pk=piece.pk).update(relist_needed_at=None)
    assert len(history("Product")) == before


def test_a_bulk_update_past_every_model_is_kept_too() -> None:
    variant = make_variant(make_product(make_brand("lotus")))
    make_shop(variant)
    Stock.objects.filter(variant=variant).update(quantity=41)
    change = history("Stock")[0]
    assert change.subject == variant.sku
    assert [(each.field, each.new) for each in change.fields] == [("quantity", 41)]


def test_a_request_leaves_its_person_and_page() -> None:
    lotus = make_brand("lotus")
    piece = make_product(lotus, is_published=False)
    alice, client = owner_of(lotus)
    place = "/desk/brand/lotus/pieces/publication/"
    client.post(place, {"piece": [piece.pk], "do": "publish"})
    change = history("Product")[0]
    assert (change.person, change.via) == (alice.pk, place)
    assert [(each.field, each.old, each.new) for each in change.fields] == [
        ("is_published", False, True)
    ]


@pytest.mark.django_db(transaction=True)
def test_background_work_is_its_persons_where_one_began_it() -> None:
    lotus = make_brand("lotus")
    alice, _ = owner_of(lotus)
    with acting(alice.pk, "sheet rings.xlsx"):
        make_product(lotus)
    make_product(lotus)
    automatic, hers = history("Product")[:2]
    assert (hers.person, hers.via) == (alice.pk, "sheet rings.xlsx")
    assert (automatic.person, automatic.via) == (None, "background")


def test_a_deletion_keeps_what_was_deleted() -> None:
    piece = make_product(make_brand("lotus"))
    piece.delete()
    change = history("Product")[0]
    assert (change.kind, change.subject) == ("delete", piece.code)
    assert ("code", piece.code, None) in [(f.field, f.old, f.new) for f in change.fields]


@pytest.mark.parametrize("how", ["update", "delete"])
def test_a_kept_change_cannot_be_altered(how: str) -> None:
    piece = make_product(make_brand("lotus"))
    rows = type(piece.changes.get()).objects.all()
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        rows.update(code="X") if how == "update" else rows.delete()
    assert piece.changes.get().code == piece.code


def test_a_brand_sees_its_own_changes_only() -> None:
    lotus, crane = make_brand("lotus"), make_brand("crane")
    make_product(lotus, code="L-1")
    make_product(crane, code="C-1")
    with as_brands([lotus.pk]):
        assert {each.subject for each in history("Product", "Brand")} == {"L-1", "lotus"}


def test_the_page_shows_a_change_in_words() -> None:
    lotus = make_brand("lotus")
    piece = make_product(lotus, code="L-1", is_published=False)
    _, client = owner_of(lotus)
    client.post("/desk/brand/lotus/pieces/publication/", {"piece": [piece.pk], "do": "publish"})
    page = client.get("/desk/brand/lotus/history/", {"thing": "product"}).content.decode()
    assert "Piece L-1" in page
    assert "<del>no</del> → <ins>yes</ins>" in page
    assert "alice@example.org" in page


def test_the_page_goes_on_to_older_changes() -> None:
    lotus = make_brand("lotus")
    for number in range(60):
        make_product(lotus, code=f"L-{number}")
    _, client = owner_of(lotus)
    first = client.get("/desk/brand/lotus/history/", {"thing": "product"})
    second = client.get(
        "/desk/brand/lotus/history/", {"thing": "product", "before": first.context["next"]}
    )
    shown = [each.subject for page in (first, second) for each in page.context["changes"]]
    assert sorted(shown) == sorted(f"L-{number}" for number in range(60))
