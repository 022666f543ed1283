"""A brand's request meets a database that shows it its own rows, whatever the query says."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction
from django.db.models import ForeignKey, Model

from storefront_backend.catalog.models import Brand, Product
from storefront_backend.orders.models import Checkout
from storefront_backend.scope import paths
from storefront_backend.scope.database import as_brands, as_shop, brands_entered
from storefront_backend.scope.rows import Scope, Unscoped

pytestmark = pytest.mark.django_db

OURS = [
    model
    for model in apps.get_models()
    if model.__module__.startswith("storefront_backend") and not model._meta.proxy
]


@pytest.fixture
def two_brands() -> tuple[Brand, Brand]:
    lotus, crane = (Brand.objects.create(slug=slug) for slug in ("lotus", "crane"))
    for brand in (lotus, crane):
        Product.objects.create(brand=brand, code="R1", slug=f"{brand.slug}-r1", kind="ring")
    return lotus, crane


def _alone(query: Callable[[], object]) -> None:
    """The query in a savepoint, so that its failure ends nothing but itself."""
    with transaction.atomic():
        query()


def test_a_query_that_forgets_the_brand_finds_its_own_rows_only(two_brands):
    lotus, _crane = two_brands

    with as_brands([lotus.pk]):
        assert [product.brand_id for product in Product.objects.all()] == [lotus.pk]

    assert Product.objects.count() == 2


def test_no_brand_at_all_sees_nothing(two_brands):
    with as_brands([]):
        assert not Product.objects.exists()


def test_another_brands_row_is_neither_changed_nor_deleted(two_brands):
    lotus, crane = two_brands

    with as_brands([lotus.pk]):
        assert Product.objects.filter(brand_id=crane.pk).update(code="taken") == 0
        assert Product.objects.filter(slug="crane-r1").delete()[0] == 0

    assert Product.objects.get(brand=crane).code == "R1"


def test_a_row_cannot_be_given_to_another_brand(two_brands):
    lotus, crane = two_brands

    with as_brands([lotus.pk]), pytest.raises(ProgrammingError, match="row-level security"):
        _alone(lambda: Product.objects.filter(code="R1").update(brand_id=crane.pk))


def test_what_shoppers_do_is_closed_to_a_brand(two_brands):
    lotus, _crane = two_brands

    with as_brands([lotus.pk]), pytest.raises(ProgrammingError, match="permission denied"):
        _alone(Checkout.objects.count)


def test_the_shop_works_in_between_and_the_brand_comes_back(two_brands):
    lotus, _crane = two_brands

    with as_brands([lotus.pk]):
        with as_shop():
            assert Product.objects.count() == 2
        assert Product.objects.count() == 1
        assert brands_entered() == frozenset({lotus.pk})

    assert brands_entered() is None


def test_the_shop_comes_back_after_an_error(two_brands):
    with pytest.raises(ZeroDivisionError), as_brands([two_brands[0].pk]):
        raise ZeroDivisionError

    assert Product.objects.count() == 2


def test_rows_of_a_scope_are_filtered_without_the_database_too(two_brands):
    lotus, _crane = two_brands

    assert [one.slug for one in Scope(frozenset({lotus.pk})).rows(Product)] == ["lotus-r1"]


def test_a_model_that_is_no_brands_has_no_rows_in_a_scope(two_brands):
    with pytest.raises(Unscoped):
        Scope(frozenset({1})).rows(Checkout)


def _ways_to_a_brand(model: type[Model], seen: frozenset[type[Model]] = frozenset()) -> bool:
    if model is Brand:
        return True
    fields = [field for field in model._meta.get_fields() if isinstance(field, ForeignKey)]
    parents = {field.related_model for field in fields} - seen - {model}
    return any(_ways_to_a_brand(parent, seen | {model}) for parent in parents)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label_lower)
def test_every_model_with_a_way_to_a_brand_says_whose_it_is(model):
    label = model._meta.label_lower
    named = label in paths.BRAND_PATHS or label in paths.SHOP_ONLY

    assert named or not _ways_to_a_brand(model), f"name {label} in scope/paths.py"


@pytest.mark.parametrize("label", paths.BRAND_PATHS)
def test_every_brands_table_has_its_policy(label):
    table = apps.get_model(label)._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SELECT relrowsecurity FROM pg_class WHERE relname = %s", [table])
        assert cursor.fetchone() == (True,)
        cursor.execute(
            "SELECT policyname, permissive FROM pg_policies WHERE tablename = %s"
            " AND 'pavilion_brand' = ANY (roles)",
            [table],
        )
        assert cursor.fetchall() == [("own_rows", "RESTRICTIVE")]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label_lower)
def test_a_brand_may_open_no_table_but_those_named(model):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege('pavilion_brand', %s, 'SELECT')", [model._meta.db_table]
        )
        (may_read,) = cursor.fetchone()
    label = model._meta.label_lower
    named = label in paths.BRAND_PATHS or model._meta.db_table in paths.REFERENCE_TABLES

    assert may_read == named
