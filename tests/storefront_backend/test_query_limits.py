"""PostgreSQL itself ends what a web process asks for too long."""

from __future__ import annotations

import pytest
from django.db import OperationalError, connection
from django.db.backends.postgresql.base import DatabaseWrapper

from storefront_backend.database_url import limit_queries


@pytest.mark.django_db
def test_a_statement_and_an_idle_transaction_are_ended_by_the_database() -> None:
    limited = limit_queries(connection.settings_dict, statement_seconds=1, idle_seconds=7)
    ours = DatabaseWrapper(limited, "default")
    try:
        with ours.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            assert cursor.fetchone() == ("1s",)
            with pytest.raises(OperationalError, match="statement timeout"):
                cursor.execute("SELECT pg_sleep(60)")
    finally:
        ours.close()


def test_what_the_operator_sets_in_the_address_prevails() -> None:
    said = {"OPTIONS": {"options": "-c statement_timeout=5min"}}
    options = limit_queries(said, statement_seconds=20, idle_seconds=60)["OPTIONS"]["options"]
    assert options.endswith("-c statement_timeout=5min")
    assert "idle_in_transaction_session_timeout=60s" in options
