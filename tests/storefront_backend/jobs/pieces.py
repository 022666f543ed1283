"""A model to build from, and workers that are killed while they build it."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from storefront_backend import wiring
from storefront_backend.jobs.builds import build_desk
from storefront_backend.models3d.models import Build, Model
from tests.builders import make_product
from tests.showroom.workpieces import torus, write_stl

ROOT = Path(__file__).resolve().parents[3]


def make_model(content: bytes = b"no mesh at all", **declared: object) -> Model:
    """A ring's model whose source holds those bytes."""
    product = make_product()
    key = wiring.assets().put(
        io.BytesIO(content), media_type="application/octet-stream", public=False
    )
    return Model.objects.create(
        brand=product.brand,
        product=product,
        source_key=key,
        source_name="ring.stl",
        source_bytes=len(content),
        declared={"kind": "ring", "unit": "mm", "alloys": ["gold-750-yellow"], **declared},
    )


def plain_ring(folder: Path) -> bytes:
    """A small band, quick to build."""
    return write_stl(folder / "ring.stl", torus(around=24, across=8)).read_bytes()


def change_source(model: Model, content: bytes) -> Model:
    """The brand sends another file for the piece."""
    model.source_key = wiring.assets().put(
        io.BytesIO(content), media_type="application/octet-stream", public=False
    )
    model.save(update_fields=["source_key"])
    return model


def finished(model: Model) -> Build:
    """A published build of the current model."""
    build = build_desk().request(model)
    build.state = Build.State.DONE
    build.save()
    Model.objects.filter(pk=model.pk).update(current_build=build)
    return build


def lapse(build: Build) -> None:
    """Let the lease of a killed worker run out, as it would in two minutes."""
    past = wiring.now() - timedelta(seconds=1)
    rows = Build.objects.filter(pk=build.pk)
    rows.update(lease_until=past, queued_at=past - timedelta(minutes=1))


def kill_worker_at(point: str, build: Build) -> None:
    """Run the build in a process of its own and kill it with SIGKILL when it says `point`."""
    address = urlsplit(os.environ["DATABASE_URL"])
    database = address._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    environment = {
        **os.environ,
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "ASSET_FOLDER": str(settings.ASSET_FOLDER),
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "tests.storefront_backend.jobs.worker", str(build.pk), point]
    worker = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert worker.stdout is not None
    try:
        said = worker.stdout.readline().decode().strip()
    finally:
        worker.kill()
        _, errors = worker.communicate()
    assert said == point, errors.decode()[-2000:]
