"""The variance guard: +2 % passes, +15 % waits for a human; the command and the job say so."""

from __future__ import annotations

from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from storefront_backend import wiring
from storefront_backend.catalog.models import Listing, Rate, RateTick, Repricing
from storefront_backend.commerce.errors import InvalidRequest
from storefront_backend.jobs.repricing import follow_rates, reprice
from tests.builders import MARKETS, make_marked_variant, make_shop

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def six_markets(settings: object) -> None:
    settings.MARKETS = list(MARKETS)  # type: ignore[attr-defined]  # pytest-django's


def gold_moves(share: str) -> None:
    last = Rate.objects.filter(code="gold").latest("as_of")
    Rate.objects.create(
        kind="metal", code="gold", base="CNY", source="test", as_of=wiring.now(),
        value=last.value * (1 + Decimal(share)),
    )  # fmt: skip


def goods() -> dict[str, Decimal | None]:
    return dict(Listing.objects.values_list("market", "goods"))


def say(*arguments: str) -> str:
    out = StringIO()
    call_command("reprice", *arguments, stdout=out)
    return out.getvalue()


def test_two_per_cent_reach_every_market() -> None:
    make_shop(make_marked_variant())
    before = goods()
    gold_moves("0.02")
    said = say()
    assert "de: 1 of 1 prices changed" in said
    assert all(goods()[market] > before[market] for market in MARKETS)


def test_fifteen_per_cent_are_held_and_move_nothing() -> None:
    make_shop(make_marked_variant())
    before = goods()
    gold_moves("0.15")
    said = say()
    assert "held" in said
    assert "gold: 900 → 1035 (+15.0%)" in said
    assert goods() == before
    assert not Repricing.objects.exists()


def test_a_piece_that_is_listed_while_rates_are_held_goes_by_the_old_ones() -> None:
    variant = make_shop(make_marked_variant())
    before = goods()
    gold_moves("0.15")
    say()
    wiring.lister().relist([variant], MARKETS)
    assert goods() == before


def test_a_fall_is_a_jump_too() -> None:
    make_shop(make_marked_variant())
    gold_moves("-0.11")
    assert wiring.rate_desk().meet().state == RateTick.State.HELD


def test_approved_rates_move_prices_and_the_row_says_who() -> None:
    make_shop(make_marked_variant())
    before = goods()
    gold_moves("0.15")
    version = wiring.rate_desk().meet().version
    say("--approve", version, "--by", "alice")
    tick = RateTick.objects.get(version=version)
    assert (tick.state, tick.decided_by) == ("accepted", "alice")
    assert all(goods()[market] > before[market] for market in MARKETS)


def test_rejected_rates_never_move_prices() -> None:
    make_shop(make_marked_variant())
    before = goods()
    gold_moves("0.15")
    version = wiring.rate_desk().meet().version
    say("--reject", version)
    assert "rejected" in say()
    with pytest.raises(InvalidRequest, match="rejected already"):
        wiring.rate_desk().approve(version, "bob")
    assert goods() == before


def test_after_a_rejection_the_next_sound_rates_go_through() -> None:
    make_shop(make_marked_variant())
    gold_moves("0.15")
    say("--reject", wiring.rate_desk().meet().version)
    Rate.objects.filter(code="gold").latest("as_of").delete()
    gold_moves("0.01")
    assert wiring.rate_desk().meet().state == RateTick.State.ACCEPTED


def test_an_unknown_version_is_named() -> None:
    make_shop(make_marked_variant())
    with pytest.raises(CommandError, match="no rates of version 'x'"):
        say("--approve", "x")


def test_the_job_asks_for_work_once() -> None:
    make_shop(make_marked_variant())
    gold_moves("0.02")
    assert follow_rates.call() == "accepted"
    tick = wiring.rate_desk().last_accepted()
    follow_rates.call()
    assert Repricing.objects.filter(done_at=None).count() == len(MARKETS)
    assert reprice.call(tick.pk) == len(MARKETS)
    follow_rates.call()
    assert not Repricing.objects.filter(done_at=None).exists()


def test_a_tick_that_a_newer_one_has_overtaken_does_nothing() -> None:
    make_shop(make_marked_variant())
    gold_moves("0.02")
    follow_rates.call()
    old = wiring.rate_desk().last_accepted()
    gold_moves("0.02")
    wiring.rate_desk().meet()
    before = goods()
    assert reprice.call(old.pk) == 0
    assert goods() == before
    assert not Repricing.objects.filter(tick=old).exists()


def test_a_job_without_rates_says_so_and_leaves_prices() -> None:
    make_shop(make_marked_variant())
    before = goods()
    Rate.objects.all().delete()
    assert follow_rates.call() == "stale_rates"
    assert goods() == before
