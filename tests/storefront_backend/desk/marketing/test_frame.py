"""The marketing desk: who reaches it, and how somebody becomes a marketer."""

from __future__ import annotations

import pytest
from django.test import override_settings

from storefront_backend.accounts.models import User
from storefront_backend.accounts.second_factor import owes_one
from tests.storefront_backend.desk.marketing.people import DESK, marta
from tests.storefront_backend.desk.operator.people import confirmed, olga, otto

pytestmark = pytest.mark.django_db


def test_a_marketer_who_signs_in_lands_at_the_marketing_desk() -> None:
    answer = marta().get("/desk/")
    assert (answer.status_code, answer["Location"]) == (302, DESK)


def test_an_operator_gives_the_right_and_takes_it_back() -> None:
    erin = User.objects.create_user("erin@example.org", "kapok-blossom-9")
    place = f"/desk/operator/people/{erin.pk}/marketer/"
    confirmed(olga(), place, {})
    erin.refresh_from_db()
    assert erin.is_marketer
    confirmed(olga(), place, {})
    erin.refresh_from_db()
    assert not erin.is_marketer


def test_an_operator_without_the_right_makes_no_marketers() -> None:
    erin = User.objects.create_user("erin@example.org", "kapok-blossom-9")
    answer = otto("accounts.view_user").post(f"/desk/operator/people/{erin.pk}/marketer/")
    assert answer.status_code == 404
    assert not User.objects.get(pk=erin.pk).is_marketer


def test_an_operator_with_the_right_to_campaigns_enters() -> None:
    assert otto("campaigns.change_campaign").get(DESK).status_code == 200
    assert otto("campaigns.change_campaign").get("/desk/").status_code == 200


@override_settings(SECOND_FACTOR="required")
def test_a_marketer_must_have_a_second_factor() -> None:
    marta()
    assert owes_one(User.objects.get(email="marta@example.org"))


@pytest.mark.parametrize(
    ("language", "word"), [("zh-Hant", "推廣活動"), ("zh-Hans", "推广活动")], ids=["hant", "hans"]
)
def test_the_desk_speaks_both_chinese_scripts(language: str, word: str) -> None:
    client = marta()
    client.get(f"{DESK}language/", {"to": language})
    assert word in client.get(DESK).content.decode()
