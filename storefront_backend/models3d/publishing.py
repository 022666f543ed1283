"""Publishing a build: all its files, or none."""

from __future__ import annotations

from pathlib import Path

import structlog
from django.db import transaction
from django.db.models.functions import Now
from PIL import Image

from showroom.report import Report
from showroom.work import Output
from storefront_backend.commerce.ports import AssetStore
from storefront_backend.models3d.inputs import subject_key
from storefront_backend.models3d.leases import Claim
from storefront_backend.models3d.models import Asset, Build, Model

log = structlog.get_logger(__name__)

_MEDIA_TYPES = {
    ".glb": "model/gltf-binary",
    ".usdz": "model/vnd.usdz+zip",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".png": "image/png",
    ".mp4": "video/mp4",
}


def publish(store: AssetStore, ours: Claim, report: Report, folder: Path) -> str:
    """Store all files, then show them in one transaction: shoppers see the old set or the new.

    Returns the build's state, or "lost" where it is no longer ours.
    """
    assets = [
        _stored(store, ours, output, folder / output.path)
        for output in report.outputs
        if Path(output.path).suffix in _MEDIA_TYPES
    ]
    with transaction.atomic():
        done = ours.rows().update(
            state=Build.State.DONE,
            report=report.to_json(),
            progress=1,
            stage="done",
            finished_at=Now(),
        )
        if not done:
            return "lost"
        Asset.objects.bulk_create(assets)
        build = Build.objects.get(pk=ours.build_id)
        model = Model.objects.select_for_update().get(pk=build.model_id)
        if _is_wanted(model, build):
            Model.objects.filter(pk=model.pk).update(current_build=build)
    log.info("build published", build=ours.build_id, files=len(assets))
    return Build.State.DONE.value


def _is_wanted(model: Model, build: Build) -> bool:
    """Not when the model has changed since, or somebody chose another build of this input."""
    newest = (build.source_key, build.declared) == (model.source_key, model.declared)
    return newest and model.chosen_for != subject_key(model)


def _stored(store: AssetStore, ours: Claim, output: Output, path: Path) -> Asset:
    kind = _MEDIA_TYPES[path.suffix]
    with path.open("rb") as source:
        key = store.put(source, media_type=kind, public=True)
    width, height = _size(path) if kind.startswith("image/") else (None, None)
    return Asset(
        build_id=ours.build_id,
        kind=output.kind,
        variation=output.variation or _variation(width, height),
        alloy=output.alloy,
        key=key,
        media_type=kind,
        bytes=path.stat().st_size,
        triangles=output.triangles or None,
        width=width,
        height=height,
    )


def _size(picture: Path) -> tuple[int, int]:
    with Image.open(picture) as opened:
        return opened.size


def _variation(width: int | None, height: int | None) -> str:
    """The shape of a picture: cards ask for squares, a piece's own page for tall ones."""
    if not width or not height:
        return ""
    return "square" if width == height else "tall" if height > width else "wide"
