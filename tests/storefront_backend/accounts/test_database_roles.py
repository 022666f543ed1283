"""The shop's role reads and writes rows; it changes no table and owns none."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from pytest_django import Settings

from i18n.money import Money
from storefront_backend import wiring
from storefront_backend.commerce.checkout import LineRequest, OpenCheckout
from storefront_backend.database_roles import as_owner
from storefront_backend.orders.models import Order
from storefront_backend.throttle.limiter import take
from tests.builders import make_address, make_shop

pytestmark = pytest.mark.django_db


def one(statement: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def test_the_shop_sells_with_the_rights_it_has(as_shop: None) -> None:
    variant = make_shop()
    engine = wiring.checkouts()
    token = engine.open(OpenCheckout("de", "en", (LineRequest(variant.sku, 1),))).token
    ready = engine.set_delivery(
        token, email="alice@example.com", shipping=make_address(), billing=None, option=""
    )
    assert ready.quote is not None
    engine.complete(token, paid=ready.quote.total, payment_reference=token)
    take("engraving", "203.0.113.7")
    assert Money(Order.objects.get().total, "EUR") == ready.quote.total


def test_the_shop_may_use_every_table_but_not_rewrite_what_was_migrated(as_shop: None) -> None:
    refused = """
        SELECT array_agg(relname::text ORDER BY relname) FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
          AND NOT (has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT')
               AND has_table_privilege(oid, 'UPDATE') AND has_table_privilege(oid, 'DELETE'))"""
    assert one(refused) == ["django_migrations"]
    assert one("SELECT count(*) > 20 FROM django_migrations") is True


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE of_its_own ()",
        "ALTER TABLE catalog_brand DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE catalog_brand DISABLE TRIGGER ALL",
        "DROP TABLE catalog_brand CASCADE",
        "TRUNCATE catalog_brand CASCADE",
        "CREATE ROLE another",
        "ALTER ROLE pavilion_shop SUPERUSER",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "DELETE FROM django_migrations",
    ],
)
def test_the_shop_may_not(as_shop: None, statement: str) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_shop_is_no_superuser_and_rights_to_rows_bind_it(as_shop: None) -> None:
    assert one("SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
    assert one("SELECT rolbypassrls FROM pg_roles WHERE rolname = current_user") is False
    owned = "SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole"
    assert one(owned) == 0


@pytest.mark.django_db(transaction=True)
def test_migrations_run_as_the_owner_and_the_shop_comes_back(settings: Settings) -> None:
    kept = dict(connection.settings_dict)
    owner = settings.DATABASES["default"]
    settings.DATABASE_OWNER = {**owner, "OPTIONS": {"application_name": "the owner"}}
    with as_owner():
        assert one("SHOW application_name") == "the owner"
        assert one("SELECT current_database()") == kept["NAME"]
    assert one("SHOW application_name") != "the owner"
    assert connection.settings_dict == kept
