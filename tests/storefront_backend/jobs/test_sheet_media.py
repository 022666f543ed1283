"""A ZIP of sheet, mesh and pictures at the desk: taken in whole, once, and after a kill."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from storefront_backend import wiring
from storefront_backend.accounts.models import BrandMembership, User
from storefront_backend.catalog.models import Brand, ImportRun, Product
from storefront_backend.jobs.sheet_imports import Consent, ask_to_apply, hand_in, run_import
from storefront_backend.models3d.models import Build, Model
from storefront_backend.photographs.desk import PhotographDesk
from storefront_backend.photographs.models import Photograph
from storefront_backend.photographs.names import digest_of
from storefront_backend.pricing.sheet_import import ImportOptions
from tests.asset_folder import assets_in
from tests.builders import make_brand, make_rates, make_warehouse
from tests.catalog_import.workbooks import row, xlsx
from tests.showroom.photographs.pictures import photograph
from tests.showroom.workpieces import torus, write_stl

pytestmark = pytest.mark.django_db
PRICED = {"fixed_price": 12_800}


@pytest.fixture(autouse=True)
def asset_folder(tmp_path: Path, settings: Settings) -> Iterator[None]:
    with assets_in(tmp_path / "assets", settings):
        yield


@pytest.fixture
def brand() -> Brand:
    make_rates()
    make_warehouse()
    return make_brand("lingnan")


@pytest.fixture
def alice(brand: Brand) -> User:
    user = User.objects.create_user("alice@example.org", "kapok-blossom-9")
    BrandMembership.objects.create(user=user, brand=brand, role="owner")
    return user


def packed(folder: Path, **cells: object) -> Path:
    """A sheet of one piece with its mesh, a photograph by name, and one at an address."""
    book = xlsx(folder / "s.xlsx", row(**PRICED, pictures="https://img.example/b.jpg", **cells))
    path = folder / "set.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(book, "sheet.xlsx")
        archive.write(write_stl(folder / "l.stl", torus(around=12, across=8)), "LION.stl")
        archive.write(photograph(folder / "l.jpg", (300, 200)), "LION-front.jpg")
        archive.writestr("notes.txt", "hello")
    return path


def sent(brand: Brand, alice: User, path: Path) -> ImportRun:
    """The run of a file that was handed in and checked."""
    with path.open("rb") as file:
        digest, size = digest_of(file)
        options = {**ImportOptions().to_json(), "warehouse": ""}
        run = hand_in(
            brand, file, name=path.name, digest=digest, size=size, options=options, by=alice
        )
    run_import.call(str(run.pk))
    run.refresh_from_db()
    return run


def applied(run: ImportRun) -> ImportRun:
    assert ask_to_apply(run, Consent())
    run_import.call(str(run.pk))
    run.refresh_from_db()
    return run


def rows() -> tuple[int, int, int]:
    return Model.objects.count(), Build.objects.count(), Photograph.objects.count()


def test_a_zip_is_planned_then_taken_in_whole(brand: Brand, alice: User, tmp_path: Path) -> None:
    run = sent(brand, alice, packed(tmp_path))
    assert (run.state, rows()) == ("checked", (0, 0, 0))
    plan = run.report["media"]
    assert (plan["meshes"], plan["pictures"], plan["known"]) == (1, 2, 0)
    unused = [each["value"] for each in run.report["problems"] if each["code"] == "file_not_used"]
    assert unused == ["notes.txt"]
    assert applied(run).state == "done"
    assert (rows(), run.report["failed"]) == ((1, 1, 2), [])
    assert Model.objects.get().source_name == "LION.stl"
    assert Build.objects.get().declared["kind"] == "pendant"
    assert {each.by for each in Photograph.objects.all()} == {alice}


def test_the_same_zip_again_builds_and_takes_nothing(
    brand: Brand, alice: User, tmp_path: Path
) -> None:
    path = packed(tmp_path)
    applied(sent(brand, alice, path))
    again = sent(brand, alice, path)
    plan = again.report["media"]
    assert (plan["meshes"], plan["pictures"], plan["known"]) == (0, 0, 3)
    changed = sent(brand, alice, packed(tmp_path, name_zh_hant="獅"))
    assert (applied(changed).state, rows()) == ("done", (1, 1, 2))


def test_a_new_mesh_alone_can_be_applied(brand: Brand, alice: User, tmp_path: Path) -> None:
    applied(sent(brand, alice, packed(tmp_path)))
    path = packed(tmp_path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.write(photograph(tmp_path / "n.jpg", (310, 200)), "LION-back.jpg")
    run = sent(brand, alice, path)
    assert (run.report["counts"]["unchanged"], run.report["media"]["pictures"]) == (1, 1)
    assert (applied(run).state, rows()) == ("done", (1, 1, 3))


def test_a_killed_worker_leaves_files_that_the_next_one_takes(
    brand: Brand, alice: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = sent(brand, alice, packed(tmp_path))
    ask_to_apply(run, Consent())

    def killed(*given: object, **named: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(PhotographDesk, "take", killed)
        with pytest.raises(MemoryError):
            run_import.call(str(run.pk))
    run.refresh_from_db()
    assert (run.state, rows()) == ("applying", (1, 1, 1))
    run_import.call(str(run.pk))
    run.refresh_from_db()
    assert (run.state, rows(), run.report["media"]["pictures"]) == ("done", (1, 1, 2), 2)


def test_no_file_travels_in_a_transaction(
    brand: Brand, alice: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = sent(brand, alice, packed(tmp_path))
    depth = len(connection.savepoint_ids)
    store, seen = wiring.assets(), []
    put = type(store).put

    def watched(*given: object, **named: object) -> object:
        seen.append(len(connection.savepoint_ids) - depth)
        return put(*given, **named)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(type(store), "put", watched)
    applied(run)
    assert set(seen) == {0}


def test_a_file_that_is_refused_is_told_and_the_rest_is_taken(
    brand: Brand, alice: User, tmp_path: Path
) -> None:
    path = packed(tmp_path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("LION-empty.jpg", b"")
    run = applied(sent(brand, alice, path))
    (failed,) = run.report["failed"]
    assert (failed["product"], rows()) == ("LION-empty.jpg", (1, 1, 2))
    assert Product.objects.count() == 1
