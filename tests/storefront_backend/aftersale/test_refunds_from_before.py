"""Refunds recorded before they named their request are distinguished from those of others."""

from __future__ import annotations

import importlib
from decimal import Decimal

import pytest
from django.apps import apps

from i18n.money import Money
from storefront_backend import wiring
from storefront_backend.aftersale.reconcile import differences
from storefront_backend.orders.models import Transaction, TransactionEvent
from storefront_backend.selling import ledger
from tests.storefront_backend.aftersale.three_brands import sell_three

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_sandbox")]


def test_our_own_get_their_request_and_no_other_does() -> None:
    sold = sell_three()
    wiring.refunds().cancel_brand(sold.order.number, "bao", reason="no stock")
    payment = Transaction.objects.get()
    amount = Money(Decimal("9.00"), "EUR")
    desk = wiring.payment_desk()
    desk.record(wiring.sandbox().refund(payment.provider_id, amount, reference="by hand"))
    requested = TransactionEvent.objects.exclude(request="by hand").get(kind="refunded").request
    TransactionEvent.objects.update(request="")
    migration = importlib.import_module(
        "storefront_backend.orders.migrations.0006_refunds_asked_for"
    )
    migration.name_requests(apps, None)
    named = TransactionEvent.objects.filter(kind="refunded").exclude(request="").get()
    assert named.request == requested
    desk.settle(str(payment.reference))
    assert [each.amount for each in ledger.open_money()] == [amount]
    since = sold.order.created_at
    assert list(differences(wiring.sandbox(), since.replace(hour=0, minute=0))) == []
