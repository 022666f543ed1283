"""A back-in-stock notice is confirmed first and sent once."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db.models import F
from django.test import Client
from pytest_django import Settings

from storefront_backend import wiring
from storefront_backend.catalog.models import ProductVariant, Stock
from storefront_backend.commerce.checkout import LineRequest, OpenCheckout
from storefront_backend.commerce.errors import InvalidRequest
from storefront_backend.jobs.notice_confirmations import (
    ask_for_notice,
    forget_unconfirmed,
    send_confirmations,
)
from storefront_backend.notices.channels import ChannelDown
from storefront_backend.orders.models import BackInStockNotice
from storefront_backend.throttle.models import Counter
from tests.builders import make_product, make_shop, make_variant

pytestmark = pytest.mark.django_db
CREATE = """mutation ($sku: String!, $email: String!) {
  backInStockNoticeCreate(channel: "de", languageCode: "de", sku: $sku, email: $email) {
    errors { field code message } } }"""


@pytest.fixture(autouse=True)
def _can_send(settings: Settings) -> None:
    settings.EMAIL_URL = "smtp://localhost:2525"


@pytest.fixture
def sold_out() -> ProductVariant:
    return make_shop(make_variant(stock=0))


def ask(variant: ProductVariant, email: str = "alice@example.com") -> None:
    ask_for_notice(variant.sku, email, market="de", language="de")


def confirmed(variant: ProductVariant, email: str) -> None:
    ask(variant, email)
    BackInStockNotice.objects.filter(email=email).update(confirmed_at=wiring.now())


def mails_sent() -> int:
    return send_confirmations.call()


def send_notices(after: timedelta = timedelta()) -> int:
    return replace(wiring.outbox(), now=lambda: wiring.now() + after).send_named("back-in-stock")


def let_pass(**time: float) -> None:
    """As if so much time had gone by."""
    Counter.objects.update(ends_at=F("ends_at") - timedelta(**time))
    BackInStockNotice.objects.update(created_at=F("created_at") - timedelta(**time))


def link(message: mail.EmailMessage, page: str) -> str:
    found = re.search(rf"http://[^/]+(/de/de/notices/{page}/\?t=\S+)", message.body)
    assert found
    return found[1]


def through_api(client: Client, variant: ProductVariant, email: str) -> list[dict[str, Any]]:
    body = {"query": CREATE, "variables": {"sku": variant.sku, "email": email}}
    answer = client.post("/graphql/", json.dumps(body), content_type="application/json").json()
    return list(answer["data"]["backInStockNoticeCreate"]["errors"])


def test_who_asked_confirms_and_hears_once(client: Client, sold_out: ProductVariant) -> None:
    for email in ("alice@example.com", " Alice@Example.com"):
        ask(sold_out, email)
    assert (mails_sent(), mails_sent(), send_notices()) == (1, 0, 0)
    path, _, token = link(mail.outbox[0], "confirm").partition("?t=")
    client.post(path, {"t": token})
    assert send_notices() == 0
    Stock.objects.update(quantity=1)
    assert (send_notices(), send_notices()) == (1, 0)
    assert mail.outbox[1].to == ["alice@example.com"]
    assert f"/de/de/jewellery/{sold_out.product.slug}/" in mail.outbox[1].body


def test_opening_the_link_alone_confirms_nothing(client: Client, sold_out: ProductVariant) -> None:
    Stock.objects.update(quantity=1)
    ask(sold_out)
    mails_sent()
    page = client.get(link(mail.outbox[0], "confirm"))
    assert (page.status_code, send_notices()) == (200, 0)
    assert "Referrer-Policy" in page
    assert client.get("/de/de/notices/confirm/?t=forged").status_code == 410


def test_a_victim_gets_one_mail_however_many_pieces_are_asked_for(
    sold_out: ProductVariant,
) -> None:
    for _ in range(12):
        ask(make_variant(make_product()))
        mails_sent()
    assert len(mail.outbox) == 1
    let_pass(hours=1)
    assert (mails_sent(), mails_sent()) == (1, 0)
    let_pass(hours=1)
    ask(sold_out)
    assert mails_sent() == 1
    let_pass(hours=1)
    ask(sold_out)
    assert mails_sent() == 0  # three a day


def test_what_is_not_confirmed_in_time_is_deleted(sold_out: ProductVariant) -> None:
    ask(sold_out)
    ask(sold_out, "bob@example.com")
    mails_sent()
    BackInStockNotice.objects.filter(email="bob@example.com").update(confirmed_at=wiring.now())
    let_pass(days=8)
    assert forget_unconfirmed.call() == 1
    assert BackInStockNotice.objects.get().email == "bob@example.com"


def test_one_click_stops_everything_to_an_address(sold_out: ProductVariant) -> None:
    ask(sold_out)
    ask(sold_out, "bob@example.com")
    mails_sent()
    to_alice = next(each for each in mail.outbox if each.to == ["alice@example.com"])
    path = link(to_alice, "stop")
    assert to_alice.extra_headers["List-Unsubscribe"].endswith(f"{path}>")
    program = Client(enforce_csrf_checks=True)
    assert program.get(path).status_code == 200
    assert BackInStockNotice.objects.count() == 2
    answer = program.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert [each.email for each in BackInStockNotice.objects.all()] == ["bob@example.com"]
    assert program.post("/de/de/notices/stop/?t=forged").status_code == 404


def test_the_page_and_the_api_ask_alike_and_are_limited_together(
    client: Client, sold_out: ProductVariant
) -> None:
    place = f"/de/de/notices/?sku={sold_out.sku}"
    assert client.get(place).status_code == 200
    for number in range(5):
        form = {"sku": sold_out.sku, "email": f"p{number}@example.com"}
        assert client.post("/de/de/notices/", form).status_code == 200
        assert through_api(client, sold_out, f"a{number}@example.com") == []
    (error,) = through_api(client, sold_out, "late@example.com")
    assert error["code"] == "too_many_requests"
    assert client.post("/de/de/notices/", form).status_code == 429
    assert BackInStockNotice.objects.count() == 10


def test_a_product_page_offers_it_for_what_is_sold(
    client: Client, sold_out: ProductVariant
) -> None:
    page = client.get(f"/de/en/jewellery/{sold_out.product.slug}/").text
    assert f'href="/de/en/notices/?sku={sold_out.sku}"' in page
    Stock.objects.update(quantity=1)
    assert "/notices/" not in client.get(f"/de/en/jewellery/{sold_out.product.slug}/").text


@pytest.mark.parametrize(
    "email", ["=?utf-8?q?x?=@example.com", "a@b", "a b@example.com", "a@example.com\nBcc: b@c.de"]
)
def test_what_no_mail_can_be_sent_to_is_refused_at_every_door(
    client: Client, sold_out: ProductVariant, email: str
) -> None:
    assert through_api(client, sold_out, email)[0]["code"] == "invalid"
    form = {"sku": sold_out.sku, "email": email}
    assert client.post("/de/de/notices/", form).status_code == 422
    with pytest.raises(InvalidRequest):
        wiring.checkouts().open(
            OpenCheckout("de", "en", (LineRequest(sold_out.sku, 1),), email=email)
        )
    assert not BackInStockNotice.objects.exists()


def test_an_address_waits_for_a_bounded_number_of_pieces(sold_out: ProductVariant) -> None:
    for _ in range(25):
        ask(make_variant(make_product()))
    assert BackInStockNotice.objects.count() == 20


def test_an_address_that_takes_no_mail_keeps_nobody_else_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    variant = make_shop(make_variant(stock=1))
    for name in ("gone", "full", "bob"):
        confirmed(variant, f"{name}@example.com")
    refusals = {"gone@example.com": 550, "full@example.com": 452}
    send = EmailMultiAlternatives.send

    def refusing(message: EmailMultiAlternatives) -> int:
        (to,) = message.to
        if to in refusals:
            raise SMTPRecipientsRefused({to: (refusals[to], b"no")})
        return send(message)

    monkeypatch.setattr(EmailMultiAlternatives, "send", refusing)
    assert send_notices() == 1
    assert mail.outbox[0].to == ["bob@example.com"]
    refusals.clear()
    assert (send_notices(timedelta(minutes=1)), mail.outbox[-1].to) == (1, ["full@example.com"])


def test_a_server_that_is_away_is_asked_again(
    sold_out: ProductVariant, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(message: EmailMultiAlternatives) -> int:
        raise SMTPServerDisconnected

    settings.RATE_LIMITS = {"notice-mail": "off"}
    ask(sold_out)
    with monkeypatch.context() as broken:
        broken.setattr(EmailMultiAlternatives, "send", away)
        with pytest.raises(ChannelDown):
            mails_sent()
    assert mails_sent() == 1
