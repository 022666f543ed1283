"""A piece of several files, sent as a ZIP: built under its names, and once however it is packed."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from storefront_backend import wiring
from storefront_backend.catalog.models import Product
from storefront_backend.jobs.builds import build_model
from storefront_backend.jobs.uploads import finish_upload
from storefront_backend.models3d.models import Build, Model, Upload
from storefront_backend.models3d.unused import unused_files
from tests.builders import make_brand, make_product
from tests.showroom.test_sets import obj_set, zipped
from tests.storefront_backend.models3d.test_uploads import addresses, begin, complete, member, send

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick_recipe(settings: Settings) -> None:
    settings.BUILD_RECIPE = "models"


@pytest.fixture
def ring() -> Product:
    return make_product(make_brand("kapok"), code="ring")


@pytest.fixture
def alice(ring: Product) -> Client:
    return member(ring.brand, "alice", "owner")


def sent(client: Client, path: Path) -> Upload:
    """The file uploaded in one part and checked."""
    content = path.read_bytes()
    whole = hashlib.sha256(content).hexdigest()
    parts = [{"number": 1, "sha256": whole}]
    upload_id = begin(client, name=path.name, bytes=len(content)).json()["id"]
    (address,) = addresses(client, upload_id, parts).json()
    assert send(address, content).status_code == 204
    complete(client, upload_id, {"sha256": whole, "parts": parts})
    finish_upload.call(upload_id)
    return Upload.objects.get(pk=upload_id)


def test_an_obj_and_its_mtl_are_built_under_their_names(alice: Client, tmp_path: Path) -> None:
    upload = sent(alice, zipped(obj_set(tmp_path / "set"), tmp_path / "LY-900.zip"))
    assert upload.state == "done"
    build = Build.objects.get()
    assert build_model.call(build.pk) == "done"
    build.refresh_from_db()
    assert build.report["input"]["name"] == "LY-900.zip"
    assert [part["material"] for part in build.report["parts"]] == ["gold-750-yellow", "ruby"]


def test_the_same_files_packed_otherwise_are_not_built_again(
    alice: Client, tmp_path: Path, settings: Settings
) -> None:
    folder = obj_set(tmp_path / "set")
    sent(alice, zipped(folder, tmp_path / "one.zip"))
    build = Build.objects.get()
    build_model.call(build.pk)
    again = zipped(folder, tmp_path / "two.zip", method=zipfile.ZIP_STORED)
    upload = sent(alice, again)
    assert Build.objects.count() == 1
    assert upload.key == build.source_key
    model = Model.objects.get()
    assert (model.current_build_id, model.source_key) == (build.pk, build.source_key)
    # What was sent differs in bytes from what is kept, and nothing points at it.
    loose = {file.key for file in unused_files(wiring.assets(), wiring.now(), wiring.other_keys())}
    assert build.source_key not in loose
    assert hashlib.sha256(again.read_bytes()).hexdigest() in {
        key.rpartition("/")[2].partition(".")[0] for key in loose
    }


def test_a_changed_texture_or_mtl_is_another_source(alice: Client, tmp_path: Path) -> None:
    folder = obj_set(tmp_path / "set")
    first = sent(alice, zipped(folder, tmp_path / "one.zip")).key
    (folder / "ring.mtl").write_text("newmtl ruby\nKd 0 0 1\n")
    assert sent(alice, zipped(folder, tmp_path / "two.zip")).key != first
    assert Build.objects.count() == 2


def test_an_archive_that_means_no_good_is_refused_before_a_build(
    alice: Client, tmp_path: Path
) -> None:
    path = tmp_path / "ring.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../ring.stl", b"x")
    upload = sent(alice, path)
    assert (upload.state, upload.problem["code"]) == ("refused", "outside_file")
    assert upload.problem["hint"] != ""
    assert not Build.objects.exists()
    assert not Model.objects.exists()
    assert list(wiring.uploads().unfinished()) == []
