"""Production refuses a database that holds the demonstration: its passwords are public."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core import checks
from django.db import connection

from storefront_backend.accounts.models import User
from storefront_backend.catalog.models import Brand
from storefront_backend.demo.shopfitting import OPERATOR, PASSWORD, PEOPLE
from storefront_backend.demo.stories import brands
from storefront_backend.production import TAG, fault

_MOST_STAFF = 20  # whose passwords are compared: each takes a quarter of a second
_ELSEWHERE = "Point DATABASE_URL at an empty database, and run `manage.py migrate` there"


@checks.register(TAG, checks.Tags.database)
def check_demo(app_configs: Any, databases: Any = None, **given: Any) -> list[checks.CheckMessage]:
    """People, passwords and brands of the demonstration."""
    if not settings.PRODUCTION or not databases:
        return []
    tables = set(connection.introspection.table_names())
    if not {User._meta.db_table, Brand._meta.db_table} <= tables:
        return []  # not migrated yet
    return list(_found())


def _found() -> Iterator[checks.CheckMessage]:
    demo = brands()
    addresses = [OPERATOR, *PEOPLE, *(f"owner@{code}.example" for code in demo)]
    people = User.objects.filter(email__in=addresses).order_by("email")
    if people:
        names = ", ".join(person.email for person in people[:5])
        yield fault("E030", f"The database holds the demonstration's people: {names}", _ELSEWHERE)
    staff = User.objects.filter(is_staff=True, is_active=True).exclude(email__in=addresses)
    some = staff.order_by("pk")[:_MOST_STAFF]
    known = [each.email for each in some if each.check_password(PASSWORD)]
    if known:
        hint = "Give each another one: `manage.py changepassword ADDRESS`"
        said = f"Operators with the demonstration's password: {', '.join(known)}"
        yield fault("E031", said, hint)
    slugs = [
        brand.slug
        for brand in Brand.objects.filter(slug__in=list(demo)).order_by("slug")
        if brand.names.get("en") == demo[brand.slug].name["en"]
    ]
    if slugs:
        said = f"The database holds the demonstration's brands: {', '.join(slugs)}"
        yield fault("E032", said, _ELSEWHERE)
