"""The queue's pages in the admin may do what they need, and no other page may."""

from __future__ import annotations

import pytest
from django.test import Client

from storefront_backend.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("operator@example.com", "secret"))
    return client


def policy_of(client: Client, path: str) -> dict[str, str]:
    answer = client.get(path)
    assert answer.status_code == 200
    parts = (part.split(" ", 1) for part in answer["Content-Security-Policy"].split("; "))
    return dict(parts)  # type: ignore[arg-type]  # each has a name and a value here


@pytest.mark.parametrize("page", ["dashboard", "job", "recurringtask"])
def test_the_styles_of_the_queue_pages_are_let_through(operator: Client, page: str) -> None:
    policy = policy_of(operator, f"/admin/dj_queue/{page}/")
    assert policy["style-src"] == "'self' 'unsafe-inline'"
    assert "'unsafe-inline'" not in policy["script-src"]


@pytest.mark.parametrize("page", ["job", "recurringtask", "process"])
def test_an_id_that_is_no_number_is_not_found(operator: Client, page: str) -> None:
    path = f"/admin/dj_queue/{page}/not-a-number/change/"
    assert operator.get(path).status_code == 404
    assert operator.post(path, {"_djq_object_action": "retry"}).status_code == 404


def test_other_pages_keep_the_shops_policy(operator: Client) -> None:
    for page in ("/admin/", "/admin/background/failure/"):
        assert policy_of(operator, page)["style-src"] == "'self'"
