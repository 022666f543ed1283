"""The two roles in the database: the owner of the tables, and the shop, which uses them.

The shop (DATABASE_URL) reads and writes rows: it is no superuser, owns nothing and cannot switch
row-level security off. The owner (DATABASE_OWNER_URL) runs migrations and nothing else. Where no
owner is named, the shop owns its tables, as before there were two roles. docs/database-roles.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection
from psycopg import sql

from storefront_backend.running.cluster import BRAND_ROLE

_WHO = ("USER", "PASSWORD", "HOST", "PORT", "OPTIONS")

_GRANTS = (
    "GRANT USAGE ON SCHEMA public TO {shop}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {shop}",
    "GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {shop}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public"
    " GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {shop}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO {shop}",
    # What has been migrated is the owner's to say.
    "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {shop}",
)


@contextmanager
def as_owner() -> Iterator[None]:
    """The default connection as the tables' owner; as it was afterwards."""
    if settings.DATABASE_OWNER is None:
        yield
        return
    shop = {name: connection.settings_dict[name] for name in _WHO}
    connection.close()
    connection.settings_dict.update({name: settings.DATABASE_OWNER[name] for name in _WHO})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(shop)


def grant_to_shop() -> None:
    """Give the shop's role what it needs of all tables there are and will be. As the owner."""
    if not settings.DATABASE_SHOP_ROLE:
        return
    shop = sql.Identifier(settings.DATABASE_SHOP_ROLE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        if cursor.fetchone() == (settings.DATABASE_SHOP_ROLE,):
            return
        for statement in _GRANTS:
            cursor.execute(sql.SQL(statement).format(shop=shop))
        # Brands' requests run as a role of their own (storefront_backend.scope).
        cursor.execute(
            "SELECT pg_has_role(%s, %s, 'SET')", [settings.DATABASE_SHOP_ROLE, BRAND_ROLE]
        )
        if cursor.fetchone() != (True,):
            become = "GRANT {brand} TO {shop} WITH INHERIT FALSE, SET TRUE"
            cursor.execute(sql.SQL(become).format(brand=sql.Identifier(BRAND_ROLE), shop=shop))
