"""Builds: requested once, run by one, stopped, tried again, chosen."""

from __future__ import annotations

import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from showroom.errors import Problem, Refused
from storefront_backend import wiring
from storefront_backend.commerce.errors import InvalidRequest
from storefront_backend.jobs.builds import build_desk, build_model
from storefront_backend.models3d.builds import cancel_build, show_build
from storefront_backend.models3d.leases import LAPSED, MAX_ATTEMPTS, Claim, claim, kept
from storefront_backend.models3d.models import Asset, Build, Model
from tests.patience import deadline
from tests.storefront_backend.jobs.pieces import change_source, finished, lapse, make_model

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick_recipe(settings: Settings) -> None:
    settings.BUILD_RECIPE = "models"


def test_the_same_input_is_built_once_and_another_declaration_anew() -> None:
    model = make_model()
    assert build_desk().request(model) == build_desk().request(model)
    model.declared |= {"finish": "satin"}
    model.save()
    assert build_desk().request(model).declared["finish"] == "satin"
    assert Build.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_at_once_one_gets_the_build() -> None:
    build = build_desk().request(make_model())

    def work(_: int) -> Claim | None:
        try:
            return claim(build.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as workers:
        claims = [found for found in workers.map(work, range(12)) if found]
    assert len(claims) == 1
    build.refresh_from_db()
    assert (build.state, build.attempts, build.lease_token) == ("running", 1, claims[0].token)


def test_a_build_that_runs_is_nobody_elses_until_its_lease_has_run_out() -> None:
    build = build_desk().request(make_model())
    first = claim(build.pk)
    assert claim(build.pk) is None
    lapse(build)
    second = claim(build.pk)
    assert second is not None
    assert first is not None
    assert (first.lost(), second.lost()) == (True, False)


@pytest.mark.django_db(transaction=True)
def test_a_worker_at_work_renews_its_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storefront_backend.models3d.leases._HEARTBEAT", 0.01)
    build = build_desk().request(make_model())
    ours = claim(build.pk)
    assert ours is not None
    lapse(build)
    until = deadline(30)
    with kept(ours):
        while Build.objects.filter(LAPSED, pk=build.pk).exists():
            assert time.monotonic() < until
            time.sleep(0.01)
    assert claim(build.pk) is None


def test_a_worker_that_lost_its_lease_writes_nothing() -> None:
    build = build_desk().request(make_model())
    late = Claim(build.pk, uuid.uuid4())
    claim(build.pk)
    late.note("posters", 0.9)
    late.release()
    build.refresh_from_db()
    assert (build.stage, build.progress) == ("", 0)
    assert build.lease_until is not None
    assert build.lease_until > wiring.now()


def test_a_damaged_file_is_refused_with_its_reason_and_shows_nothing() -> None:
    build = build_desk().request(make_model(b"no mesh at all"))
    assert build_model.call(build.pk) == "refused"
    build.refresh_from_db()
    assert build.report["problems"][0]["code"] == "unknown_format"
    assert build.report["problems"][0]["hint"] != ""
    assert not Asset.objects.exists()
    assert Model.objects.get().current_build is None


def test_a_refused_file_is_not_built_again_until_somebody_asks() -> None:
    model = make_model()
    build = build_desk().request(model)
    Build.objects.update(state="refused")
    assert build_desk().request(model).state == "refused"
    assert Build.objects.count() == 1
    assert build_desk().retry(build).state == "queued"


def test_a_source_that_is_gone_fails_with_its_reason() -> None:
    build = build_desk().request(make_model())
    wiring.assets().delete(build.source_key)
    assert build_model.call(build.pk) == "failed"
    build.refresh_from_db()
    assert build.report["problems"][0]["code"] == "source_missing"


def test_what_may_succeed_next_time_is_tried_again_before_it_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise Refused(Problem("poster_failed", "The path tracer stopped: -15"), permanent=False)

    monkeypatch.setattr("storefront_backend.models3d.builds.build", stopped)
    build = build_desk().request(make_model())
    for attempt in range(1, MAX_ATTEMPTS):
        assert build_model.func(build.pk) == "to be tried again"
        assert Build.objects.filter(LAPSED, pk=build.pk, attempts=attempt).exists()
    assert build_model.func(build.pk) == Build.State.FAILED


def test_what_is_canceled_while_it_waits_is_never_begun() -> None:
    build = build_desk().request(make_model())
    cancel_build(build)
    assert build_model.call(build.pk) == "not claimed"
    assert (build.state, build.attempts) == ("canceled", 0)


def test_a_worker_is_told_at_its_next_step_that_the_build_was_canceled() -> None:
    build = build_desk().request(make_model())
    ours = claim(build.pk)
    assert ours is not None
    assert not ours.lost()
    cancel_build(build)
    assert ours.lost()


def test_canceling_what_is_done_changes_nothing() -> None:
    build = finished(make_model())
    cancel_build(build)
    assert build.state == "done"


def test_what_failed_runs_again_from_the_start(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    build = build_desk().request(make_model())
    Build.objects.update(state="failed", attempts=3, report={"problems": []}, progress=0.5)
    with django_capture_on_commit_callbacks() as callbacks:
        again = build_desk().retry(build)
    assert (again.pk, again.state, again.attempts, again.progress) == (build.pk, "queued", 0, 0)
    assert len(callbacks) == 1
    assert claim(build.pk) is not None


def test_trying_again_what_runs_anew_already_returns_that_build() -> None:
    model = make_model()
    first = build_desk().request(model)
    cancel_build(first)
    second = build_desk().request(model)
    assert build_desk().retry(first) == second
    first.refresh_from_db()
    assert first.state == "canceled"


def test_a_worker_that_dies_three_times_over_a_file_leaves_it() -> None:
    build = build_desk().request(make_model())
    for _ in range(MAX_ATTEMPTS):
        assert claim(build.pk) is not None
        lapse(build)
    assert build_desk().requeue_abandoned() == 0
    build.refresh_from_db()
    assert (build.state, build.report["problems"][0]["code"]) == ("failed", "worker_died")
    assert claim(build.pk) is None


def test_a_lapsed_build_is_asked_for_once_however_often_is_swept() -> None:
    build = build_desk().request(make_model())
    claim(build.pk)
    assert build_desk().requeue_abandoned() == 0
    lapse(build)
    assert [build_desk().requeue_abandoned() for _ in range(3)] == [1, 0, 0]


def test_a_build_whose_task_was_lost_is_asked_for_again() -> None:
    build = build_desk().request(make_model())
    assert build_desk().requeue_abandoned() == 0
    Build.objects.filter(pk=build.pk).update(queued_at=wiring.now() - timedelta(minutes=11))
    assert [build_desk().requeue_abandoned() for _ in range(2)] == [1, 0]


def test_an_earlier_build_is_chosen_and_stays_until_the_brand_sends_something_new() -> None:
    model = make_model(b"first")
    first = finished(model)
    second = finished(change_source(model, b"second"))
    show_build(first)
    build_desk().request(Model.objects.get())  # as an import of the same sheet would
    assert Model.objects.get().current_build == first
    third = finished(change_source(Model.objects.get(), b"third"))
    assert Model.objects.get().current_build == third
    assert build_desk().request(change_source(Model.objects.get(), b"second")) == second
    assert Model.objects.get().current_build == second


def test_only_a_finished_build_can_be_shown() -> None:
    build = build_desk().request(make_model())
    with pytest.raises(InvalidRequest):
        show_build(build)
    assert Model.objects.get().current_build is None
