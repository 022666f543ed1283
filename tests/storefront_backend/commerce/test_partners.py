"""Attribution, commission rules and signals of partners: pure functions."""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from i18n.money import Money
from storefront_backend.commerce import ledger
from storefront_backend.commerce.attribution import (
    Person,
    Refusal,
    Touch,
    Way,
    self_purchase,
    winner,
)
from storefront_backend.commerce.commissions import (
    Bearer,
    Rule,
    commission_on,
    goods_kept,
    rule_for,
)
from storefront_backend.commerce.ledger import Account
from storefront_backend.commerce.partner_signals import Found, OrderFacts, Signal, signals
from tests.builders import NOW

WINDOW = timedelta(days=30)
DAY = timedelta(days=1)
DOOR = {"country": "DE", "postal_code": "10117", "city": "Berlin", "street_address": "Linden 1"}


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def rule(number: int, rate: str, **names: str) -> Rule:
    return Rule(number, Decimal(rate), Bearer.SHOP, **names)


def test_a_code_wins_over_a_later_link() -> None:
    code, link = Touch("mei", Way.CODE, NOW - DAY), Touch("ring-diary", Way.LINK, NOW)
    assert winner(code, link, now=NOW, window=WINDOW) == code


def test_a_link_counts_to_the_last_moment_of_its_window_and_no_longer() -> None:
    link = Touch("mei", Way.LINK, NOW)
    assert winner(None, link, now=NOW + WINDOW, window=WINDOW) == link
    late = NOW + WINDOW + timedelta(microseconds=1)
    assert winner(None, link, now=late, window=WINDOW) is None


def test_a_click_from_the_future_counts_for_nothing() -> None:
    assert winner(None, Touch("mei", Way.LINK, NOW + DAY), now=NOW, window=WINDOW) is None


@pytest.mark.parametrize(
    ("shopper", "refusal"),
    [
        (Person(7, "other@example.com"), Refusal.OWN_ACCOUNT),
        (Person(None, "Mei+gift@Example.com"), Refusal.OWN_MAIL),
        (Person(None, "aunt@example.com", DOOR | {"street_address": "LINDEN, 1"}),
         Refusal.OWN_ADDRESS),
        (Person(8, "aunt@example.com", DOOR | {"street_address": "Linden 2"}), None),
        (Person(), None),
    ],
)  # fmt: skip
def test_a_partner_is_known_by_account_mailbox_and_door(
    shopper: Person, refusal: Refusal | None
) -> None:
    assert self_purchase(Person(7, "mei@example.com", DOOR), shopper) == refusal


def test_two_people_of_whom_nothing_is_known_are_not_one() -> None:
    assert self_purchase(Person(), Person()) is None


def test_the_most_specific_rule_wins_and_a_campaign_before_a_brand() -> None:
    rules = [
        rule(1, "0.03"),
        rule(2, "0.04", kind="kol"),
        rule(3, "0.05", brand="bao"),
        rule(4, "0.06", campaign="moon"),
        rule(5, "0.07", brand="bao", kind="kol"),
    ]
    chosen = [
        rule_for(rules, campaign=campaign, brand=brand, kind=kind)
        for campaign, brand, kind in (
            ("", "canton", "koc"), ("", "canton", "kol"), ("", "bao", "koc"),
            ("moon", "bao", "koc"), ("moon", "bao", "kol"),
        )
    ]  # fmt: skip
    assert [each.id if each else None for each in chosen] == [1, 2, 3, 4, 5]


def test_without_a_rule_nothing_is_earned() -> None:
    assert rule_for([rule(1, "0.1", brand="bao")], campaign="", brand="drake", kind="kol") is None


def test_money_lost_without_a_line_is_borne_in_proportion() -> None:
    assert goods_kept(eur("300"), eur("100"), eur("500"), eur("125")) == eur("150.00")
    assert goods_kept(eur("300"), eur("100"), eur("500"), eur("500")) == eur("0")
    assert goods_kept(eur("300"), eur("300"), eur("0"), eur("0")) == eur("0")


amounts = st.integers(1, 10_000_000).map(lambda cents: Decimal(cents).scaleb(-2))
shares = st.integers(1, 9_999).map(lambda part: Decimal(part).scaleb(-4))
steps = st.tuples(st.sampled_from(("refund", "all", "pay")), shares)


@given(amounts, shares, st.lists(steps, max_size=12))
def test_whatever_happens_the_books_balance_and_the_rate_holds_of_what_is_kept(
    goods: Decimal, rate: Decimal, happenings: list[tuple[str, Decimal]]
) -> None:
    sold, refunded, paid = Money(goods, "EUR"), eur("0"), eur("0")
    movements = [ledger.partner_earning("sale", commission_on(sold, rate))]

    def due() -> Money:
        entries = (each for movement in movements for each in movement.entries)
        amounts = (-each.amount for each in entries if each.account == Account.PARTNER_DUE)
        return Money.sum(amounts, "EUR")

    for number, (what, part) in enumerate(happenings):
        if what == "pay":
            if due() > eur("0"):
                paid += due()
                movements.append(ledger.partner_payout(f"pay {number}", due()))
            continue
        left = sold - refunded
        refunded += left if what == "all" else (left * part).quantized()
        kept = goods_kept(sold, refunded, sold - refunded, eur("0"))
        difference = commission_on(kept, rate) - due() - paid
        movements.append(ledger.partner_earning(f"refund {number}", difference))

    entries = [each.amount.amount for movement in movements for each in movement.entries]
    assert sum(entries, Decimal(0)) == 0
    wanted = ((goods - refunded.amount) * rate).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert (due() + paid).amount == wanted


def test_three_orders_to_one_door_are_a_signal_and_two_are_none() -> None:
    orders = [OrderFacts(number, "d" * 64) for number in ("3", "1", "2")]
    assert signals(orders[:2], []) == []
    assert signals(orders, []) == [Found(Signal.ONE_ADDRESS, f"{'d' * 16} 3", ("1", "2", "3"))]


def test_commission_taken_back_after_its_payout_is_a_signal() -> None:
    order = OrderFacts("7", "", earned_at=NOW, taken_back_at=NOW + 3 * DAY)
    assert signals([order], [NOW + 4 * DAY]) == []
    assert signals([order], [NOW + 2 * DAY]) == [Found(Signal.RETURNED_AFTER_PAYOUT, "7", ("7",))]


def test_an_own_purchase_is_a_signal() -> None:
    found = signals([OrderFacts("7", "", refusal=Refusal.OWN_MAIL)], [])
    assert found == [Found(Signal.SELF_PURCHASE, "7", ("7",))]
