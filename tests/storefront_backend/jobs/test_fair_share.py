"""Brands take turns at the builders, however many builds one of them asks for."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from storefront_backend.catalog.models import Brand
from storefront_backend.jobs.builds import build_desk, build_model
from storefront_backend.models3d.leases import Claim, claim_next
from storefront_backend.models3d.models import Build, Model
from tests.builders import make_brand, make_product

pytestmark = pytest.mark.django_db


def queue(brand: Brand, count: int) -> None:
    for number in range(count):
        model = Model.objects.create(
            brand=brand, product=make_product(brand), source_key="-", source_bytes=1
        )
        Build.objects.create(model=model, input_key=str(number))


def served(count: int, most: int = 99) -> list[str]:
    """Whose builds run, one after the other, each done before the next is taken."""
    found = []
    for _ in range(count):
        ours = claim_next(most)
        assert ours is not None
        found.append(brand_of(ours))
        ours.rows().update(state=Build.State.DONE)
    return found


def brand_of(ours: Claim) -> str:
    return Build.objects.select_related("model__brand").get(pk=ours.build_id).model.brand.slug


def test_thirty_seven_builds_of_one_brand_keep_another_waiting_for_one() -> None:
    queue(make_brand("canton"), 37)
    queue(make_brand("bao"), 2)
    assert served(6) == ["canton", "bao", "canton", "bao", "canton", "canton"]


def test_a_brand_that_comes_later_is_next() -> None:
    canton = make_brand("canton")
    queue(canton, 9)
    assert served(3) == ["canton"] * 3
    queue(make_brand("late"), 1)
    assert served(2) == ["late", "canton"]


def test_within_a_brand_the_oldest_is_first() -> None:
    queue(make_brand("canton"), 3)
    keys = [claim_next(99).build_id for _ in range(3)]  # type: ignore[union-attr]
    assert keys == sorted(keys)


def test_a_brand_runs_no_more_at_once_than_the_setting_says(settings: Settings) -> None:
    settings.BUILDS_RUNNING_A_BRAND = 2
    queue(make_brand("canton"), 4)
    queue(make_brand("bao"), 1)
    Build.objects.update(queued_at="2026-11-24T09:00Z")
    running = [claim_next(2) for _ in range(3)]
    assert sorted(brand_of(one) for one in running if one) == ["bao", "canton", "canton"]
    assert claim_next(2) is None
    waiting = Build.objects.filter(state=Build.State.QUEUED)
    assert build_model.call(waiting[0].pk) == "put off"
    assert waiting.filter(queued_at=None).count() == 1


def test_what_was_put_off_is_asked_for_again_by_the_sweep() -> None:
    queue(make_brand("canton"), 1)
    Build.objects.update(queued_at=None)
    assert build_desk().requeue_abandoned() == 1
    assert Build.objects.get().queued_at is not None
