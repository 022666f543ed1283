"""What a brand's owner reads of its money: balance, payouts, statements, to the cent."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from django.test import Client

from i18n.money import Money
from storefront_backend import wiring
from storefront_backend.accounts.models import BrandMembership, User
from storefront_backend.aftersale.refunds import RefundRequest
from storefront_backend.catalog.models import Brand
from storefront_backend.orders.models import LedgerMovement
from storefront_backend.selling.ledger import dues, pay_out
from storefront_backend.selling.payout_statements import PayoutStatement, payout_statements
from tests.builders import NOW
from tests.storefront_backend.aftersale.three_brands import Sold, sell_three

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_sandbox")]
PLACE = "/desk/brand/bao/payouts/"


def signed_in(name: str, brand: str = "bao", role: str = "owner") -> Client:
    user = User.objects.create_user(f"{name}@example.org", "kapok-blossom-9")
    BrandMembership.objects.create(user=user, brand=Brand.objects.get(slug=brand), role=role)
    client = Client()
    client.force_login(user)
    return client


def sent() -> Sold:
    sold = sell_three()
    wiring.orders().fulfil(sold.order.number, brand="bao", tracking="SF1")
    return sold


def due() -> Money:
    return next(each.due for each in dues("bao"))


def paid(amount: Money, reference: str = "SEPA 7") -> LedgerMovement:
    pay_out("bao", amount, reference=reference, at=NOW)
    return LedgerMovement.objects.get(key=f"payout {reference}")


def statements() -> list[PayoutStatement]:
    return payout_statements(LedgerMovement.objects.filter(brand__slug="bao"))


def test_a_statement_takes_commission_and_its_tax_from_the_goods_of_each_order() -> None:
    sold = sent()
    owed = due()
    paid(owed)
    (line,) = statements()[-1].lines
    (sold_line,) = (each for each in sold.order.lines if each.brand == "bao")
    fee = (line.goods * Decimal("0.12")).quantized()
    assert (line.order, line.goods) == (sold.order.number, sold_line.goods)
    assert line.commission == Money(-fee.amount, "EUR")
    assert line.net == owed


def test_the_open_period_ends_at_the_ledgers_balance_to_the_cent() -> None:
    sold = sent()
    paid(Money(due().amount - Decimal("10.01"), "EUR"))
    back = RefundRequest(key="r", brand="bao", pieces={sold.line("bao"): 1}, reason="Too small")
    wiring.refunds().take_back(sold.order.number, back)
    running, first = statements()
    assert first.closing == running.opening == Money(Decimal("10.01"), "EUR")
    assert running.refunded.amount < 0 < running.commission.amount
    assert running.closing == due()


def test_a_payout_is_a_page_a_table_and_a_paper() -> None:
    sold = sent()
    amount = due()
    row = paid(amount, "=SEPA+7")
    alice = signed_in("alice")
    assert "=SEPA+7" in alice.get(PLACE).content.decode()
    assert sold.order.number in alice.get(f"{PLACE}{row.pk}/").content.decode()
    body = alice.get(f"{PLACE}{row.pk}/statement.csv").content.decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(body)))
    assert [line["movement"] for line in lines] == ["opening", "fulfilment", "payout", "closing"]
    assert lines[2]["order"] == "'=SEPA+7"
    assert sum(Decimal(line["net"]) for line in lines[:3]) == Decimal(lines[3]["net"]) == 0
    paper = alice.get(f"{PLACE}{row.pk}/statement.pdf")
    assert paper.content.startswith(b"%PDF-")
    assert paper["Content-Disposition"] == 'attachment; filename="payout-sepa7.pdf"'


def test_payouts_are_the_owners_alone() -> None:
    sent()
    row = paid(due())
    for role in ("member", "reader"):
        client = signed_in(role, role=role)
        assert client.get(PLACE).status_code == 403
        assert client.get(f"{PLACE}{row.pk}/statement.csv").status_code == 403
        assert "payouts/" not in client.get("/desk/brand/bao/").content.decode()


def test_another_house_finds_no_payout_even_at_its_own_desk() -> None:
    sent()
    row = paid(due())
    charlie = signed_in("charlie", "canton")
    assert charlie.get(f"{PLACE}{row.pk}/").status_code == 404
    for name in ("", "statement.csv", "statement.pdf"):
        assert charlie.get(f"/desk/brand/canton/payouts/{row.pk}/{name}").status_code == 404
