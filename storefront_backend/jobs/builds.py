"""Builds of 3D assets: claimed by a lease, published whole or not at all, safe to kill anywhere."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import structlog
from django.db import close_old_connections, transaction
from django.db.models import F, Q
from django.tasks import task
from PIL import Image

from showroom.declared import Declared, DeclaredStone, Override
from showroom.errors import Refused
from showroom.pipeline import STANDARD, build, problems_of
from showroom.recipe import Recipe
from showroom.report import Report
from showroom.scene import Role
from showroom.work import Output
from storefront_backend import wiring
from storefront_backend.commerce.ports import AssetStore
from storefront_backend.models3d.models import Asset, Build, Model

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 3
_HEARTBEAT = 20.0  # seconds; a third of the lease would already do

_MEDIA_TYPES = {
    ".glb": "model/gltf-binary",
    ".usdz": "model/vnd.usdz+zip",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".png": "image/png",
    ".mp4": "video/mp4",
}


def request_build(model: Model) -> Build:
    """Queue a build of the model as it stands, or return the one of the same input."""
    key = input_key(model, STANDARD)
    with transaction.atomic():
        row, new = Build.objects.get_or_create(
            model=model, input_key=key, state__in=_LIVE, defaults={"state": Build.State.QUEUED}
        )
        if not new and row.state == Build.State.DONE and model.current_build_id != row.pk:
            Model.objects.filter(pk=model.pk).update(current_build=row)
        if new:
            transaction.on_commit(lambda: build_model.enqueue(row.pk))
    return row


_LIVE = (Build.State.QUEUED, Build.State.RUNNING, Build.State.DONE)


def input_key(model: Model, recipe: Recipe) -> str:
    """Digest of all that decides a build's result."""
    said = json.dumps([model.declared, recipe.to_json()], sort_keys=True, default=str)
    return hashlib.sha256(f"{model.source_key}\n{said}".encode()).hexdigest()


@task(queue_name="builds")
def build_model(build_id: int) -> str:
    """Run one build, unless somebody else has it or it is done. Returns its state."""
    claim = _claim(build_id)
    if claim is None:
        return "not claimed"
    row = Build.objects.select_related("model").get(pk=build_id)
    with tempfile.TemporaryDirectory(prefix="pavilion-build-") as folder, _kept(claim):
        source = Path(folder) / "source" / row.model.source_name
        source.parent.mkdir()
        _copy_source(row.model, source)
        try:
            report = build(
                source,
                Path(folder) / "out",
                declared=_declared(row.model.declared),
                progress=lambda stage, share: _note(claim, stage, share),
            )
        except Refused as refusal:
            state = Build.State.REFUSED if refusal.permanent else Build.State.FAILED
            return _end(claim, state, {"problems": problems_of(refusal)})
        return _publish(claim, report, Path(folder) / "out")


@dataclass(frozen=True, slots=True)
class Claim:
    """Our hold on a build. Every write checks the token: a worker that lost its lease is silent."""

    build_id: int
    token: uuid.UUID

    def rows(self) -> Any:
        """The build, if it is still ours."""
        return Build.objects.filter(
            pk=self.build_id, lease_token=self.token, state=Build.State.RUNNING
        )


def _claim(build_id: int) -> Claim | None:
    now = wiring.now()
    claim = Claim(build_id, uuid.uuid4())
    free = Q(state=Build.State.QUEUED) | Q(state=Build.State.RUNNING, lease_until__lt=now)
    taken = Build.objects.filter(free, pk=build_id, attempts__lt=MAX_ATTEMPTS).update(
        state=Build.State.RUNNING,
        lease_token=claim.token,
        lease_until=now + LEASE,
        attempts=F("attempts") + 1,
        progress=0,
    )
    return claim if taken else None


@contextmanager
def _kept(claim: Claim) -> Iterator[None]:
    """Renews the lease in the background; it ends with us, however we end."""
    stop = threading.Event()

    def renew() -> None:
        while not stop.wait(_HEARTBEAT):
            claim.rows().update(lease_until=wiring.now() + LEASE)
            close_old_connections()

    thread = threading.Thread(target=renew, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _note(claim: Claim, stage: str, share: float) -> None:
    claim.rows().update(stage=stage[:40], progress=share)


def _copy_source(model: Model, target: Path) -> None:
    with wiring.assets().open(model.source_key) as source, target.open("wb") as sink:
        shutil.copyfileobj(source, sink)


def _declared(raw: dict[str, Any]) -> Declared:
    return Declared(
        kind=raw.get("kind", ""),
        unit=raw.get("unit", ""),
        alloys=tuple(raw.get("alloys", ())),
        finish=raw.get("finish", "polished"),
        grams={code: Decimal(grams) for code, grams in raw.get("grams", {}).items()},
        dimensions_mm={k: Decimal(v) for k, v in raw.get("dimensions_mm", {}).items()},
        stones=tuple(
            DeclaredStone(stone["kind"], stone["count"], Decimal(stone["carat"]))
            for stone in raw.get("stones", ())
        ),
        overrides={
            part: Override(
                role=Role(said["role"]) if said.get("role") else None,
                material=said.get("material", ""),
                finish=said.get("finish", ""),
            )
            for part, said in raw.get("overrides", {}).items()
        },
    )


def _end(claim: Claim, state: Build.State, report: dict[str, Any]) -> str:
    claim.rows().update(state=state, report=report, finished_at=wiring.now())
    log.warning("build ended", build=claim.build_id, state=state.value)
    return state.value


def _publish(claim: Claim, report: Report, folder: Path) -> str:
    """Store all files, then show them in one transaction: shoppers see the old set or the new."""
    store = wiring.assets()
    assets = [
        _stored(store, claim, output, folder / output.path)
        for output in report.outputs
        if Path(output.path).suffix in _MEDIA_TYPES
    ]
    with transaction.atomic():
        done = claim.rows().update(
            state=Build.State.DONE,
            report=report.to_json(),
            progress=1,
            stage="done",
            finished_at=wiring.now(),
        )
        if not done:
            return "lost"
        Asset.objects.bulk_create(assets)
        Model.objects.filter(builds=claim.build_id).update(current_build=claim.build_id)
    log.info("build published", build=claim.build_id, files=len(assets))
    return Build.State.DONE.value


def _stored(store: AssetStore, claim: Claim, output: Output, path: Path) -> Asset:
    kind = _MEDIA_TYPES[path.suffix]
    with path.open("rb") as source:
        key = store.put(source, media_type=kind, public=True)
    width, height = Image.open(path).size if kind.startswith("image/") else (None, None)
    return Asset(
        build_id=claim.build_id,
        kind=output.kind,
        variation=_variation(width, height),
        alloy=output.alloy,
        key=key,
        media_type=kind,
        bytes=path.stat().st_size,
        triangles=output.triangles or None,
        width=width,
        height=height,
    )


def _variation(width: int | None, height: int | None) -> str:
    """The shape of a picture: cards ask for squares, a piece's own page for tall ones."""
    if not width or not height:
        return ""
    return "square" if width == height else "tall" if height > width else "wide"


def requeue_abandoned() -> int:
    """Queue again the builds whose worker was killed, and those whose task never ran."""
    now = wiring.now()
    lost = Q(state=Build.State.RUNNING, lease_until__lt=now)
    forgotten = Q(state=Build.State.QUEUED, created_at__lt=now - 5 * LEASE)
    given_up = Build.objects.filter(lost, attempts__gte=MAX_ATTEMPTS).update(
        state=Build.State.FAILED,
        finished_at=now,
        report={"problems": [{"code": "worker_died", "message": "The build died three times"}]},
    )
    ids = list(Build.objects.filter(lost | forgotten).values_list("pk", flat=True))
    for build_id in ids:
        build_model.enqueue(build_id)
    if ids or given_up:
        log.warning("builds taken up again", builds=len(ids), given_up=given_up)
    return len(ids)
