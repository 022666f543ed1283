"""A sandbox of its own for each test that takes payments."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from pytest_django import Settings

from storefront_backend import wiring


@pytest.fixture
def own_sandbox(settings: Settings, tmp_path: Path) -> Iterator[None]:
    """The provider's file in this test's folder; settings are read again."""
    settings.PAVILION_HOME = tmp_path
    wiring.sandbox.cache_clear()
    yield
    wiring.sandbox.cache_clear()


@pytest.fixture
def as_shop(db: None) -> Iterator[None]:
    """The test's statements run with the rights of the shop's role, as in production."""
    role = django_settings.DATABASE_SHOP_ROLE
    if not role:
        pytest.skip("DATABASE_URL names a server without the shop's role")
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {connection.ops.quote_name(role)}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
