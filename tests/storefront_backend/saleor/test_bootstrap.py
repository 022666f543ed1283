"""Setting a Saleor up, and being killed while at it."""

from __future__ import annotations

import pytest

from i18n.rulebook import load_rulebook
from storefront_backend.saleor.setup.needs import Place, kinds, needs
from storefront_backend.saleor.setup.plan import Wanted, carry_out, make_plan
from storefront_backend.saleor.transport import Saleor
from tests.fakes.saleor_setup import Killed, SetupSaleor
from tests.fakes.saleor_wire import TOKEN, URL

HK = Place("central", "Central", "HK")
CN = Place("shenzhen", "Shenzhen", "CN")
_MANY = ("attribute", "product type", "category")
_FEW = ("pavilion-brand", "pavilion-alloy", "pavilion-ring")


def wants(*places: Place, markets: tuple[str, ...] = ("us",)) -> list[Wanted]:
    """All that these need, with a few attributes and one kind of piece: the others are alike."""
    book = load_rulebook()
    found = []
    for each in needs([book.market(code).market for code in markets], places):
        if each.kind in _MANY and each.key not in _FEW:
            continue
        fields = dict(each.fields)
        if each.kind == "product type":
            fields |= {on: [s for s in fields[on] if s in _FEW] for on in ("product", "variant")}
        found.append(Wanted(each.kind, each.key, fields))
    return found


def bootstrap(fake: SetupSaleor, wanted: list[Wanted]) -> list[str]:
    """Once through; what was refused."""
    saleor = Saleor(URL, TOKEN, http=fake.client())
    made_of = kinds(saleor)
    plan = make_plan(saleor, wanted, made_of)
    return [each.problem for each in carry_out(saleor, plan, made_of) if each.problem]


def left_to_do(fake: SetupSaleor, wanted: list[Wanted]) -> list[str]:
    saleor = Saleor(URL, TOKEN, http=fake.client())
    return [str(step) for step in make_plan(saleor, wanted, kinds(saleor)).changes]


def test_an_empty_saleor_is_brought_to_what_a_market_needs() -> None:
    fake = SetupSaleor()
    assert bootstrap(fake, wants(CN)) == []
    assert left_to_do(fake, wants(CN)) == []


@pytest.mark.long
def test_killed_at_any_request_the_next_run_ends_where_an_undisturbed_one_does() -> None:
    undisturbed = SetupSaleor()
    bootstrap(undisturbed, wants(CN))
    # Before the first change it only looks.
    first = undisturbed.requests.index("CreateWarehouse")
    for at in range(first, len(undisturbed.requests)):
        fake = SetupSaleor()
        fake.kill_after = at
        with pytest.raises(Killed):
            bootstrap(fake, wants(CN))
        fake.kill_after = None
        assert bootstrap(fake, wants(CN)) == [], fake.requests[at]
        assert fake.standing() == undisturbed.standing(), fake.requests[at]
        assert left_to_do(fake, wants(CN)) == []


def test_killed_at_every_request_in_turn_it_still_gets_to_the_end() -> None:
    fake = SetupSaleor()
    for at in range(13, 90, 7):
        fake.kill_after = at
        try:
            bootstrap(fake, wants(CN))
        except Killed:
            continue
        break
    fake.kill_after = None
    assert left_to_do(fake, wants(CN)) == []


def test_import_charges_follow_into_a_new_market_and_a_new_warehouse() -> None:
    fake = SetupSaleor()
    bootstrap(fake, wants(CN))
    more = wants(CN, HK, markets=("us", "jp"))
    assert bootstrap(fake, more) == []
    (variant,) = fake.made["productVariants"]
    assert [each["warehouse"]["slug"] for each in variant["stocks"]] == ["shenzhen", "central"]
    assert [each["channel"]["slug"] for each in variant["channelListings"]] == ["us", "jp"]
    assert left_to_do(fake, more) == []
