"""Uploads over HTTP, as a brand's page would send them: alice owns the brand, bob is a member,
rita reads, charlie is a stranger who owns another brand."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from showroom.formats import FORMATS
from storefront_backend import wiring
from storefront_backend.accounts.models import BrandMembership, User
from storefront_backend.catalog.models import Brand, Product
from storefront_backend.jobs.sweep import sweep_step
from storefront_backend.jobs.uploads import finish_upload
from storefront_backend.models3d.models import Build, Model, Upload
from storefront_backend.models3d.uploads import SUFFIXES
from tests.builders import make_brand, make_product

pytestmark = pytest.mark.django_db
CONTENT = b"solid ring" + b"\n" * (5 * 1024 * 1024)  # two parts
PARTS = [CONTENT[: 5 * 1024 * 1024], CONTENT[5 * 1024 * 1024 :]]
JSON = "application/json"


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


DIGESTS = [{"number": number, "sha256": digest(part)} for number, part in enumerate(PARTS, 1)]
WHOLE = {"sha256": digest(CONTENT), "parts": DIGESTS}


@pytest.fixture(autouse=True)
def _small_parts(settings: Settings) -> None:
    settings.UPLOAD_PART_BYTES = 5 * 1024 * 1024


@pytest.fixture
def brand() -> Brand:
    return make_brand("kapok")


@pytest.fixture
def ring(brand: Brand) -> Product:
    return make_product(brand, code="ring")


def member(brand: Brand, name: str, role: str) -> Client:
    user = User.objects.create_user(f"{name}@example.org", "kapok-blossom-9")
    BrandMembership.objects.create(user=user, brand=brand, role=role)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def alice(ring: Product) -> Client:
    return member(ring.brand, "alice", "owner")


def begin(client: Client, **changes: object) -> Any:
    said = {"product": "ring", "name": "ring.stl", "bytes": len(CONTENT)} | changes
    return client.post("/api/desk/brands/kapok/uploads/", said, content_type=JSON)


def addresses(client: Client, upload_id: str, parts: object = DIGESTS) -> Any:
    path = f"/api/desk/uploads/{upload_id}/parts/"
    return client.post(path, {"parts": parts}, content_type=JSON)


def send(address: dict[str, Any], content: bytes) -> Any:
    kind = address["headers"]["Content-Type"]
    return Client().put(address["url"], content, content_type=kind)


def send_all(client: Client, upload_id: str) -> None:
    for address, part in zip(addresses(client, upload_id).json(), PARTS, strict=True):
        assert send(address, part).status_code == 204


def complete(client: Client, upload_id: str, whole: object = WHOLE) -> Any:
    return client.post(f"/api/desk/uploads/{upload_id}/complete/", whole, content_type=JSON)


def status(client: Client, upload_id: str) -> dict[str, Any]:
    said: dict[str, Any] = client.get(f"/api/desk/uploads/{upload_id}/").json()
    return said


def test_an_owner_and_a_member_upload_a_mesh_and_it_is_built(alice: Client, ring: Product) -> None:
    upload = begin(alice).json()
    bob = member(ring.brand, "bob", "member")
    send_all(bob, upload["id"])
    assert complete(bob, upload["id"]).json()["state"] == "checking"
    assert finish_upload.call(upload["id"]) == "done"
    model = Model.objects.get(product=ring)
    assert (model.source_name, model.source_bytes) == ("ring.stl", len(CONTENT))
    build = Build.objects.get(model=model)
    assert (build.state, build.source_key) == ("queued", model.source_key)
    with wiring.assets().open(model.source_key) as source:
        assert source.read() == CONTENT


def test_to_a_stranger_the_brand_and_its_uploads_do_not_exist(alice: Client) -> None:
    upload_id = begin(alice).json()["id"]
    charlie = member(make_brand("rival"), "charlie", "owner")
    requested = [
        begin(charlie),
        charlie.get("/api/desk/brands/kapok/uploads/"),
        charlie.get(f"/api/desk/uploads/{upload_id}/"),
        charlie.delete(f"/api/desk/uploads/{upload_id}/"),
        addresses(charlie, upload_id),
        complete(charlie, upload_id),
    ]
    assert [answer.status_code for answer in requested] == [404] * 6
    assert [upload.state for upload in Upload.objects.all()] == ["receiving"]


def test_a_brand_uploads_only_for_its_own_products(alice: Client) -> None:
    make_product(make_brand("rival"), code="crown")
    assert begin(alice, product="crown").status_code == 404
    assert not Upload.objects.exists()


def test_a_reader_looks_and_changes_nothing(alice: Client, ring: Product) -> None:
    upload_id = begin(alice).json()["id"]
    rita = member(ring.brand, "rita", "reader")
    assert status(rita, upload_id)["state"] == "receiving"
    requested = [
        begin(rita),
        addresses(rita, upload_id),
        rita.delete(f"/api/desk/uploads/{upload_id}/"),
    ]
    assert [answer.status_code for answer in requested] == [403] * 3


def test_nobody_uploads_without_signing_in_or_without_a_csrf_token(ring: Product) -> None:
    assert begin(Client()).status_code == 401
    strict = Client(enforce_csrf_checks=True)
    user = User.objects.create_user("alice@example.org", "kapok-blossom-9")
    BrandMembership.objects.create(user=user, brand=ring.brand, role="owner")
    strict.force_login(user)
    assert begin(strict).status_code == 403
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "ring.exe"}, "name"),
        ({"name": "../ring.stl"}, "name"),
        ({"name": "ring\n.stl"}, "name"),
        ({"name": ""}, "name"),
        ({"bytes": 0}, "bytes"),
        ({"bytes": -1}, "bytes"),
        ({"bytes": 500 * 1024 * 1024 + 1}, "bytes"),
        ({"bytes": "12"}, "bytes"),
    ],
)
def test_what_cannot_be_a_mesh_is_refused_before_a_byte_is_sent(
    alice: Client, changes: dict[str, object], field: str
) -> None:
    answer = begin(alice, **changes)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert not Upload.objects.exists()


def test_every_format_of_the_showroom_may_be_uploaded() -> None:
    assert set(SUFFIXES) == {form.NAME for form in FORMATS}


def test_after_a_cut_line_the_upload_goes_on_where_it_stopped(alice: Client) -> None:
    upload_id = begin(alice).json()["id"]
    first, second = addresses(alice, upload_id).json()
    send(first, PARTS[0])
    open_ones = alice.get("/api/desk/brands/kapok/uploads/").json()
    assert [one["id"] for one in open_ones] == [upload_id]
    assert status(alice, upload_id)["receivedBytes"] == len(PARTS[0])
    refused = complete(alice, upload_id)
    assert (refused.status_code, refused.json()["message"]) == (409, "Parts are missing: 2")
    send(second, PARTS[1])
    assert complete(alice, upload_id).json()["state"] == "checking"


def test_a_part_is_taken_only_as_it_was_announced(alice: Client) -> None:
    upload_id = begin(alice).json()["id"]
    _, second = addresses(alice, upload_id).json()
    longer = second | {"url": second["url"].replace("bytes=10", "bytes=11")}
    elsewhere = second | {"url": second["url"].replace("/2?", "/1?")}
    answers = [
        send(second, b"x" * len(PARTS[1])),  # other bytes
        send(second, b"x"),  # fewer than stated
        send(longer, b"x" * 11),  # a forged size
        send(elsewhere, PARTS[1]),  # in another's place
    ]
    assert [answer.status_code for answer in answers] == [400, 411, 403, 403]
    assert status(alice, upload_id)["received"] == []


def test_an_address_runs_out(alice: Client) -> None:
    upload_id = begin(alice).json()["id"]
    (address,) = addresses(alice, upload_id, [DIGESTS[0]]).json()
    past = re.sub(r"until=\d+", "until=1", address["url"])
    assert send(address | {"url": past}, PARTS[0]).status_code == 403


def test_a_whole_that_is_not_what_was_announced_is_refused_and_cleared(
    alice: Client, asset_folder: Path
) -> None:
    upload_id = begin(alice).json()["id"]
    send_all(alice, upload_id)
    complete(alice, upload_id, WHOLE | {"sha256": digest(b"another")})
    assert finish_upload.call(upload_id) == "refused"
    assert status(alice, upload_id)["problem"]["code"] == "checksum_mismatch"
    assert not Model.objects.exists()
    assert [path for path in asset_folder.rglob("*") if path.is_file()] == []


def test_completing_twice_and_checking_twice_builds_once(alice: Client) -> None:
    upload_id = begin(alice).json()["id"]
    send_all(alice, upload_id)
    complete(alice, upload_id)
    assert finish_upload.call(upload_id) == "done"
    assert complete(alice, upload_id).json()["state"] == "done"
    assert finish_upload.call(upload_id) == "done"
    assert Build.objects.count() == 1


def test_completing_asks_for_the_check_once(
    alice: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    upload_id = begin(alice).json()["id"]
    send_all(alice, upload_id)
    with django_capture_on_commit_callbacks() as callbacks:
        answers = [complete(alice, upload_id).json()["state"] for _ in range(2)]
    assert (answers, len(callbacks)) == (["checking", "checking"], 1)


def test_a_canceled_upload_leaves_nothing_and_takes_no_part(
    alice: Client, asset_folder: Path
) -> None:
    upload_id = begin(alice).json()["id"]
    first, second = addresses(alice, upload_id).json()
    send(first, PARTS[0])
    assert alice.delete(f"/api/desk/uploads/{upload_id}/").json()["state"] == "canceled"
    assert send(second, PARTS[1]).status_code == 404
    assert complete(alice, upload_id).status_code == 422
    assert [path for path in asset_folder.rglob("*") if path.is_file()] == []


def test_an_upload_that_nobody_finished_is_swept_with_its_parts(
    alice: Client, asset_folder: Path
) -> None:
    upload_id = begin(alice).json()["id"]
    send_all(alice, upload_id)
    Upload.objects.update(expires_at=wiring.now() - timedelta(seconds=1))
    sweep_step.call("uploads")
    row = Upload.objects.get()
    assert (row.state, row.cleared) == ("expired", True)
    assert [path for path in asset_folder.rglob("*") if path.is_file()] == []


def test_one_brand_cannot_fill_the_store_with_open_uploads(
    alice: Client, settings: Settings
) -> None:
    settings.UPLOADS_OPEN_A_BRAND = 2
    answers = [begin(alice).status_code for _ in range(3)]
    assert answers == [200, 200, 422]


def test_a_second_mesh_of_a_piece_keeps_what_the_brand_declared(
    alice: Client, ring: Product
) -> None:
    declared = {"kind": "ring", "overrides": {"band": {"material": "gold-750-rose"}}}
    Model.objects.create(
        product=ring, brand=ring.brand, source_key="-", source_bytes=1, declared=declared
    )
    upload_id = begin(alice).json()["id"]
    send_all(alice, upload_id)
    complete(alice, upload_id)
    finish_upload.call(upload_id)
    assert Build.objects.get().declared == declared


def test_a_store_without_room_is_said_and_leaves_no_row(
    alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = type("Usage", (), {"free": 1024})()
    monkeypatch.setattr("shutil.disk_usage", lambda _: full)
    answer = begin(alice)
    assert (answer.status_code, answer.json()["code"]) == (503, "provider_unavailable")
    assert not Upload.objects.exists()
