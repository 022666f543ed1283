"""Workers killed with SIGKILL in the middle of a build, and what shoppers see of it: nothing."""

from __future__ import annotations

import fcntl
import os
import threading
from pathlib import Path

import pytest
from pytest_django import Settings

from storefront_backend import wiring
from storefront_backend.jobs.builds import build_desk, build_model
from storefront_backend.models3d.builds import cancel_build
from storefront_backend.models3d.leases import Claim, claim
from storefront_backend.models3d.models import Asset, Build, Model
from storefront_backend.models3d.workbench import workbench
from tests.patience import stretched
from tests.storefront_backend.jobs.pieces import (
    change_source,
    kill_worker_at,
    lapse,
    make_model,
    plain_ring,
)

KINDS = {"web-glb", "ar-glb", "usdz"}


@pytest.fixture(autouse=True)
def _quick_recipe(settings: Settings) -> None:
    settings.BUILD_RECIPE = "models"


@pytest.mark.drill
@pytest.mark.django_db(transaction=True)
def test_a_killed_build_is_taken_up_and_published_whole(tmp_path: Path) -> None:
    build = build_desk().request(make_model(plain_ring(tmp_path)))

    kill_worker_at("compress", build)
    build.refresh_from_db()
    assert (build.state, build.stage) == ("running", "compress")
    assert build_model.call(build.pk) == "not claimed"  # its lease has not run out
    lapse(build)
    assert build_desk().requeue_abandoned() == 1

    kill_worker_at("stored 2", build)
    assert any(file.key.startswith("public/") for file in wiring.assets().stored())
    assert not Asset.objects.exists()
    assert Model.objects.get().current_build is None
    lapse(build)

    assert build_model.call(build.pk) == "done"
    build.refresh_from_db()
    assert (build.state, build.attempts, build.progress) == ("done", 3, 1)
    assert Model.objects.get().current_build == build
    assert set(build.assets.values_list("kind", flat=True)) >= KINDS
    stored = {file.key: file.size for file in wiring.assets().stored()}
    assert all(stored[asset.key] == asset.bytes for asset in build.assets.all())


@pytest.mark.drill
@pytest.mark.django_db(transaction=True)
def test_a_canceled_build_stops_at_its_next_step_and_publishes_nothing(tmp_path: Path) -> None:
    build = build_desk().request(make_model(plain_ring(tmp_path)))
    stages = []

    class Watched(Claim):
        def note(self, stage: str, share: float) -> None:
            super().note(stage, share)
            stages.append(stage)
            if stage == "weld":
                cancel_build(Build.objects.get(pk=self.build_id))

    ours = claim(build.pk)
    assert ours is not None
    assert build_desk()._run(Watched(ours.build_id, ours.token)) == "canceled"
    assert stages == ["read", "units", "weld"]
    build.refresh_from_db()
    assert (build.state, build.lease_token) == ("canceled", None)
    assert not Asset.objects.exists()


@pytest.mark.drill
@pytest.mark.django_db
def test_a_build_that_ends_after_the_brand_sent_something_newer_is_kept_but_not_shown(
    tmp_path: Path,
) -> None:
    model = make_model(plain_ring(tmp_path))
    older = build_desk().request(model)
    newer = build_desk().request(change_source(model, b"newer"))
    assert build_model.call(older.pk) == "done"
    assert Model.objects.get().current_build is None
    assert older.assets.exists()
    assert newer.state == "queued"


def test_a_bench_is_cleared_at_its_end_and_after_a_killed_worker(tmp_path: Path) -> None:
    abandoned = tmp_path / "pavilion-build-abandoned"
    in_use = tmp_path / "pavilion-build-in-use"
    for folder in (abandoned, in_use):
        folder.mkdir()
        (folder / "in-use").touch()
        (folder / "mesh").write_bytes(b"0" * 100)
    lock = os.open(in_use / "in-use", os.O_RDWR)
    fcntl.flock(lock, fcntl.LOCK_EX)
    with workbench(tmp_path) as folder:
        assert folder.is_dir()
        assert sorted(tmp_path.iterdir()) == sorted([in_use, folder])
    os.close(lock)
    assert list(tmp_path.iterdir()) == [in_use]


def test_two_benches_at_once_do_not_clear_each_other(tmp_path: Path) -> None:
    began, may_end = threading.Event(), threading.Event()

    def other() -> None:
        with workbench(tmp_path):
            began.set()
            may_end.wait(stretched(10))

    thread = threading.Thread(target=other)
    thread.start()
    began.wait(stretched(10))
    with workbench(tmp_path):
        assert len(list(tmp_path.iterdir())) == 2
    may_end.set()
    thread.join()
    assert list(tmp_path.iterdir()) == []
