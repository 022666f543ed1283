"""What is done at the provider's side is in the ledger, once, and waits there for a person."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from i18n.money import Money
from storefront_backend import wiring
from storefront_backend.aftersale import payment_rows as rows
from storefront_backend.aftersale.allocations import Allocation
from storefront_backend.aftersale.refunds import RefundRequest
from storefront_backend.catalog.models import Stock
from storefront_backend.commerce.errors import InvalidRequest, OrderOnHold
from storefront_backend.commerce.ledger import Account
from storefront_backend.commerce.payments import EventKind, PaymentEvent
from storefront_backend.commerce.shares import shares
from storefront_backend.orders.models import LedgerMovement, Order, Refund, Transaction
from storefront_backend.selling import ledger
from tests.storefront_backend.aftersale.three_brands import BRANDS, Sold, sell_three

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_sandbox")]
FEE = Money(Decimal("15.00"), "USD")


def eur(amount: str | Decimal) -> Money:
    return Money(Decimal(amount), "EUR")


def send(sold: Sold, *brands: str) -> None:
    for brand in brands:
        wiring.orders().fulfil(sold.order.number, brand=brand, tracking=f"T-{brand}")


def payment() -> Transaction:
    return Transaction.objects.get()


def refund_at_the_providers(amount: Money, name: str = "by hand") -> PaymentEvent:
    event = wiring.sandbox().refund(payment().provider_id, amount, reference=name)
    wiring.payment_desk().record(event)
    return event


def dispute(*kinds: EventKind, fee: Money | None = None) -> None:
    for kind in kinds:
        paid = fee if kind is EventKind.DISPUTE_WITHDRAWN else None
        event = wiring.sandbox().dispute(payment().provider_id, kind, fee=paid)
        wiring.payment_desk().record(event)


def is_even() -> bool:
    return all(sum(accounts.values()) == 0 for accounts in ledger.balances().values())


def lies_open(sold: Sold) -> dict[str, Money]:
    return {each.account: each.amount for each in ledger.open_money(sold.order.number)}


def share_of(sold: Sold, brand: str) -> Money:
    """What the first piece of the brand's line has of the bill."""
    lines = {line.id: line for line in sold.order.lines}
    line = lines[sold.line(brand)]
    each = shares(sold.order.cost, {key: other.goods for key, other in lines.items()})
    return each[line.id].of_pieces(0, 1, line.quantity).total


def allocation(sold: Sold, brand: str, key: str = "a", **more: object) -> Allocation:
    fields = {"pieces": {sold.line(brand): 1}, "reason": "too small"} | more
    return Allocation(key=key, brand=brand, **fields)  # type: ignore[arg-type]  # named by the test


def test_a_refund_at_the_providers_page_waits_for_a_person() -> None:
    sold = sell_three()
    refund_at_the_providers(eur("100.50"))
    assert lies_open(sold) == {"unallocated": eur("100.50")}
    assert ledger.balances()["EUR"]["provider"] == sold.order.paid.amount - Decimal("100.50")
    assert is_even()


def test_a_part_refunded_at_the_providers_page_holds_the_order_until_lines_bear_it() -> None:
    sold = sell_three()
    refund_at_the_providers(share_of(sold, "canton"))
    assert Order.objects.get().flag == Order.Flag.REFUNDED
    with pytest.raises(OrderOnHold):
        send(sold, "bao")
    wiring.allocations().allocate(
        sold.order.number, allocation(sold, "canton", kind="cancellation")
    )
    assert Order.objects.get().flag == ""
    send(sold, "bao")


def test_what_the_shop_writes_off_holds_the_order_no_longer() -> None:
    sold = sell_three()
    refund_at_the_providers(eur("9.00"))
    wiring.allocations().write_off(sold.order.number, key="a", reason="goodwill")
    assert Order.objects.get().flag == ""


def test_it_is_booked_once_however_often_it_is_told() -> None:
    sell_three()
    event = refund_at_the_providers(eur("100.50"))
    wiring.payment_desk().record(event)
    wiring.payment_desk().settle(str(payment().reference))
    assert LedgerMovement.objects.filter(kind="provider-refund").count() == 1


def test_a_refund_of_ours_names_its_lines_and_is_never_unallocated() -> None:
    sold = sell_three()
    wiring.refunds().cancel_brand(sold.order.number, "bao", reason="no stock")
    for webhook in wiring.sandbox().deliveries(payment().provider_id, copies=2):
        wiring.payment_desk().read_webhook(webhook)
    assert lies_open(sold) == {}
    assert is_even()


def test_a_webhook_that_outruns_our_own_answer_changes_nothing() -> None:
    sold = sell_three()
    wiring.sandbox().fail_next("refund", after=True)
    with pytest.raises(Exception, match="does not answer"):
        wiring.refunds().cancel_brand(sold.order.number, "bao", reason="no stock")
    for webhook in wiring.sandbox().deliveries(payment().provider_id):
        wiring.payment_desk().read_webhook(webhook)
    assert lies_open(sold) == {}
    wiring.refunds().finish()
    assert ledger.balances()["EUR"]["provider"] == payment().charged - payment().refunded
    assert is_even()


def test_a_refund_that_the_bank_sends_back_is_owed_to_the_shopper() -> None:
    sold = sell_three()
    order = wiring.refunds().cancel_brand(sold.order.number, "bao", reason="no stock")
    back = next(e for e in wiring.sandbox().look_up(payment().provider_id) if e.request)
    failed = replace(back, id=f"{back.id}.failed", kind=EventKind.REFUND_FAILED, request="")
    wiring.payment_desk().record(failed)
    assert lies_open(sold) == {"unallocated": -order.refunds[0].amount}
    refund_at_the_providers(order.refunds[0].amount, "to another card")
    assert lies_open(sold) == {}
    assert is_even()


def test_money_taken_in_part_at_the_providers_page_leaves_the_rest_unallocated(settings) -> None:
    settings.PAYMENT_CAPTURE = "on-fulfilment"
    wiring.sandbox.cache_clear()
    sold = sell_three()
    part = eur(sold.order.paid.amount - 40)
    wiring.payment_desk().record(
        wiring.sandbox().capture(payment().provider_id, part, reference="by hand")
    )
    assert lies_open(sold) == {"unallocated": eur("40.00")}
    assert is_even()


def test_allocated_to_a_returned_piece_it_is_as_any_other_refund() -> None:
    sold = sell_three()
    send(sold, *BRANDS)
    amount = share_of(sold, "bao")
    refund_at_the_providers(amount)
    due = ledger.dues("bao")[0].due
    order = wiring.allocations().allocate(sold.order.number, allocation(sold, "bao"))
    refund = order.refunds[0]
    assert (refund.kind, refund.state, refund.amount) == ("return", "done", amount)
    half = refund.lines[0].share.goods
    fee = round(half.amount * Decimal("0.12"), 2)
    assert due - ledger.dues("bao")[0].due == half - eur(fee + round(fee * Decimal("0.06"), 2))
    assert lies_open(sold) == {}
    assert order.refunded == amount  # reported once by the provider, not repeated by us
    assert is_even()


def test_allocated_to_a_piece_that_never_left_it_goes_back_to_stock() -> None:
    sold = sell_three()
    amount = share_of(sold, "canton")
    refund_at_the_providers(amount)
    order = wiring.allocations().allocate(
        sold.order.number, allocation(sold, "canton", kind="cancellation")
    )
    assert [p.state for p in order.fulfillments] == ["waiting", "waiting", "canceled"]
    assert Stock.objects.get(variant=sold.variants["canton"]).quantity == 5
    assert ledger.dues("canton")[0].held == eur("0.00")
    assert is_even()


def test_an_allowance_leaves_the_piece_with_the_shopper_and_a_later_return_gives_the_rest() -> None:
    sold = sell_three()
    send(sold, *BRANDS)
    whole = share_of(sold, "aurelia")
    refund_at_the_providers(eur("50.00"))
    order = wiring.allocations().allocate(
        sold.order.number,
        allocation(sold, "aurelia", kind="allowance", amount=eur("50.00")),
    )
    assert order.refunds[0].lines[0].share.total == eur("50.00")
    assert order.state == "fulfilled"
    order = wiring.refunds().take_back(
        sold.order.number,
        RefundRequest(
            key="r", brand="aurelia", pieces={sold.line("aurelia"): 1}, reason="after all"
        ),
    )
    assert order.refunds[1].amount == whole - eur("50.00")
    assert ledger.dues("aurelia")[0].due == eur("0.00")
    assert is_even()


def test_no_more_is_allocated_than_lies_open_nor_than_the_piece_costs() -> None:
    sold = sell_three()
    send(sold, *BRANDS)
    refund_at_the_providers(eur("50.00"))
    desk, number = wiring.allocations(), sold.order.number
    for wrong in ({}, {"amount": eur("50.01")}, {"amount": eur("90000")}, {"amount": eur("0")}):
        with pytest.raises(InvalidRequest):
            desk.allocate(number, allocation(sold, "bao", **wrong))
    with pytest.raises(InvalidRequest):
        desk.allocate(number, allocation(sold, "bao", amount=eur("5"), source=Account.BANK))
    assert not Refund.objects.exists()
    assert lies_open(sold) == {"unallocated": eur("50.00")}


def test_the_same_key_allocates_once_and_never_something_else() -> None:
    sold = sell_three()
    send(sold, *BRANDS)
    refund_at_the_providers(eur("50.00"))
    desk, number = wiring.allocations(), sold.order.number
    part = allocation(sold, "bao", amount=eur("20.00"), kind="allowance")
    assert desk.allocate(number, part) == desk.allocate(number, part)
    assert lies_open(sold) == {"unallocated": eur("30.00")}
    with pytest.raises(InvalidRequest):
        desk.allocate(number, allocation(sold, "bao", source=Account.DISPUTED))


def test_what_nobody_else_bears_is_the_shops_loss() -> None:
    sold = sell_three()
    refund_at_the_providers(eur("50.00"))
    desk, number = wiring.allocations(), sold.order.number
    first = desk.write_off(number, key="g", reason="goodwill", amount=eur("20.00"))
    assert first == desk.write_off(number, key="g", reason="goodwill") == eur("20.00")
    with pytest.raises(InvalidRequest):
        desk.write_off(number, key="h", reason="goodwill", amount=eur("30.01"))
    desk.write_off(number, key="h", reason="goodwill")
    assert lies_open(sold) == {}
    assert ledger.balances()["EUR"]["loss"] == Decimal("50.00")
    assert is_even()


def test_a_dispute_takes_the_money_and_its_fee_and_gives_the_money_back_when_it_is_won() -> None:
    sold = sell_three()
    dispute(EventKind.DISPUTED, EventKind.DISPUTE_WITHDRAWN, fee=FEE)
    assert lies_open(sold) == {"disputed": sold.order.paid}
    assert ledger.balances()["EUR"]["provider"] == 0
    assert ledger.balances()["USD"] == {"provider": -FEE.amount, "provider-fees": FEE.amount}
    with pytest.raises(InvalidRequest):  # not decided yet
        wiring.allocations().write_off(
            sold.order.number, key="d", reason="-", source=Account.DISPUTED
        )
    dispute(EventKind.DISPUTE_WON, EventKind.DISPUTE_REINSTATED)
    assert lies_open(sold) == {}
    assert is_even()


def test_a_lost_dispute_is_borne_by_whom_a_person_says() -> None:
    sold = sell_three()
    send(sold, *BRANDS)
    dispute(EventKind.DISPUTED, EventKind.DISPUTE_WITHDRAWN, EventKind.DISPUTE_LOST, fee=FEE)
    desk, number = wiring.allocations(), sold.order.number
    order = desk.allocate(
        number, allocation(sold, "canton", kind="allowance", source=Account.DISPUTED)
    )
    assert ledger.dues("canton")[0].due == eur("0.00")
    rest = sold.order.paid - order.refunds[0].amount
    assert desk.write_off(number, key="d", reason="fraud", source=Account.DISPUTED) == rest
    assert lies_open(sold) == {}
    assert is_even()


def test_the_commands_show_allocate_and_come_to_zero(capsys: pytest.CaptureFixture[str]) -> None:
    sold = sell_three()
    send(sold, *BRANDS)
    refund_at_the_providers(eur("50.00"))
    dispute(EventKind.DISPUTED, EventKind.DISPUTE_WITHDRAWN, fee=FEE)
    number, sku = sold.order.number, sold.variants["bao"].sku
    call_command("payouts")
    said = capsys.readouterr().out
    assert f"order {number}\tunallocated 50.00 EUR\n" in said
    assert f"order {number}\tdisputed {sold.order.paid}\n" in said
    assert "the shop's own\tprovider-fees 15.00 USD\n" in said
    assert "ledger in EUR comes to 0" in said
    call_command(
        "allocate", number, key="a", reason="scratched", brand="bao", pieces=[f"{sku}=1"],
        kind="allowance", amount=["20", "eur"],
    )  # fmt: skip
    assert f"20.00 EUR to bao: credit note {number}-C1\n" in capsys.readouterr().out
    call_command("allocate", number, key="b", reason="goodwill", loss=True)
    assert f"30.00 EUR of order {number}: the shop's loss\n" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("allocate", number, key="c", reason="again", loss=True)


def test_a_ledger_that_does_not_follow_the_provider_is_found_and_healed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    sold = sell_three()
    event = wiring.sandbox().refund(payment().provider_id, eur("9.00"), reference="by hand")
    rows.write_event(payment(), event)  # as before refunds at the provider's were booked
    with pytest.raises(CommandError):
        call_command("reconcile_payments")
    assert "ledger" in capsys.readouterr().out
    call_command("reconcile_payments", heal=True)
    assert lies_open(sold) == {"unallocated": eur("9.00")}
