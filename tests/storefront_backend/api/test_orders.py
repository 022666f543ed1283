"""The API after the bag: wishes, keys, parcels, an account's orders; what a call costs in SQL."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from storefront_backend import wiring
from storefront_backend.accounts.models import User
from storefront_backend.orders.models import IdempotentCall, Order, Transaction
from tests.builders import make_address, make_product, make_shop, make_variant
from tests.storefront_backend.aftersale.three_brands import sell_three

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_sandbox")]

CREATE = """mutation ($lines: [LineInput!]!) {
  checkoutCreate(channel: "de", lines: $lines) {
    checkout { token } errors { field code index } } }"""
DELIVER = """mutation ($token: String!, $address: AddressInput!, $consent: Boolean) {
  checkoutDeliveryUpdate(token: $token, email: "alice@example.com", shippingAddress: $address,
      giftMessage: "With love", noReturnConsent: $consent) {
    checkout { missing giftMessage noReturnConsentAt withdrawal { days engravedExcepted } }
    errors { field code } } }"""
PAY = """mutation ($token: String!, $key: String!) {
  transactionInitialize(token: $token, returnUrl: "http://app/", cancelUrl: "http://app/",
      idempotencyKey: $key) { reference errors { field code } } }"""
COMPLETE = """mutation ($reference: String!, $key: String!) {
  checkoutComplete(reference: $reference, idempotencyKey: $key) {
    order { number } errors { field code } } }"""
ORDERS = """query ($after: String) { orders(first: 10, after: $after) {
  pageInfo { hasNextPage endCursor }
  edges { node { number lines { sku serials } refunds { number }
    fulfillments { number brand state lines { orderLineId quantity } } } } } }"""
LIST = """{ products(channel: "de", first: 20) { totalCount
  edges { node { slug name brand { slug } priceFrom { amount } } } } }"""
DETAIL = """query ($slug: String!) { product(channel: "de", slug: $slug) {
  name brand { slug name } media { url }
  variants { sku quantityAvailable pricing { total { amount }
    landedCost { lines { kind amount { amount } rule } } } } } }"""


def ask(query: str, client: Client | None = None, **variables):
    answer = (client or Client()).post(
        "/graphql/", {"query": query, "variables": variables}, content_type="application/json"
    )
    body = answer.json()
    assert "errors" not in body, body
    return next(iter(body["data"].values()))


def ready(sku: str, **line) -> str:
    token = ask(CREATE, lines=[{"sku": sku, **line}])["checkout"]["token"]
    a = make_address("de")
    address = {
        "name": a.name, "country": a.country, "streetAddress": a.street_address, "city": a.city,
        "postalCode": a.postal_code,
    }  # fmt: skip
    ask(DELIVER, token=token, address=address, consent=bool(line))
    return token


def sql(call) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        call()
    return len(caught)


def test_an_error_says_which_line_it_is_about():
    variant = make_shop()
    lines = [{"sku": variant.sku}, {"sku": "nothing"}]
    assert ask(CREATE, lines=lines)["errors"] == [
        {"field": "lines", "code": "not_listed", "index": 1}
    ]


def test_consent_and_card_are_told_back():
    variant = make_shop(make_variant(make_product(engraving_max=9)))
    token = ready(variant.sku, engraving="For ever")
    checkout = wiring.checkouts().get(token)
    assert checkout.ready
    assert checkout.gift_message == "With love"


def test_a_key_begins_one_payment_and_completes_one_order():
    token = ready(make_shop().sku)
    first, again = (ask(PAY, token=token, key="k1") for _ in range(2))
    assert first == again
    wiring.sandbox().pay(Transaction.objects.get().provider_id)
    orders = [ask(COMPLETE, reference=first["reference"], key="k2") for _ in range(2)]
    assert orders[0] == orders[1]
    assert orders[0]["order"]["number"] == Order.objects.get().number


def test_a_key_of_one_shopper_is_free_for_every_other():
    variant = make_shop()
    alice, bob = (ask(PAY, token=ready(variant.sku), key="k1") for _ in range(2))
    assert alice["errors"] == bob["errors"] == []
    assert alice["reference"] != bob["reference"]


def test_a_guessed_key_of_no_checkout_is_not_kept():
    ask(PAY, token=str(uuid.uuid4()), key="k1")
    assert not IdempotentCall.objects.exists()


def test_a_key_that_is_too_long_is_refused():
    refused = ask(PAY, token=ready(make_shop().sku), key="k" * 121)
    assert refused["errors"] == [{"field": "idempotency_key", "code": "invalid"}]


def test_no_answer_is_kept_while_nothing_is_paid():
    reference = ask(PAY, token=ready(make_shop().sku), key="k1")["reference"]
    assert ask(COMPLETE, reference=reference, key="k2") == {"order": None, "errors": []}
    assert not IdempotentCall.objects.filter(key="k2").exists()
    wiring.sandbox().pay(Transaction.objects.get().provider_id)
    assert ask(COMPLETE, reference=reference, key="k2")["order"] is not None


def test_the_signed_in_see_their_own_orders_and_nobody_else():
    alice, bob = (User.objects.create_user(f"{n}@example.com", "x") for n in ("alice", "bob"))
    sold = sell_three()
    Order.objects.update(user=alice)
    for user, numbers in ((alice, [sold.order.number]), (bob, [])):
        client = Client()
        client.force_login(user)
        found = ask(ORDERS, client)
        assert [edge["node"]["number"] for edge in found["edges"]] == numbers
    assert ask(ORDERS)["edges"] == []


def test_a_list_of_twenty_takes_six_queries_at_most_and_a_detail_ten():
    variants = [make_variant() for _ in range(21)]
    make_shop(*variants)
    ask(LIST)
    assert sql(lambda: ask(LIST)) <= 6
    assert sql(lambda: ask(DETAIL, slug=variants[0].product.slug)) <= 10


def test_an_accounts_orders_take_as_many_queries_as_there_are_tables():
    alice = User.objects.create_user("alice@example.com", "x")
    sell_three()
    Order.objects.update(user=alice)
    client = Client()
    client.force_login(alice)
    ask(ORDERS, client)  # a session's first page writes it into the list of sessions
    assert sql(lambda: ask(ORDERS, client)) <= 10


def test_a_whole_checkout_takes_a_known_number_of_queries():
    variant = make_shop()

    def buy() -> None:
        reference = ask(PAY, token=ready(variant.sku), key="")["reference"]
        wiring.sandbox().pay(Transaction.objects.get(reference=reference).provider_id)
        assert ask(COMPLETE, reference=reference, key="")["order"]

    buy()
    assert sql(buy) <= 104  # five of them count against rate limits
