"""The brand's own page: drafted, previewed by its people alone, published once."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from storefront_backend import wiring
from storefront_backend.catalog.brand_pages import PageDraft, PublishedPage
from storefront_backend.catalog.models import Brand, Suspension
from storefront_backend.catalog.page_content import drafted_content, public_content
from storefront_backend.catalog.page_publishing import publish, publish_due
from storefront_backend.jobs.photographs import photograph_desk
from storefront_backend.models3d.unused import unused_files
from storefront_backend.photographs.models import Photograph
from tests.asset_folder import assets_in
from tests.builders import make_brand, make_marked_variant, make_product, make_shop
from tests.showroom.photographs.pictures import striped
from tests.storefront_backend.desk.test_brand_pages import signed_in

pytestmark = pytest.mark.django_db
PLACE = "/desk/brand/lotus/page/"
SHOP, PREVIEW = "/de/en/brands/lotus/", "/de/en/brands/lotus/preview/"


@pytest.fixture(autouse=True)
def asset_folder(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    with assets_in(tmp_path / "assets", settings):
        yield tmp_path / "assets"


@pytest.fixture
def lotus() -> Brand:
    return make_brand("lotus", stories={"en": "An old story."}, taglines={"en": "Since long"})


@pytest.fixture
def alice(lotus: Brand) -> Client:
    return signed_in("alice", lotus)


def written(lotus: Brand, **fields: Any) -> dict[str, Any]:
    return {"version": drafted_content(lotus).version, "stories-en": "A new story.", **fields}


def shown(client: Client, place: str) -> str:
    answer = client.get(place)
    return answer.content.decode() if answer.status_code == 200 else str(answer.status_code)


def test_a_draft_is_seen_by_the_houses_people_alone(lotus: Brand, alice: Client) -> None:
    assert alice.post(PLACE, written(lotus)).status_code == 302
    rita, charlie = signed_in("rita", lotus, "reader"), signed_in("charlie", make_brand("crane"))
    assert "A new story." in shown(alice, PREVIEW)
    assert "A new story." in shown(rita, PREVIEW)
    assert (shown(charlie, PREVIEW), shown(Client(), PREVIEW)) == ("404", "404")
    for reader in (alice, charlie, Client()):
        assert "An old story." in shown(reader, SHOP)
        assert "A new story." not in shown(reader, SHOP)
    assert "no-store" in alice.get(PREVIEW).headers["Cache-Control"]
    assert 'content="noindex"' in shown(alice, PREVIEW)


def test_publishing_makes_it_public_once(lotus: Brand, alice: Client) -> None:
    alice.post(PLACE, written(lotus, founded="1987"))
    alice.post(f"{PLACE}publication/", {"do": "now"})
    assert "A new story." in shown(Client(), SHOP)
    assert (public_content(lotus).founded, PageDraft.objects.count()) == (None, 0)
    lotus.refresh_from_db()
    assert public_content(lotus).founded == 1987
    assert not publish(lotus, wiring.now())


def test_a_draft_is_published_at_its_time_by_the_sweep(lotus: Brand, alice: Client) -> None:
    alice.post(PLACE, written(lotus))
    alice.post(f"{PLACE}publication/", {"do": "at", "at": "2126-12-24T18:30"})
    at = PageDraft.objects.get().publish_at
    assert at is not None
    assert at.isoformat() == "2126-12-24T10:30:00+00:00"  # Hong Kong is eight hours ahead
    assert publish_due(at - timedelta(seconds=1)) == 0
    assert "An old story." in shown(Client(), SHOP)
    assert (publish_due(at), publish_due(at)) == (1, 0)
    assert "A new story." in shown(Client(), SHOP)


def test_a_time_gone_by_is_refused(lotus: Brand, alice: Client) -> None:
    alice.post(PLACE, written(lotus))
    for at in ("2001-01-01T10:00", "soon"):
        alice.post(f"{PLACE}publication/", {"do": "at", "at": at})
    assert PageDraft.objects.get().publish_at is None


def test_a_suspended_houses_page_waits(lotus: Brand, alice: Client) -> None:
    alice.post(PLACE, written(lotus))
    PageDraft.objects.update(publish_at=wiring.now())
    Suspension.objects.create(brand=lotus)
    assert publish_due(wiring.now()) == 0
    assert alice.post(f"{PLACE}publication/", {"do": "now"}).status_code == 403
    assert PageDraft.objects.exists()


def test_a_translation_written_meanwhile_is_not_overwritten(lotus: Brand, alice: Client) -> None:
    alice.post(PLACE, written(lotus))
    lotus.stories = {"en": "An old story.", "de": "Eine alte Geschichte."}  # by a translator
    lotus.save()
    publish(lotus, wiring.now())
    lotus.refresh_from_db()
    assert lotus.stories == {"en": "A new story.", "de": "Eine alte Geschichte."}


def test_a_form_from_before_anothers_change_saves_nothing(lotus: Brand, alice: Client) -> None:
    form = written(lotus)
    alice.post(PLACE, written(lotus, **{"cities-en": "Foshan"}))
    answer = alice.post(PLACE, form | {"stories-en": "Mine."})
    assert answer.status_code == 409
    assert "Mine." in answer.content.decode()
    assert drafted_content(lotus).stories == {"en": "A new story."}


def test_faults_are_named_at_their_fields_and_nothing_is_saved(lotus: Brand, alice: Client) -> None:
    theirs = make_product(make_brand("crane"))
    wrong = {"founded": "87", "film": "http://films.example/a", "hero": theirs.pk}
    answer = alice.post(PLACE, written(lotus, **wrong, **{"taglines-fr": "x" * 201}))
    assert answer.status_code == 422
    assert set(answer.context["faults"]) == {"founded", "film", "hero", "taglines-fr"}
    assert not PageDraft.objects.exists()


def test_missing_languages_are_listed(lotus: Brand, alice: Client) -> None:
    alice.post(PLACE, written(lotus, **{"stories-de": "Neu.", "taglines-de": "Seit langem"}))
    missing = alice.get(PLACE).context["missing"]
    assert len(missing) == 9
    assert missing["Français"] == ["Tagline", "Story"]
    assert "Deutsch" not in missing


def test_a_reader_changes_nothing(lotus: Brand) -> None:
    rita = signed_in("rita", lotus, "reader")
    assert rita.get(PLACE).status_code == 200
    for place in ("", "publication/", "film/", "pictures/"):
        assert rita.post(f"{PLACE}{place}", written(lotus)).status_code == 403
    assert not PageDraft.objects.exists()


def jpeg() -> SimpleUploadedFile:
    file = io.BytesIO()
    striped(500, 400, 0).save(file, "JPEG")
    return SimpleUploadedFile("atelier.jpg", file.getvalue(), "image/jpeg")


def test_pictures_and_logo_are_public_when_published(lotus: Brand, alice: Client) -> None:
    alice.post(f"{PLACE}pictures/", {"files": [jpeg()]})
    alice.post(f"{PLACE}pictures/", {"files": [jpeg()]})  # the same again
    row = Photograph.objects.get()
    assert (row.product, row.brand, photograph_desk().develop_next()) == (None, lotus, "ready")
    one = f"{PLACE}pictures/{row.pk}/"
    alice.post(one, {"do": "show"})
    alice.post(one, {"do": "delete"})  # refused: the page uses it
    assert ("house-pictures" in shown(alice, PREVIEW), "<picture" in shown(Client(), SHOP)) == (
        True,
        False,
    )
    publish(lotus, wiring.now())
    assert "house-pictures" in shown(Client(), SHOP)
    charlie = signed_in("charlie", make_brand("crane"))
    assert charlie.post(one.replace("lotus", "crane"), {"do": "hide"}).status_code == 404


def test_a_film_is_kept_while_a_draft_or_the_page_uses_it(lotus: Brand, alice: Client) -> None:
    film = SimpleUploadedFile("film.mp4", b"\0\0\0\x18ftypmp42" + bytes(100), "video/mp4")
    alice.post(f"{PLACE}film/", {"film": film})
    assert "<video" in shown(alice, PREVIEW)
    assert "<video" not in shown(Client(), SHOP)
    late = wiring.now() + timedelta(days=400)

    def unused() -> list[str]:
        found = unused_files(wiring.assets(), late, wiring.other_keys())
        return [each.key for each in found]

    assert unused() == []
    publish(lotus, wiring.now())
    assert "<video" in shown(Client(), SHOP)
    assert unused() == []


def test_what_is_no_film_is_refused(lotus: Brand, alice: Client) -> None:
    page = SimpleUploadedFile("film.mp4", b"<script>alert(1)</script>" * 9, "video/mp4")
    answer = alice.post(f"{PLACE}film/", {"film": page}, follow=True)
    assert "MP4 or a WebM" in answer.content.decode()
    assert not PageDraft.objects.exists()


def test_the_hero_piece_stands_on_the_page_where_it_is_live(lotus: Brand, alice: Client) -> None:
    ring = make_product(lotus, names={"en": "Kapok ring"})
    make_shop(make_marked_variant(ring), markets=("de",))
    alice.post(PLACE, written(lotus, hero=ring.pk))
    publish(lotus, wiring.now())
    assert PublishedPage.objects.get().hero == ring
    assert "house-hero" in shown(Client(), SHOP)
    ring.delete()
    assert "house-hero" not in shown(Client(), SHOP)
