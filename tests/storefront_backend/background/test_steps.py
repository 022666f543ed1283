"""Steps of the sweep fail alone: by an error, by hanging, by the death of their process."""

from __future__ import annotations

from datetime import timedelta

import pytest
from dj_queue.models import Job

from storefront_backend.background import steps
from storefront_backend.background.models import StepState
from storefront_backend.background.steps import LOST_AFTER
from storefront_backend.jobs.sweep import STEPS, sweep
from tests.builders import NOW

pytestmark = pytest.mark.django_db


def test_each_step_is_a_job_of_its_own_and_none_is_queued_twice() -> None:
    sweep.call()
    sweep.call()
    queued = Job.objects.filter(task_path__endswith="sweep_step")
    assert sorted(job.payload["args"][0] for job in queued) == sorted(STEPS)


def test_a_step_that_fails_waits_longer_each_time_and_keeps_no_other_from_work() -> None:
    at = NOW
    waits = []
    for _ in range(3):
        assert "bad" in steps.due(["bad", "good"], at)
        with pytest.raises(ZeroDivisionError):
            steps.run("bad", lambda: 1 // 0, lambda at=at: at)
        steps.run("good", lambda: 1, lambda at=at: at)
        state = StepState.objects.get(name="bad")
        waits.append(state.next_at - at)
        assert steps.due(["bad", "good"], at) == ["good"]
        StepState.objects.filter(name="good").update(asked_at=None)
        at = state.next_at
    assert waits == [timedelta(seconds=5), timedelta(seconds=20), timedelta(seconds=80)]
    assert (state.failures, state.error) == (3, "builtins.ZeroDivisionError")


def test_a_step_that_ends_well_is_due_again_and_its_failures_are_forgotten() -> None:
    with pytest.raises(ZeroDivisionError):
        steps.run("one", lambda: 1 // 0, lambda: NOW)
    assert steps.run("one", lambda: 7, lambda: NOW) == 7
    state = StepState.objects.get()
    assert (state.failures, state.error, state.ended_well_at) == (0, "", NOW)
    assert steps.due(["one"], NOW) == ["one"]


def test_a_step_whose_process_was_killed_is_noticed_and_put_off() -> None:
    class Killed(BaseException):
        """No code of the step runs after it."""

    def killed() -> int:
        raise Killed

    steps.due(["one"], NOW)
    with pytest.raises(Killed):
        steps.run("one", killed, lambda: NOW)
    later = NOW + LOST_AFTER
    assert steps.due(["one"], later) == []
    assert steps.due(["one"], later + timedelta(seconds=1)) == []
    state = StepState.objects.get()
    assert (state.failures, state.error) == (1, "killed")
    assert steps.due(["one"], state.next_at) == ["one"]


def test_a_step_that_a_full_queue_keeps_waiting_is_not_counted_as_failed() -> None:
    steps.due(["one"], NOW)
    assert steps.due(["one"], NOW + LOST_AFTER + timedelta(seconds=1)) == ["one"]
    assert StepState.objects.get().failures == 0
