"""Photographs over HTTP and in the background: alice owns the brand, charlie another one."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from storefront_backend import wiring
from storefront_backend.accounts.models import BrandMembership, User
from storefront_backend.catalog.models import Brand, Product
from storefront_backend.commerce.errors import CommerceError, InvalidRequest, ProviderUnavailable
from storefront_backend.jobs.photographs import develop_photograph, photograph_desk, take
from storefront_backend.models3d.unused import unused_files
from storefront_backend.photographs.desk import MAX_ATTEMPTS, PhotographDesk
from storefront_backend.photographs.models import Photograph, Rendition
from storefront_backend.photographs.names import piece_of
from tests.builders import make_brand, make_product
from tests.showroom.photographs.pictures import striped

pytestmark = pytest.mark.django_db
JSON = "application/json"


def picture(width: int = 500, shift: int = 0) -> bytes:
    file = io.BytesIO()
    striped(width, 400, shift).save(file, "JPEG")
    return file.getvalue()


@pytest.fixture
def brand() -> Brand:
    return make_brand("kapok")


@pytest.fixture
def ring(brand: Brand) -> Product:
    return make_product(brand, code="ring")


def member(brand: Brand, name: str, role: str = "owner") -> Client:
    user = User.objects.create_user(f"{name}@example.org", "kapok-blossom-9")
    BrandMembership.objects.create(user=user, brand=brand, role=role)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def alice(ring: Product) -> Client:
    return member(ring.brand, "alice")


def send(client: Client, content: bytes, name: str = "front.jpg", code: str = "ring") -> Any:
    where = f"/api/desk/brands/kapok/products/{code}/photographs/?name={name}"
    return client.post(where, content, content_type="application/octet-stream")


def develop() -> str:
    return str(develop_photograph.call())


def desk(fetch: Any) -> PhotographDesk:
    return PhotographDesk(
        wiring.assets(), fetch, lambda: None, wiring.now, lambda _brand, _size: None
    )


def test_a_photograph_is_sent_developed_and_read_back(alice: Client) -> None:
    sent = send(alice, picture(700)).json()
    assert (sent["state"], sent["name"]) == ("queued", "front.jpg")
    assert develop() == "ready"
    found = alice.get(f"/api/desk/photographs/{sent['id']}/").json()
    assert [(each["mediaType"], each["width"]) for each in found["files"]][:4] == [
        ("image/avif", 320), ("image/webp", 320), ("image/jpeg", 320), ("image/avif", 640),
    ]  # fmt: skip
    assert (found["width"], found["height"]) == (700, 400)


def test_a_worker_is_asked_after_the_commit(
    ring: Product, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks() as later:
        take(ring.brand, "ring", "a.jpg", io.BytesIO(picture()))
    assert len(later) == 1


def test_the_same_bytes_are_one_photograph_whatever_they_are_called(alice: Client) -> None:
    first, second = send(alice, picture()).json(), send(alice, picture(), "other.jpg").json()
    assert first["id"] == second["id"]
    assert Photograph.objects.count() == 1


def test_a_hostile_file_is_refused_with_a_code_and_nothing_is_shown(alice: Client) -> None:
    sent = send(alice, b"<svg onload=alert(1)>").json()
    assert develop() == "refused"
    found = alice.get(f"/api/desk/photographs/{sent['id']}/").json()
    assert found["problem"]["code"] == "unknown_picture"
    assert found["problem"]["hint"] == "Save it as JPEG, PNG, WebP, AVIF or TIFF."
    assert found["files"] == []


def test_a_form_and_an_empty_file_are_no_photographs(alice: Client) -> None:
    where = "/api/desk/brands/kapok/products/ring/photographs/?name=a.jpg"
    assert alice.post(where, {"a": "b"}).status_code == 415
    assert send(alice, b"").status_code in (411, 422)
    assert send(alice, picture(), name="").status_code == 422
    assert Photograph.objects.count() == 0


def test_it_is_fetched_from_an_address_once(ring: Product) -> None:
    def fetch(url: str, file: BinaryIO, most: int) -> None:
        assert url == "https://kapok.example/ring.jpg"
        file.write(picture())

    here = desk(fetch)
    for _ in range(2):
        row = here.take_address(ring, "https://kapok.example/ring.jpg")
    assert here.develop_next() == "ready"
    row.refresh_from_db()
    assert (row.source_name, row.sha256 != "", row.renditions.count()) == ("ring.jpg", True, 6)
    assert Photograph.objects.count() == 1


def test_only_https_addresses_are_taken(alice: Client) -> None:
    where = "/api/desk/brands/kapok/products/ring/photographs/"
    for url in ("http://kapok.example/a.jpg", "file:///etc/passwd", "a.jpg"):
        assert alice.post(where, {"url": url}, content_type=JSON).status_code == 422
    assert Photograph.objects.count() == 0


def test_an_address_that_is_down_is_tried_again_and_then_given_up(ring: Product) -> None:
    def fetch(url: str, file: BinaryIO, most: int) -> None:
        raise ProviderUnavailable("The server answers 503")

    here = desk(fetch)
    row = here.take_address(ring, "https://kapok.example/ring.jpg")
    for _ in range(MAX_ATTEMPTS - 1):
        with pytest.raises(CommerceError):
            here.develop_next()
        row.refresh_from_db()
        assert row.state == "fetching"
    assert here.develop_next() == "refused"
    row.refresh_from_db()
    assert row.problem["message"] == "The server answers 503"
    here.retry(row)
    assert (row.state, row.attempts, row.problem) == ("fetching", 0, {})


def test_what_is_fetched_and_was_sent_before_is_one_photograph(ring: Product) -> None:
    here = desk(lambda url, file, most: file.write(picture()))
    here.take(ring, "a.jpg", io.BytesIO(picture()))
    here.develop_next()
    here.take_address(ring, "https://kapok.example/ring.jpg")
    with pytest.raises(Photograph.DoesNotExist):
        here.develop_next()
    assert Photograph.objects.get().source_name == "a.jpg"


def test_brands_take_turns(ring: Product) -> None:
    crane = make_product(make_brand("crane"))
    here = photograph_desk()
    for shift in range(4):
        here.take(ring, f"{shift}.jpg", io.BytesIO(picture(shift=shift)))
    here.take(crane, "crane.jpg", io.BytesIO(picture()))
    develop()
    develop()
    ready = Photograph.objects.filter(state="ready")
    assert sorted(ready.values_list("brand__slug", flat=True)) == ["crane", "kapok"]


def test_a_killed_worker_costs_an_attempt_and_several_end_it(ring: Product) -> None:
    here = photograph_desk()
    row = here.take(ring, "a.jpg", io.BytesIO(picture()))
    Photograph.objects.update(attempts=1, claimed_until=wiring.now(), queued_at=None)
    assert here.sweep() == 1
    assert here.sweep() == 0  # queued a moment ago
    Photograph.objects.update(attempts=MAX_ATTEMPTS)
    here.sweep()
    row.refresh_from_db()
    assert (row.state, row.problem["code"]) == ("failed", "worker_died")


def test_two_workers_at_once_publish_one_set_of_files(ring: Product) -> None:
    here = photograph_desk()
    here.take(ring, "a.jpg", io.BytesIO(picture()))
    develop()
    before = Rendition.objects.count()
    stale = Photograph.objects.get()
    stale.state = Photograph.State.QUEUED  # what the slower one has read
    here._go_on(stale)
    assert Rendition.objects.count() == before


def test_files_are_kept_while_there_is_a_row_and_swept_after(ring: Product) -> None:
    take(ring.brand, "ring", "a.jpg", io.BytesIO(picture()))
    develop()
    later = wiring.now().replace(year=2100)
    assert list(unused_files(wiring.assets(), later, wiring.other_keys())) == []
    Photograph.objects.all().delete()
    assert len(list(unused_files(wiring.assets(), later, wiring.other_keys()))) == 7


def test_order_words_and_variant_are_said_over_http(alice: Client) -> None:
    first, second = (send(alice, picture(shift=n), f"{n}.jpg").json()["id"] for n in (0, 40))
    where = "/api/desk/brands/kapok/products/ring/photographs/order/"
    alice.post(where, {"photographs": [second, first]}, content_type=JSON)
    said = {"alt": {"en": " Seen  from the front ", "ja": ""}, "variant": None}
    one = alice.post(f"/api/desk/photographs/{first}/", said, content_type=JSON).json()
    assert one["alt"] == {"en": "Seen from the front"}
    found = alice.get("/api/desk/brands/kapok/products/ring/photographs/").json()
    assert [each["id"] for each in found] == [second, first]
    bad = {"alt": {"xx": "?"}}
    assert alice.post(f"/api/desk/photographs/{first}/", bad, content_type=JSON).status_code == 422


def test_one_of_another_brand_cannot_be_ordered_in(alice: Client, ring: Product) -> None:
    crane = make_product(make_brand("crane"))
    theirs = photograph_desk().take(crane, "a.jpg", io.BytesIO(picture()))
    where = "/api/desk/brands/kapok/products/ring/photographs/order/"
    alice.post(where, {"photographs": [str(theirs.pk)]}, content_type=JSON)
    theirs.refresh_from_db()
    assert theirs.product == crane
    assert alice.delete(f"/api/desk/photographs/{theirs.pk}/").status_code == 404
    assert Photograph.objects.filter(pk=theirs.pk).exists()


def test_a_reader_looks_and_sends_nothing(ring: Product) -> None:
    carol = member(ring.brand, "carol", "reader")
    assert carol.get("/api/desk/brands/kapok/products/ring/photographs/").status_code == 200
    assert send(carol, picture()).status_code == 403
    assert Photograph.objects.count() == 0


def test_a_piece_has_at_most_sixty(ring: Product) -> None:
    Photograph.objects.bulk_create(
        Photograph(brand=ring.brand, product=ring, source_name=str(n), sha256=str(n))
        for n in range(60)
    )
    with pytest.raises(InvalidRequest, match="at most 60"):
        take(ring.brand, "ring", "a.jpg", io.BytesIO(picture()))


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("RING-001.jpg", "RING-001"),
        ("ring-001_front.png", "RING-001"),
        ("RING-001-A-2.jpg", "RING-001-A"),
        ("RING-001 (3).JPG", "RING-001"),
        ("photos/RING-001/any.jpg", "RING-001"),
        ("RING-0012.jpg", ""),
        ("戒指-3.jpg", "戒指"),
        ("other.jpg", ""),
    ],
)
def test_a_files_name_means_a_piece(path: str, code: str) -> None:
    assert piece_of(path, ["RING-001", "RING-001-A", "戒指"]) == code


def test_the_original_stays_private(alice: Client, asset_folder: Path) -> None:
    send(alice, picture())
    develop()
    row = Photograph.objects.get()
    assert row.source_key.startswith("private/")
    assert Client().get(f"/assets/{row.source_key}").status_code == 403
