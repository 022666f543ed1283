"""Limits are counted once for all processes, expire, and give way to nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from pytest_django import Settings

from storefront_backend.rate_limits import RATES, read_changes
from storefront_backend.throttle.errors import TooManyRequests
from storefront_backend.throttle.limiter import credit_back, reset, take
from storefront_backend.throttle.models import Counter
from storefront_backend.throttle.store import PostgresCounters, forget_expired
from tests.patience import stretched

_COUNTING = """
import django; django.setup()
from storefront_backend.throttle.limiter import take
from storefront_backend.throttle.errors import TooManyRequests
allowed = 0
for _ in range(80):
    try:
        take("sign-in-account", "203.0.113.7")
        allowed += 1
    except TooManyRequests:
        pass
print(allowed)
"""


def allowed(kind: str, key: str, tries: int) -> int:
    """How many of so many tries are let through."""
    passed = 0
    for _ in range(tries):
        try:
            take(kind, key)
            passed += 1
        except TooManyRequests:
            pass
    return passed


def let_pass(**time: float) -> None:
    """As if so much time had gone by."""
    Counter.objects.update(ends_at=F("ends_at") - timedelta(**time))


@pytest.mark.django_db(transaction=True)
def test_two_processes_at_once_let_exactly_as_many_through_as_one() -> None:
    kept = connection.settings_dict
    address = f"postgresql://{kept['USER']}@/{kept['NAME']}?host={kept['HOST']}&port={kept['PORT']}"
    environment = {
        **os.environ,
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "storefront_backend.settings",
    }
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _COUNTING],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    counts = [int(process.communicate(timeout=stretched(120))[0]) for process in processes]
    assert sum(counts) == 100  # in a quarter of an hour
    assert min(counts) > 0


@pytest.mark.django_db
def test_delays_grow_and_end() -> None:
    assert allowed("sign-in-pair", "x", 9) == 5
    with pytest.raises(TooManyRequests) as first:
        take("sign-in-pair", "x")
    let_pass(minutes=1)
    assert allowed("sign-in-pair", "x", 9) == 5
    let_pass(minutes=1)
    with pytest.raises(TooManyRequests) as second:
        take("sign-in-pair", "x")
    assert 0 < first.value.wait <= 60 < second.value.wait <= 15 * 60
    let_pass(days=1)
    assert allowed("sign-in-pair", "x", 1) == 1


@pytest.mark.django_db
def test_a_refused_try_does_not_prolong_the_wait() -> None:
    assert allowed("engraving", "x", 100) == 60
    ends_at = Counter.objects.get().ends_at
    assert allowed("engraving", "x", 10) == 0
    assert Counter.objects.get().ends_at == ends_at


@pytest.mark.django_db
def test_filler_pushes_no_counter_out() -> None:
    assert allowed("sign-in-pair", "victim", 6) == 5
    for number in range(500):
        take("checkout", str(number))
    forget_expired()
    assert allowed("sign-in-pair", "victim", 1) == 0


@pytest.mark.django_db
def test_what_has_expired_is_deleted_and_nothing_else() -> None:
    take("engraving", "old")
    let_pass(minutes=2)
    take("engraving", "new")
    assert (forget_expired(), Counter.objects.count()) == (1, 1)
    assert PostgresCounters().check()


@pytest.mark.django_db
def test_a_count_can_be_given_back_or_forgotten() -> None:
    assert allowed("engraving", "x", 61) == 60
    credit_back("engraving", "x")
    credit_back("engraving", "x")
    assert allowed("engraving", "x", 3) == 1
    reset("engraving", "x")
    assert allowed("engraving", "x", 61) == 60


@pytest.mark.django_db
def test_an_operator_changes_limits_by_kind(settings: Settings) -> None:
    settings.RATE_LIMITS = read_changes(["engraving=2/minute;3/hour", "notice=off"])
    assert (allowed("engraving", "x", 5), allowed("notice", "x", 100)) == (2, 100)
    assert allowed("promo-code", "x", 21) == 20


@pytest.mark.parametrize("word", ["engravings=1/minute", "engraving=often", "engraving", "=off"])
def test_a_limit_that_cannot_be_read_is_refused(word: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the library's own words
        read_changes([word])


def test_the_table_names_nobody() -> None:
    from storefront_backend.throttle.limiter import _name

    longest = max(RATES, key=len)
    assert "alice" not in _name(longest, ("alice@example.org", "203.0.113.7"))
    assert len(_name(longest, ("x" * 10_000,))) < 60
