"""The operator goes back to an earlier build in the admin, and tries again what failed."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from storefront_backend.accounts.models import User
from storefront_backend.jobs.builds import build_desk
from storefront_backend.models3d.models import Build, Model
from tests.storefront_backend.jobs.pieces import change_source, finished, make_model

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Client:
    user = User.objects.create_superuser("operator@example.org", "kapok-blossom-9")
    client = Client()
    client.force_login(user)
    return client


def act(client: Client, action: str, build: Build) -> None:
    said = {"action": action, "_selected_action": [build.pk]}
    answer = client.post(reverse("admin:models3d_build_changelist"), said, follow=True)
    assert answer.status_code == 200


def test_an_earlier_build_is_shown_again(operator: Client) -> None:
    model = make_model()
    first = finished(model)
    second = finished(change_source(model, b"second"))
    act(operator, "show", first)
    assert Model.objects.get().current_build == first
    act(operator, "show", second)
    assert Model.objects.get().current_build == second


def test_what_is_not_finished_is_not_shown_and_can_be_stopped_and_tried_again(
    operator: Client,
) -> None:
    build = build_desk().request(make_model())
    act(operator, "show", build)
    assert Model.objects.get().current_build is None
    act(operator, "cancel", build)
    build.refresh_from_db()
    assert build.state == "canceled"
    act(operator, "retry", build)
    build.refresh_from_db()
    assert build.state == "queued"


def test_nobody_types_a_build_in(operator: Client) -> None:
    assert operator.get(reverse("admin:models3d_build_add")).status_code == 403
