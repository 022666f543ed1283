"""The desk over an S3 store: the browser sends to the store, we only check and copy."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from storefront_backend import wiring
from storefront_backend.jobs.builds import build_model
from storefront_backend.jobs.uploads import finish_upload, upload_follower
from storefront_backend.models3d.models import Build, Model, Upload
from tests.builders import make_product
from tests.s3_server import BUCKET, Bucket, running_s3
from tests.storefront_backend.jobs.pieces import plain_ring

pytestmark = pytest.mark.django_db
CONTENT = b"solid ring\n" * 100
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def bucket(settings: Settings) -> Iterator[Bucket]:
    with running_s3() as bucket:
        settings.ASSET_STORE = "s3"
        settings.S3_BUCKET = settings.S3_PRIVATE_BUCKET = BUCKET
        settings.S3_ENDPOINT_URL = settings.S3_BROWSER_ENDPOINT_URL = bucket.endpoint
        settings.S3_PUBLIC_URL = bucket.assets.public_url
        settings.S3_PATH_STYLE = True
        wiring.s3_assets.cache_clear()
        yield bucket
        wiring.s3_assets.cache_clear()


def begin(size: int = len(CONTENT)) -> Upload:
    desk = wiring.upload_desk()
    upload = desk.begin(make_product(), name="ring.stl", size=size, by=None)
    return Upload.objects.get(pk=upload.pk)


def send(upload: Upload, content: bytes) -> None:
    digest = hashlib.sha256(content).hexdigest()
    (address,) = wiring.upload_desk().addresses(upload, {1: digest})
    headers = dict(address.headers)
    answer = httpx.put(address.url, content=content, headers=headers, trust_env=False)
    assert answer.status_code == 200
    upload_follower().complete(upload, digest, {1: digest})


def test_a_mesh_goes_straight_to_the_store_and_waits_there_under_its_key(bucket: Bucket) -> None:
    upload = begin()
    (address,) = wiring.upload_desk().addresses(upload, {1: DIGEST})
    assert address.url.startswith(f"{bucket.endpoint}/{BUCKET}/private/incoming/{upload.pk}?")
    send(upload, CONTENT)
    assert finish_upload.call(str(upload.pk)) == "done"
    model = Model.objects.get()
    assert model.source_key == f"private/{DIGEST[:2]}/{DIGEST}.bin"
    assert Build.objects.get().source_key == model.source_key
    assert list(wiring.uploads().unfinished()) == []


@pytest.mark.slow
def test_what_is_built_of_it_is_served_by_the_store(
    bucket: Bucket, settings: Settings, tmp_path: Path
) -> None:
    settings.BUILD_RECIPE = "models"
    content = plain_ring(tmp_path)
    upload = begin(len(content))
    send(upload, content)
    finish_upload.call(str(upload.pk))
    build = Build.objects.get()
    assert build_model.call(build.pk) == "done"
    glb = build.assets.get(kind="web-glb")
    answer = httpx.get(wiring.assets().url(glb.key), trust_env=False)
    assert (answer.headers["Content-Type"], answer.content[:4]) == ("model/gltf-binary", b"glTF")
    assert len(answer.content) == glb.bytes


def test_a_worker_killed_after_it_adopted_the_file_leaves_the_rest_to_the_sweep(
    bucket: Bucket,
) -> None:
    upload = begin()
    Upload.objects.update(state="done", key="-")  # and was killed before it cleared
    assert list(wiring.uploads().unfinished()) == [str(upload.pk)]
    assert upload_follower().sweep() == 1
    assert list(wiring.uploads().unfinished()) == []
    assert upload_follower().sweep() == 0


def test_a_store_without_a_public_address_is_refused(settings: Settings) -> None:
    settings.ASSET_STORE, settings.S3_BUCKET, settings.S3_PUBLIC_URL = "s3", BUCKET, ""
    wiring.s3_assets.cache_clear()
    with pytest.raises(ImproperlyConfigured, match="S3_PUBLIC_URL"):
        wiring.assets()
