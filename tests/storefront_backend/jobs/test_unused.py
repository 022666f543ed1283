"""Files that nothing points at: listed by default, deleted on request, never a used one."""

from __future__ import annotations

import io
import os
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command

from storefront_backend import wiring
from storefront_backend.models3d.models import Asset, Model, Upload
from tests.storefront_backend.jobs.pieces import change_source, finished, make_model

pytestmark = pytest.mark.django_db
DAY = 86_400


def put(content: bytes, *, public: bool = True) -> str:
    kind = "model/gltf-binary"
    return wiring.assets().put(io.BytesIO(content), media_type=kind, public=public)


def age_all(folder: Path, seconds: int = 2 * DAY) -> None:
    for path in folder.rglob("*"):
        then = path.stat().st_mtime - seconds
        os.utime(path, (then, then))


def sweep(*words: str) -> str:
    out = io.StringIO()
    call_command("sweep_assets", *words, stdout=out)
    return out.getvalue()


def keys() -> set[str]:
    return {file.key for file in wiring.assets().stored()}


def test_the_command_lists_and_deletes_nothing_unless_told_to(asset_folder: Path) -> None:
    unused = put(b"ring")
    age_all(asset_folder)
    assert sweep().splitlines() == [
        f"{unused} 4 bytes",
        "1 files of 4 bytes and 0 uploads are not needed; --delete removes them",
    ]
    assert keys() == {unused}
    assert sweep("--delete") == "1 files, 4 bytes and 0 uploads deleted\n"
    assert keys() == set()


def test_sources_earlier_builds_and_their_files_stay(asset_folder: Path) -> None:
    model = make_model(b"first")
    first = finished(model)
    glb = put(b"first glb")
    Asset.objects.create(
        build=first, kind="web-glb", key=glb, media_type="model/gltf-binary", bytes=9
    )
    finished(change_source(model, b"second"))
    age_all(asset_folder)
    used = keys()
    assert len(used) == 3
    sweep("--delete")
    assert keys() == used


def test_with_the_product_its_files_go_unless_another_shares_them(asset_folder: Path) -> None:
    ours, theirs = make_model(b"same source"), make_model(b"same source")
    ours.product.delete()
    age_all(asset_folder)
    sweep("--delete")
    assert keys() == {theirs.source_key}
    Model.objects.all().delete()
    sweep("--delete")
    assert keys() == set()


def test_a_young_file_stays_for_its_build_may_not_have_published_yet(asset_folder: Path) -> None:
    put(b"ring")
    age_all(asset_folder)
    again = put(b"ring")  # a build of today puts the same bytes
    put(b"of just now")
    sweep("--delete")
    assert len(keys()) == 2
    assert again in keys()


def test_uploads_without_an_open_row_and_half_files_go(asset_folder: Path) -> None:
    product = make_model().product
    row = Upload.objects.create(
        brand=product.brand,
        product=product,
        name="ring.stl",
        bytes=1,
        part_bytes=1,
        expires_at=wiring.now() + timedelta(hours=1),
    )
    stray = str(uuid.uuid4())
    for upload_id in (str(row.pk), stray):
        wiring.uploads().begin(upload_id, 1)
    half = asset_folder / "public" / "ab" / ".half-glb"
    half.parent.mkdir(parents=True)
    half.touch()
    age_all(asset_folder)
    sweep("--delete")
    assert list(wiring.uploads().unfinished()) == [str(row.pk)]
    assert not half.exists()
