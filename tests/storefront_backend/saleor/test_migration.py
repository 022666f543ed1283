"""Rows of a removed installation move to their Saleor, forwards and back."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

URL = "http://saleor.test/graphql/"
BEFORE = [("installations", "0004_agreement")]
AFTER = [("installations", "0006_rows_follow_their_saleor")]


def migrate(target: list[tuple[str, str]]) -> Any:
    """The models as they stand at that migration."""
    executor = MigrationExecutor(connection)
    executor.migrate(target)
    return MigrationExecutor(connection).loader.project_state(target).apps


@pytest.mark.django_db(transaction=True)
def test_what_hung_on_a_retired_installation_follows_the_saleor() -> None:
    latest = [node for node in MigrationExecutor(connection).loader.graph.leaf_nodes()
              if node[0] == "installations"]  # fmt: skip
    try:
        _moves_both_ways(migrate(BEFORE))
    finally:
        migrate(latest)


def _moves_both_ways(apps: Any) -> None:
    model = lambda name: apps.get_model("installations", name).objects  # noqa: E731
    old = model("Installation").create(api_url=URL, state="retired", sealed_token="x")
    new = model("Installation").create(api_url=URL, state="active", sealed_token="y")
    model("SaleorSale").create(
        installation=old, token=uuid.uuid4(), checkout_id="c", currency="EUR", total=1
    )
    for row in (old, new):
        model("Intake").create(installation=row, product_id="p", slug=f"ring-{row.state}")
        model("Conflict").create(installation=row, subject="ring", field="name:en", kept="ours")
        model("SaleorEvent").create(
            installation=row, digest="d", name="stock", body={}, issued_at=timezone.now(),
            state="done" if row == old else "received",
            done_at=timezone.now() if row == old else None,
        )  # fmt: skip
    after = migrate(AFTER)
    model = lambda name: after.get_model("installations", name).objects  # noqa: E731
    assert model("SaleorSale").get().api_url == URL
    assert model("Intake").get().slug == "ring-active"
    assert model("SaleorEvent").get().state == "done"
    assert model("Conflict").filter(resolved_at=None, api_url=URL).count() == 1
    before = migrate(BEFORE)
    assert before.get_model("installations", "SaleorSale").objects.get().installation_id == new.pk
