"""alice owns the brand, bob edits, rita reads, charlie is an outsider, oscar operates."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission

from storefront_backend.accounts.models import BrandMembership, User
from storefront_backend.accounts.rights import Act, Forbidden, markets, may, require
from storefront_backend.commerce.errors import NotFound
from tests.builders import make_brand

pytestmark = pytest.mark.django_db
MAY = {
    "alice": set(Act),
    "bob": set(Act) - {Act.READ_PAYOUTS, Act.MANAGE_PEOPLE},
    "rita": {Act.READ_CATALOGUE, Act.READ_ORDERS, Act.READ_PEOPLE},
    "charlie": set(),
    "oscar": {Act.READ_ORDERS},
    "staff": set(),
}


@pytest.fixture
def people() -> dict[str, User]:
    brand, other = make_brand("jade"), make_brand("pearl")
    people = {name: User.objects.create_user(f"{name}@example.org") for name in MAY}
    roles = {"alice": "owner", "bob": "member", "rita": "reader"}
    for name, role in roles.items():
        BrandMembership.objects.create(user=people[name], brand=brand, role=role)
    BrandMembership.objects.create(user=people["charlie"], brand=other, role="owner")
    for name in ("oscar", "staff"):
        people[name].is_staff = True
        people[name].save()
    people["oscar"].user_permissions.add(Permission.objects.get(codename="view_order"))
    return people


@pytest.mark.parametrize("name", MAY)
def test_each_may_what_the_table_says_and_nothing_else(people: dict[str, User], name: str) -> None:
    assert {act for act in Act if may(people[name], "jade", act)} == MAY[name]


def test_an_outsider_learns_nothing_and_a_reader_learns_why(people: dict[str, User]) -> None:
    for brand in ("jade", "no-such-brand"):
        with pytest.raises(NotFound, match="Not found, or not yours"):
            require(people["charlie"], brand, Act.READ_CATALOGUE)
    with pytest.raises(Forbidden):
        require(people["rita"], "jade", Act.EDIT_ORDERS)


@pytest.mark.parametrize("name", MAY)
def test_a_closed_account_may_nothing(people: dict[str, User], name: str) -> None:
    people[name].is_active = False
    people[name].is_marketer = True
    assert [act for act in Act if may(people[name], "jade", act)] == []
    assert not markets(people[name])
