"""One order of three brands: one payment, three parcels, refunds by the line, exact payouts."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from i18n.money import Money
from storefront_backend import wiring
from storefront_backend.aftersale.refunds import RefundRequest
from storefront_backend.catalog.models import Stock
from storefront_backend.commerce.errors import InvalidRequest, ProviderUnavailable
from storefront_backend.commerce.orders import OrderState
from storefront_backend.orders.models import (
    LedgerEntry,
    LedgerMovement,
    Order,
    Refund,
    Transaction,
    TransactionEvent,
)
from storefront_backend.selling import ledger
from tests.storefront_backend.aftersale.three_brands import BRANDS, Sold, sell_three

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_sandbox")]


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def send(sold: Sold, *brands: str):
    for brand in brands:
        order = wiring.orders().fulfil(sold.order.number, brand=brand, tracking=f"T-{brand}")
    return order


def returned_pieces(
    sold: Sold, brand: str, pieces: int = 1, key: str = "r1", **more
) -> RefundRequest:
    return RefundRequest(
        key=key, brand=brand, pieces={sold.line(brand): pieces}, reason="too small", **more
    )


def ledger_is_even() -> bool:
    return all(sum(accounts.values()) == 0 for accounts in ledger.balances().values())


def due(brand: str) -> Money:
    return ledger.dues(brand)[0].due


def test_one_payment_makes_three_parcels_each_with_its_brands_pieces():
    sold = sell_three()
    assert Transaction.objects.count() == 1
    assert [(p.brand, p.number, p.pieces) for p in sold.order.fulfillments] == [
        ("aurelia", f"{sold.order.number}-1", ((sold.line("aurelia"), 1),)),
        ("bao", f"{sold.order.number}-2", ((sold.line("bao"), 2),)),
        ("canton", f"{sold.order.number}-3", ((sold.line("canton"), 1),)),
    ]


def test_what_the_shopper_paid_is_all_in_the_ledger():
    sold = sell_three()
    assert LedgerMovement.objects.filter(kind="sale").count() == 3
    assert ledger.balances()["EUR"]["provider"] == sold.order.paid.amount
    assert ledger_is_even()


def test_a_brands_parcel_leaves_alone_and_the_order_says_so():
    sold = sell_three()
    assert send(sold, "bao").state is OrderState.PARTIALLY_FULFILLED
    assert send(sold, "aurelia", "canton").state is OrderState.FULFILLED


def test_a_parcel_sent_in_part_leaves_the_rest_in_a_new_one():
    sold = sell_three()
    order = wiring.orders().fulfil(
        sold.order.number, brand="bao", tracking="T1", pieces={sold.line("bao"): 1}
    )
    bao = [(p.number[-1], p.state, p.pieces) for p in order.fulfillments if p.brand == "bao"]
    line = sold.line("bao")
    assert bao == [("2", "fulfilled", ((line, 1),)), ("4", "waiting", ((line, 1),))]
    wiring.orders().fulfil(sold.order.number, brand="bao", tracking="T2")
    whole = next(sold.goods for sold in order.lines if sold.brand == "bao")
    fee = (whole * Decimal("0.12")).quantized()
    tax = (fee * Decimal("0.06")).quantized()
    assert due("bao") == (whole - fee - tax).quantized()


def test_sending_again_with_the_same_number_changes_nothing():
    sold = sell_three()
    assert send(sold, "bao") == send(sold, "bao")
    assert LedgerMovement.objects.filter(kind="fulfilment").count() == 1


def test_nothing_is_due_before_the_parcel_leaves():
    sold = sell_three()
    goods = {line.brand: line.goods for line in sold.order.lines}
    assert [(d.brand, d.due, d.held) for d in ledger.dues()] == [
        (brand, eur("0.00"), goods[brand].quantized()) for brand in BRANDS
    ]


def test_payouts_are_goods_less_commission_and_its_tax_to_the_cent():
    sold = sell_three()
    send(sold, *BRANDS)
    goods = {line.brand: line.goods.amount for line in sold.order.lines}
    for brand, share in (("aurelia", "0.15"), ("bao", "0.12"), ("canton", "0")):
        fee = round(goods[brand] * Decimal(share), 2)
        tax = round(fee * Decimal("0.06"), 2)
        assert due(brand).amount == goods[brand] - fee - tax
    assert ledger_is_even()


def test_a_payout_is_booked_once_and_never_more_than_is_due():
    sold = sell_three()
    send(sold, *BRANDS)
    owed, now = due("aurelia"), wiring.now()
    with pytest.raises(InvalidRequest):
        ledger.pay_out("aurelia", owed + eur("0.01"), reference="SEPA-1", at=now)
    assert ledger.pay_out("aurelia", owed, reference="SEPA-1", at=now)
    assert not ledger.pay_out("aurelia", owed, reference="SEPA-1", at=now)
    assert due("aurelia") == eur("0.00")
    assert ledger_is_even()


def test_the_command_says_what_is_due_and_books_a_payout_once(capsys):
    sold = sell_three()
    send(sold, *BRANDS)
    owed = due("aurelia")
    for says in ("booked", "booked already"):
        call_command("payouts", brand="aurelia", paid=[str(owed.amount), "EUR"], reference="S1")
        assert f"{owed} to aurelia: {says}\n" in capsys.readouterr().out
    call_command("payouts")
    assert "aurelia\tdue 0.00 EUR\theld 0.00 EUR" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("payouts", brand="aurelia", paid=["0.01", "EUR"], reference="S2")


def test_a_brand_called_off_before_sending_gets_stock_and_shopper_all_back():
    sold = sell_three()
    order = wiring.refunds().cancel_brand(sold.order.number, "bao", reason="no stock")
    assert [p.state for p in order.fulfillments] == ["waiting", "canceled", "waiting"]
    assert Stock.objects.get(variant=sold.variants["bao"]).quantity == 5
    share = order.refunds[0]
    assert order.refunded == share.amount == share.lines[0].share.total
    assert ledger.dues("bao")[0].held == eur("0.00")
    assert ledger_is_even()
    again = wiring.refunds().cancel_brand(sold.order.number, "bao", reason="no stock")
    assert again == order


def test_all_three_called_off_give_back_every_cent():
    sold = sell_three()
    order = wiring.orders().cancel(sold.order.number, reason="changed my mind")
    assert order.state is OrderState.CANCELED
    assert order.refunded == sold.order.paid
    assert set(ledger.balances()["EUR"].values()) == {Decimal(0)}
    assert wiring.orders().cancel(sold.order.number, reason="changed my mind") == order


def test_one_of_two_pieces_comes_back_with_its_half_of_the_commission():
    sold = sell_three()
    send(sold, *BRANDS)
    before = due("bao")
    order = wiring.refunds().take_back(
        sold.order.number, returned_pieces(sold, "bao", duty_note="Claim the duty back in one year")
    )
    refund = order.refunds[0]
    assert (refund.number, refund.kind, refund.state) == (
        f"{sold.order.number}-C1", "return", "done",
    )  # fmt: skip
    assert order.refunded == refund.amount
    half = refund.lines[0].share.goods
    fee = round(half.amount * Decimal("0.12"), 2)
    assert before - due("bao") == half - eur(str(fee + round(fee * Decimal("0.06"), 2)))
    assert ledger_is_even()


def test_the_same_return_twice_is_refunded_once():
    sold = sell_three()
    send(sold, "bao")
    first, again = (
        wiring.refunds().take_back(sold.order.number, returned_pieces(sold, "bao"))
        for _ in range(2)
    )
    assert first == again
    assert TransactionEvent.objects.filter(kind="refunded").count() == 1


def test_both_halves_come_back_to_the_whole():
    sold = sell_three()
    send(sold, "bao")
    for key in ("r1", "r2"):
        order = wiring.refunds().take_back(sold.order.number, returned_pieces(sold, "bao", key=key))
    assert ledger.dues("bao")[0].due == eur("0.00")
    assert order.refunds[0].amount + order.refunds[1].amount == order.refunded
    with pytest.raises(InvalidRequest):
        wiring.refunds().take_back(sold.order.number, returned_pieces(sold, "bao", key="r3"))
    assert Refund.objects.count() == 2


def test_a_refund_may_leave_the_shipping_with_the_carrier():
    sold = sell_three()
    send(sold, "canton")
    parts = frozenset(("goods", "tax"))
    order = wiring.refunds().take_back(
        sold.order.number, returned_pieces(sold, "canton", parts=parts)
    )
    share = order.refunds[0].lines[0].share
    assert (share.shipping, share.duty) == (eur("0.00"), eur("0.00"))
    assert order.refunded == share.goods + share.tax


def test_a_piece_that_has_not_left_cannot_be_returned_nor_one_that_has_be_called_off():
    sold = sell_three()
    send(sold, "aurelia")
    with pytest.raises(InvalidRequest):
        wiring.refunds().take_back(sold.order.number, returned_pieces(sold, "bao"))
    with pytest.raises(InvalidRequest):
        wiring.refunds().cancel(sold.order.number, returned_pieces(sold, "aurelia"))
    with pytest.raises(InvalidRequest):  # nor a piece under another brand's name
        wiring.refunds().cancel(
            sold.order.number,
            RefundRequest(key="x", brand="bao", pieces={sold.line("canton"): 1}, reason="-"),
        )
    assert not Refund.objects.exists()


def test_a_refund_that_the_provider_did_not_answer_is_made_by_the_sweep():
    sold = sell_three()
    send(sold, "bao")
    wiring.sandbox().fail_next("refund")
    with pytest.raises(ProviderUnavailable):
        wiring.refunds().take_back(sold.order.number, returned_pieces(sold, "bao"))
    assert ledger_is_even()
    assert wiring.refunds().finish() == 1
    assert Order.objects.get().refunded == Refund.objects.get().amount
    assert wiring.refunds().finish() == 0


def test_held_money_is_taken_when_the_first_parcel_leaves(settings):
    settings.PAYMENT_CAPTURE = "on-fulfilment"
    wiring.sandbox.cache_clear()
    sold = sell_three()
    assert Transaction.objects.get().state == Transaction.State.AUTHORIZED
    send(sold, "aurelia")
    assert Transaction.objects.get().charged == sold.order.paid.amount


def test_of_held_money_what_is_called_off_is_never_taken(settings):
    settings.PAYMENT_CAPTURE = "on-fulfilment"
    wiring.sandbox.cache_clear()
    sold = sell_three()
    order = wiring.refunds().cancel_brand(sold.order.number, "bao", reason="no stock")
    payment = Transaction.objects.get()
    assert payment.charged == (sold.order.paid - order.refunds[0].amount).amount
    assert payment.refunded == 0
    assert ledger.balances()["EUR"]["provider"] == payment.charged


def test_the_database_refuses_a_movement_that_does_not_balance():
    sell_three()
    with pytest.raises(IntegrityError), transaction.atomic():
        _book_a_cent_too_much()
    assert ledger_is_even()


def _book_a_cent_too_much() -> None:
    entry = LedgerEntry.objects.first()
    entry.pk, entry.account, entry.amount = None, "bank", Decimal("0.01")
    entry.save(force_insert=True)
    transaction.get_connection().check_constraints()  # what a commit does


def test_the_database_refuses_to_change_or_remove_what_is_booked():
    sell_three()
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.update(amount=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.all().delete()
