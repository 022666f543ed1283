"""Shoppers hear that they have bought and that a parcel has left: once, in their own language."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from pytest_django import Settings

from storefront_backend import wiring
from storefront_backend.background.models import Failure
from storefront_backend.notices.channels import ChannelDown
from storefront_backend.orders.models import Order, OrderMail
from storefront_backend.settings import _mailers
from tests.storefront_backend.aftersale.three_brands import Sold, sell_three

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_sandbox")]


@pytest.fixture(autouse=True)
def _mail_server(settings: Settings) -> None:
    settings.EMAIL_URL = "smtp://localhost:2525"


def send_order_mails(after: timedelta = timedelta()) -> int:
    box = wiring.outbox()
    return dataclasses.replace(box, now=lambda: wiring.now() + after).send_due()


def send(sold: Sold, brand: str, carrier: str = "") -> None:
    wiring.orders().fulfil(sold.order.number, brand=brand, tracking=f"T-{brand}", carrier=carrier)


def html_of(message: EmailMultiAlternatives) -> str:
    (alternative,) = message.alternatives
    return str(alternative.content)


def test_an_order_is_confirmed_once_in_the_shoppers_language() -> None:
    sold = sell_three()
    assert (send_order_mails(), send_order_mails()) == (1, 0)
    (message,) = mail.outbox
    assert message.to == ["alice@example.com"]
    assert message.subject == f"Ihre Bestellung {sold.order.number}"
    for text in (message.body, html_of(message)):
        assert "Danke. Es gehört Ihnen." in text
        assert f"/de/de/order/{sold.order.token}/" in text
        assert all(line.name in text for line in sold.order.lines)
        assert "× 2" in text
    assert 'lang="de" dir="ltr"' in html_of(message)


def test_arabic_runs_from_the_right() -> None:
    sell_three()
    Order.objects.update(language="ar")
    send_order_mails()
    assert mail.outbox[0].subject.startswith("طلبك")
    assert 'lang="ar" dir="rtl"' in html_of(mail.outbox[0])


def test_a_parcel_names_its_own_pieces_carrier_and_number_once() -> None:
    sold = sell_three()
    send_order_mails()
    send(sold, "bao", "Brink's")
    assert (send_order_mails(), send_order_mails()) == (1, 0)
    message = mail.outbox[1]
    names = {line.brand: line.name for line in sold.order.lines}
    assert names["bao"] in message.body
    assert names["canton"] not in message.body
    assert "Brink's" in message.body
    assert "T-bao" in message.body
    send(sold, "canton")
    assert send_order_mails() == 1


def test_names_are_escaped_in_html_and_plain_in_text() -> None:
    sell_three()
    Order.objects.get().lines.update(name="Ring <b>&</b>")
    send_order_mails()
    assert "Ring <b>&</b>" in mail.outbox[0].body
    assert "Ring &lt;b&gt;&amp;&lt;/b&gt;" in html_of(mail.outbox[0])


def test_old_orders_and_orders_called_off_are_not_confirmed() -> None:
    sold = sell_three()
    Order.objects.update(created_at=wiring.now() - timedelta(days=3))
    assert send_order_mails() == 0
    Order.objects.update(created_at=wiring.now())
    wiring.orders().cancel(sold.order.number, reason="changed my mind")
    assert send_order_mails() == 0


def test_without_a_mail_server_nothing_is_sent_nor_noted(settings: Settings) -> None:
    settings.EMAIL_URL = ""
    sell_three()
    assert send_order_mails() == 0
    assert not OrderMail.objects.exists()


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def send(self: EmailMultiAlternatives) -> int:
        raise error

    monkeypatch.setattr(EmailMultiAlternatives, "send", send)


def test_a_server_that_is_gone_ends_the_run_and_counts_against_no_letter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sell_three()
    failing(monkeypatch, SMTPServerDisconnected("gone"))
    with pytest.raises(ChannelDown):
        send_order_mails()
    assert not OrderMail.objects.exists()
    assert not Failure.objects.exists()
    monkeypatch.undo()
    assert send_order_mails() == 1


def test_a_full_box_is_tried_again_after_a_wait_and_a_refused_address_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sell_three()
    failing(monkeypatch, SMTPRecipientsRefused({"alice@example.com": (452, b"full")}))
    assert send_order_mails() == 0
    assert Failure.objects.get().attempts == 1
    assert not OrderMail.objects.exists()
    failing(monkeypatch, SMTPRecipientsRefused({}))
    assert send_order_mails() == 0
    assert not OrderMail.objects.exists()  # it waits
    assert send_order_mails(timedelta(minutes=1)) == 0
    assert OrderMail.objects.get().problem == "The address was refused"
    assert not Failure.objects.exists()
    monkeypatch.undo()
    assert send_order_mails(timedelta(minutes=1)) == 0


def test_a_server_that_does_not_listen_is_said(settings: Settings) -> None:
    settings.MAILERS = _mailers("smtp://127.0.0.1:9")
    sell_three()
    with pytest.raises(ChannelDown):
        send_order_mails()
    assert not OrderMail.objects.exists()


@pytest.mark.parametrize(
    ("address", "port", "ssl", "tls"),
    [
        ("smtp://localhost:2525", 2525, False, False),
        ("smtp+tls://a%40b:p%2Fw@mail.example.org", 587, False, True),
        ("smtps://mail.example.org", 465, True, False),
    ],
)
def test_the_mail_server_is_read_from_one_address(
    address: str, port: int, ssl: bool, tls: bool
) -> None:
    options = _mailers(address)["default"]["OPTIONS"]
    assert (options["port"], options["use_ssl"], options["use_tls"]) == (port, ssl, tls)
    if tls:
        assert (options["username"], options["password"]) == ("a@b", "p/w")
