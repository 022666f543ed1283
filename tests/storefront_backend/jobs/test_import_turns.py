"""Brands take turns at their sheets, however many one of them hands in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storefront_backend import wiring
from storefront_backend.catalog.models import Brand, ImportRun
from storefront_backend.jobs import sheet_imports
from storefront_backend.jobs.sheet_imports import run_import
from storefront_backend.pricing import sheet_import
from tests.builders import make_brand

pytestmark = pytest.mark.django_db


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the runs that were taken, in that order; each is done at once."""
    names: list[str] = []

    def done(run: ImportRun) -> None:
        names.append(run.name)
        run.state, run.finished_at = ImportRun.State.DONE, wiring.now()
        run.save()

    monkeypatch.setattr(sheet_imports, "_go_on", done)
    return names


def hand_in(brand: Brand, count: int) -> list[str]:
    """Runs as they are queued: their ids."""
    return [
        str(ImportRun.objects.create(brand=brand, name=f"{brand.slug}-{n}", bytes=1).pk)
        for n in range(count)
    ]


def test_ten_sheets_of_one_brand_keep_another_waiting_for_one(served: list[str]) -> None:
    queue = [*hand_in(make_brand("canton"), 10), *hand_in(make_brand("bao"), 2)]
    for task in queue[:6]:
        run_import.call(task)
    assert served == ["canton-0", "bao-0", "canton-1", "bao-1", "canton-2", "canton-3"]


def test_every_sheet_is_taken_once_by_as_many_tasks(served: list[str]) -> None:
    queue = [*hand_in(make_brand("canton"), 3), *hand_in(make_brand("bao"), 2)]
    for task in queue:
        run_import.call(task)
    assert sorted(served) == ["bao-0", "bao-1", "canton-0", "canton-1", "canton-2"]
    assert {run_import.call(task) for task in queue} == {"done"}
    assert len(served) == 5


def test_a_brand_that_comes_later_is_next(served: list[str]) -> None:
    queue = hand_in(make_brand("canton"), 3)
    run_import.call(queue[0])
    hand_in(make_brand("late"), 1)
    run_import.call(queue[1])
    assert served == ["canton-0", "late-0"]


def test_a_busy_brand_gives_its_turn_to_another(
    served: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    canton = make_brand("canton")
    queue = hand_in(canton, 2)
    hand_in(make_brand("bao"), 1)
    real = sheet_import.brand_lock

    def lock(brand: Brand, *, wait: bool) -> object:
        return _not_ours() if brand == canton else real(brand, wait=wait)

    monkeypatch.setattr(sheet_imports, "brand_lock", lock)
    assert [run_import.call(task) for task in queue] == ["done", "busy"]
    assert served == ["bao-0"]


def test_a_run_that_was_begun_is_left_to_its_own_task(served: list[str]) -> None:
    """Another's task would use up its attempts while its retry waits."""
    (begun,) = hand_in(make_brand("canton"), 1)
    ImportRun.objects.update(attempts=1, touched_at=wiring.now() - timedelta(minutes=1))
    (other,) = hand_in(make_brand("bao"), 1)
    run_import.call(other)
    run_import.call(other)
    assert served == ["bao-0"]
    run_import.call(begun)
    assert served == ["bao-0", "canton-0"]


def test_a_run_that_ends_has_the_brands_next_queued(
    served: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next one's task may have ended meanwhile, for the brand was busy."""
    queue = hand_in(make_brand("canton"), 2)
    queued: list[str] = []
    monkeypatch.setattr(type(run_import), "enqueue", lambda _task, run: queued.append(run))
    run_import.call(queue[0])
    assert queued == [queue[1]]
    run_import.call(queue[1])
    assert len(queued) == 1


class _not_ours:  # noqa: N801 - a context manager, called as the function is
    def __enter__(self) -> bool:
        return False

    def __exit__(self, *_: object) -> None:
        pass
