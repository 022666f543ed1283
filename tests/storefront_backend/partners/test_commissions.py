"""Orders that a partner sent: who counts, what is booked, taken back, held and paid."""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.db import connection

from i18n.money import Money
from storefront_backend import wiring
from storefront_backend.aftersale import commissions, partner_payouts
from storefront_backend.aftersale.partner_payouts import PayoutHeld
from storefront_backend.aftersale.refunds import RefundRequest
from storefront_backend.campaigns.models import Partner
from storefront_backend.catalog.models import Brand
from storefront_backend.commerce.errors import InvalidRequest, KeyReused
from storefront_backend.commerce.orders import Order
from storefront_backend.orders.models import LedgerEntry, LedgerMovement, OrderLine
from storefront_backend.orders.models import Order as OrderRow
from storefront_backend.partners.models import Attribution, PayoutHold
from storefront_backend.partners.reading import due, statements
from storefront_backend.selling.ledger import balances
from storefront_backend.selling.payout_statements import payout_statements
from tests.storefront_backend.aftersale.three_brands import Sold, sell_three
from tests.storefront_backend.partners.build import buy, make_partner, make_rule

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_sandbox")]


@pytest.fixture
def shop() -> Sold:
    return sell_three()


@pytest.fixture
def mei(shop: Sold) -> Partner:
    return make_partner()


def later(**time: int) -> None:
    commissions.book_due(wiring.now() + timedelta(**time))


def send(order: Order, brand: str = "bao") -> None:
    wiring.orders().fulfil(order.number, brand=brand, tracking=f"SF-{order.number}")


def goods(order: Order) -> Decimal:
    return OrderLine.objects.get(order__number=order.number).goods


def ten_percent(amount: Decimal) -> Money:
    part = (amount * Decimal("0.1")).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return Money(part, "EUR")


def owed(partner: Partner) -> Money:
    return due(partner.pk)[0]


def take_back(order: Order, pieces: int, key: str = "back", **more: object) -> None:
    line = order.lines[0].id
    request = RefundRequest(key=key, brand="bao", pieces={line: pieces}, reason="-", **more)  # type: ignore[arg-type]
    wiring.refunds().take_back(order.number, request)


def balanced() -> bool:
    return all(sum(found.values()) == 0 for found in balances().values())


def test_a_link_earns_when_the_sale_is_final_and_not_before(shop: Sold, mei: Partner) -> None:
    make_rule()
    order = buy(shop, "bao", 2, partner="mei")
    later()
    assert due(mei.pk) == []
    send(order)
    later()
    later()
    assert owed(mei) == ten_percent(goods(order))
    assert balanced()


def test_a_sale_is_final_when_the_time_for_returns_has_passed(shop: Sold, mei: Partner) -> None:
    make_rule()
    order = buy(shop, "bao", partner="mei")
    Attribution.objects.update(final_after_days=14)
    send(order)
    later(days=13)
    assert due(mei.pk) == []
    later(days=14, minutes=1)
    assert owed(mei) == ten_percent(goods(order))


def test_a_code_wins_over_a_link_and_taking_it_off_brings_the_link_back(
    shop: Sold, mei: Partner
) -> None:
    make_partner("ring-diary")
    assert OrderRow.objects.get(number=buy(shop, "bao", partner="mei").number).partner == "mei"
    typed = buy(shop, "bao", partner="mei", code="ring-diary")
    row = Attribution.objects.get(order__number=typed.number)
    assert (row.partner.code, row.way) == ("ring-diary", "code")


def test_a_link_of_too_long_ago_leaves_the_order(shop: Sold, mei: Partner) -> None:
    order = buy(shop, "bao", partner="mei", sent_at=wiring.now() - timedelta(days=31))
    assert OrderRow.objects.get(number=order.number).partner == ""
    assert not Attribution.objects.exists()


def test_an_own_purchase_earns_nothing_and_holds_the_payout(shop: Sold, mei: Partner) -> None:
    make_rule()
    order = buy(shop, "bao", partner="mei", email="Mei+me@example.com")
    row = Attribution.objects.get()
    assert (row.refusal, row.order.partner, row.lines.count()) == ("own-mail", "", 0)
    send(order)
    later()
    assert due(mei.pk) == []
    partner_payouts.find_all_holds(wiring.now())
    assert [hold.signal for hold in partner_payouts.open_holds(mei.pk)] == ["self-purchase"]


def test_the_own_code_is_refused_where_it_is_typed(shop: Sold, mei: Partner) -> None:
    with pytest.raises(InvalidRequest, match="own code"):
        buy(shop, "bao", code="mei", email="x@example.com", user_id=_account_of(mei))
    assert not Attribution.objects.exists()


def _account_of(partner: Partner) -> int:
    from storefront_backend.accounts.models import User
    from storefront_backend.partners.enrolment import application_of

    user = User.objects.create_user("mei@example.com", "kapok-blossom-9")
    assert application_of(user) == partner.application
    return user.pk


def test_returns_by_piece_take_the_commission_back_to_the_cent(shop: Sold, mei: Partner) -> None:
    make_rule()
    order = buy(shop, "bao", 3, partner="mei")
    send(order)
    later()
    for count in (1, 2, 3):
        take_back(order, 1, f"back {count}")
        later()
        refunded = sum(
            OrderLine.objects.get(order__number=order.number).refund_lines.values_list(
                "goods", flat=True
            )
        )
        assert owed(mei) == ten_percent(goods(order) - refunded)
        assert balanced()
    assert owed(mei) == Money(Decimal("0.00"), "EUR")


def test_pieces_cancelled_before_they_left_earn_nothing(shop: Sold, mei: Partner) -> None:
    make_rule()
    order = buy(shop, "bao", partner="mei")
    wiring.refunds().cancel_brand(order.number, "bao", reason="-")
    send(buy(shop, "bao", partner="mei"))
    later()
    assert LedgerMovement.objects.filter(kind="partner-earning").count() == 1


def test_a_brand_bears_what_the_rule_says_and_sees_no_partner(shop: Sold, mei: Partner) -> None:
    bao = Brand.objects.get(slug="bao")
    make_rule("0.02")
    make_rule("0.10", bao, borne_by="brand")
    order = buy(shop, "bao", partner="mei")
    send(order)
    later()
    cost = ten_percent(goods(order))
    [running] = payout_statements(LedgerMovement.objects.filter(brand=bao))
    assert running.partners == -cost
    assert not LedgerMovement.objects.filter(brand=bao, partner__isnull=False).exists()
    assert balances()["EUR"]["partner-cost"] == 0
    take_back(order, 1)
    later()
    [running] = payout_statements(LedgerMovement.objects.filter(brand=bao))
    assert (running.partners.amount, owed(mei).amount) == (0, 0)


def test_a_payout_is_paid_once_and_never_more_than_is_due(shop: Sold, mei: Partner) -> None:
    make_rule()
    order = buy(shop, "bao", partner="mei")
    send(order)
    amount, now = ten_percent(goods(order)), wiring.now()
    with pytest.raises(InvalidRequest, match="is owed"):
        partner_payouts.pay(mei.pk, amount + Money(Decimal("0.01"), "EUR"), reference="B1", at=now)
    assert partner_payouts.pay(mei.pk, amount, reference="B1", at=now)
    assert not partner_payouts.pay(mei.pk, amount, reference="B1", at=now)
    with pytest.raises(KeyReused):
        partner_payouts.pay(mei.pk, Money(Decimal(1), "EUR"), reference="B1", at=now)
    assert owed(mei).amount == 0
    running, paid = statements(mei.pk)
    assert (paid.earned, paid.paid, running.closing.amount) == (amount, amount, 0)
    assert balanced()


def test_a_return_after_the_payout_is_owed_back_and_holds_the_next(
    shop: Sold, mei: Partner
) -> None:
    make_rule()
    order = buy(shop, "bao", partner="mei")
    send(order)
    amount = ten_percent(goods(order))
    partner_payouts.pay(mei.pk, amount, reference="B1", at=wiring.now())
    take_back(order, 1)
    send(buy(shop, "bao", 2, partner="mei"))
    with pytest.raises(PayoutHeld):
        partner_payouts.pay(mei.pk, amount, reference="B2", at=wiring.now())
    assert owed(mei) == ten_percent(goods(order) * 2) - amount
    hold = PayoutHold.objects.get()
    with pytest.raises(InvalidRequest, match="Say why"):
        partner_payouts.release(hold.pk, by=1, reason=" ", at=wiring.now())
    marketer = mei.application.decided_by_id
    partner_payouts.release(hold.pk, by=marketer, reason="Ring size", at=wiring.now())
    assert partner_payouts.pay(mei.pk, owed(mei), reference="B2", at=wiring.now())


def test_a_refund_at_the_provider_takes_the_commission_back(shop: Sold, mei: Partner) -> None:
    make_rule()
    order = buy(shop, "bao", partner="mei")
    send(order)
    later()
    row = OrderRow.objects.get(number=order.number)
    from storefront_backend.commerce import ledger
    from storefront_backend.selling.ledger import write

    half = Money(row.paid / 2, "EUR").quantized()
    write(ledger.provider_refund("stripe evt_1", half), None, row, wiring.now())
    later()
    kept = (goods(order) * (row.paid - half.amount) / row.paid).quantize(Decimal("0.01"))
    assert owed(mei) == ten_percent(kept)
    rest = Money(row.paid, "EUR") - half
    write(ledger.provider_refund("stripe evt_2", rest), None, row, wiring.now())
    later()
    assert owed(mei).amount == 0


def test_what_does_not_balance_is_refused_by_the_database(shop: Sold, mei: Partner) -> None:
    make_rule()
    send(buy(shop, "bao", partner="mei"))
    later()
    entry = LedgerEntry.objects.filter(account="partner-due").latest("pk")
    LedgerEntry.objects.create(
        movement=entry.movement, account="partner-due", currency="EUR", amount=Decimal(1)
    )
    with pytest.raises(Exception, match="does not balance"), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
