"""Brands take turns at the checking of their uploads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from django.db import connection

from storefront_backend import wiring
from storefront_backend.catalog.models import Brand
from storefront_backend.models3d.models import Upload
from storefront_backend.models3d.upload_turns import _CHECKING, next_upload
from tests.builders import make_brand, make_product

pytestmark = pytest.mark.django_db


def closed(brand: Brand, count: int) -> None:
    product = make_product(brand)
    for n in range(count):
        Upload.objects.create(
            brand=brand, product=product, name=f"{brand.slug}-{n}", bytes=1, part_bytes=1,
            state=Upload.State.CHECKING, expires_at=wiring.now(),
        )  # fmt: skip


def served(count: int) -> Iterator[str]:
    at = wiring.now()
    for n in range(count):
        with next_upload() as upload:
            if upload is None:
                return
            yield upload.name
            upload.state, upload.finished_at = Upload.State.DONE, at + timedelta(seconds=n)
            upload.save()


def test_many_uploads_of_one_brand_keep_another_waiting_for_one() -> None:
    closed(make_brand("canton"), 5)
    closed(make_brand("bao"), 2)
    assert list(served(9)) == [
        "canton-0", "bao-0", "canton-1", "bao-1", "canton-2", "canton-3", "canton-4",
    ]  # fmt: skip


def test_an_upload_that_another_worker_checks_is_passed_by_with_its_brand() -> None:
    closed(make_brand("canton"), 2)
    closed(make_brand("bao"), 1)
    first = Upload.objects.get(name="canton-0")
    with psycopg.connect(**_elsewhere(), autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s, %s)", [_CHECKING, first.pk.int % (1 << 31)])
        assert list(served(2)) == ["bao-0", "canton-1"]
        assert list(served(1)) == []  # the one that is left is theirs
    assert list(served(1)) == ["canton-0"]  # their process has ended


def _elsewhere() -> dict[str, object]:
    known = connection.get_connection_params()
    return {name: known[name] for name in ("dbname", "user", "password", "host", "port")
            if name in known}  # fmt: skip
