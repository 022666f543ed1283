"""Builds over HTTP: a brand's members watch and steer them, others get "not found"."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from catalog_import.drafts import ProductDraft
from storefront_backend import wiring
from storefront_backend.accounts.models import BrandMembership, User
from storefront_backend.catalog.models import Brand
from storefront_backend.jobs.builds import build_desk
from storefront_backend.models3d.inputs import declared_from
from storefront_backend.models3d.leases import claim
from storefront_backend.models3d.models import Build, Model
from storefront_backend.pricing.import_sink import BrandSink
from tests.builders import make_brand, make_warehouse
from tests.storefront_backend.jobs.pieces import change_source, finished, make_model

pytestmark = pytest.mark.django_db


@pytest.fixture
def model() -> Model:
    return make_model()


def member(brand: Brand, name: str, role: str) -> Client:
    user = User.objects.create_user(f"{name}@example.org", "kapok-blossom-9")
    BrandMembership.objects.create(user=user, brand=brand, role=role)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def alice(model: Model) -> Client:
    return member(model.brand, "alice", "owner")


def test_a_member_sees_how_far_a_build_is(alice: Client, model: Model) -> None:
    build = build_desk().request(model)
    ours = claim(build.pk)
    assert ours is not None
    ours.note("weld", 0.25)
    said = alice.get(f"/api/desk/builds/{build.pk}/").json()
    assert (said["state"], said["stage"], said["progress"]) == ("running", "weld", 0.25)
    assert (said["source"], said["shown"], said["assets"]) == ("ring.stl", False, [])


def test_a_refused_build_says_why(alice: Client, model: Model) -> None:
    build = build_desk().request(model)
    problem = {"code": "damaged_file", "message": "Cut short.", "hint": "Export it again."}
    Build.objects.update(state="refused", report={"problems": [problem]})
    said = alice.get(f"/api/desk/builds/{build.pk}/").json()
    assert said["report"]["problems"] == [problem]


def test_a_members_list_holds_the_products_builds_newest_first(alice: Client, model: Model) -> None:
    first = finished(model)
    second = build_desk().request(change_source(model, b"second"))
    path = f"/api/desk/brands/{model.brand.slug}/products/{model.product.code}/builds/"
    said = alice.get(path).json()
    assert [(one["id"], one["shown"]) for one in said] == [(second.pk, False), (first.pk, True)]


def test_a_member_cancels_and_tries_again(model: Model) -> None:
    bob = member(model.brand, "bob", "member")
    build = build_desk().request(model)
    assert bob.post(f"/api/desk/builds/{build.pk}/cancel/").json()["state"] == "canceled"
    assert bob.post(f"/api/desk/builds/{build.pk}/retry/").json()["state"] == "queued"


def test_a_member_goes_back_to_an_earlier_build(alice: Client, model: Model) -> None:
    first = finished(model)
    second = finished(change_source(model, b"second"))
    assert alice.post(f"/api/desk/builds/{first.pk}/show/").json()["shown"] is True
    assert alice.get(f"/api/desk/builds/{second.pk}/").json()["shown"] is False
    assert Model.objects.get().current_build == first


def test_what_is_not_finished_cannot_be_shown(alice: Client, model: Model) -> None:
    build = build_desk().request(model)
    assert alice.post(f"/api/desk/builds/{build.pk}/show/").status_code == 422


def test_a_stranger_a_guest_and_a_reader_change_nothing(alice: Client, model: Model) -> None:
    build = build_desk().request(model)
    charlie = member(make_brand("rival"), "charlie", "owner")
    rita = member(model.brand, "rita", "reader")
    path = f"/api/desk/builds/{build.pk}/"
    assert [who.get(path).status_code for who in (Client(), charlie, rita)] == [401, 404, 200]
    for act in ("cancel", "retry", "show", "parts"):
        answers = [who.post(f"{path}{act}/").status_code for who in (Client(), charlie, rita)]
        assert answers == [401, 404, 403]
    build.refresh_from_db()
    assert build.state == "queued"


def test_looking_changes_nothing(alice: Client, model: Model) -> None:
    build = build_desk().request(model)
    answer = alice.get(f"/api/desk/builds/{build.pk}/cancel/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    build.refresh_from_db()
    assert build.state == "queued"


RUBY = {"stone:diamond row": {"material": "ruby", "finish": ""}}


def correct(client: Client, build: Build, parts: object) -> Any:
    return client.post(
        f"/api/desk/builds/{build.pk}/parts/", {"parts": parts}, content_type="application/json"
    )


def test_a_corrected_part_is_built_and_holds_for_the_next_upload_and_the_next_sheet(
    alice: Client, model: Model, tmp_path: Path
) -> None:
    first = finished(model)
    said = correct(alice, first, RUBY).json()
    assert (said["state"], said["id"] != first.pk) == ("queued", True)
    kept = {"stone:diamond row": {"material": "ruby"}}
    assert Build.objects.get(pk=said["id"]).declared["overrides"] == kept
    following = build_desk().request(change_source(Model.objects.get(), b"the next upload"))
    assert declared_from(following.declared).overrides["stone:diamond row"].material == "ruby"
    (tmp_path / "ring.stl").write_bytes(b"from the next sheet")
    brand, code = model.brand, model.product.code
    sink = BrandSink(brand, make_warehouse(), tmp_path, wiring.assets(), lambda pk: None)
    sink.put(ProductDraft(code, "ring", {"en": "Ring"}, model_file="ring.stl"))
    replaced = Model.objects.get()
    assert replaced.source_key != model.source_key
    assert replaced.declared["overrides"] == kept


def test_a_correction_taken_back_leads_to_the_earlier_build(alice: Client, model: Model) -> None:
    model.declared["overrides"] = {}
    model.save()
    first = finished(model)
    correct(alice, first, RUBY)
    assert correct(alice, first, {"stone:diamond row": None}).json()["id"] == first.pk
    assert Model.objects.get().declared["overrides"] == {}


@pytest.mark.parametrize(
    "parts",
    [
        {},
        [],
        {"row": {"material": "kryptonite"}},
        {"row": {"role": "magic"}},
        {"row": {"finish": "satin"}},
        {"row": {"material": "ruby", "finish": "fuzzy"}},
        {"row": {"colour": "red"}},
        {"row": {"material": 3}},
        {"": {"material": "ruby"}},
    ],
)
def test_what_no_part_can_be_is_refused_and_changes_nothing(
    alice: Client, model: Model, parts: object
) -> None:
    build = finished(model)
    assert correct(alice, build, parts).status_code == 422
    assert "overrides" not in Model.objects.get().declared
    assert Build.objects.count() == 1
