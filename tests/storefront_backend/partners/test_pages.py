"""From an application in the shop to a partner's own page, over HTTP."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.test import Client

from i18n.money import Money
from storefront_backend import wiring
from storefront_backend.accounts.models import User
from storefront_backend.aftersale import commissions, partner_payouts
from storefront_backend.campaigns.models import Partner
from storefront_backend.catalog.models import Stock
from storefront_backend.commerce.errors import InvalidRequest, OutOfStock
from storefront_backend.orders.models import Checkout
from storefront_backend.partners.enrolment import approve
from storefront_backend.partners.loans import Lending, lend
from storefront_backend.partners.models import (
    Acceptance,
    Application,
    Brief,
    ClickDay,
    Content,
    Loan,
    PayoutHold,
    Terms,
)
from tests.builders import make_shop
from tests.storefront_backend.aftersale.three_brands import sell_three
from tests.storefront_backend.partners.build import (
    buy,
    make_marketer,
    make_partner,
    make_rule,
    make_terms,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_sandbox")]

FORM = {
    "name": "Mei Lam",
    "email": "mei@example.com",
    "kind": "kol",
    "channels": "https://example.com/mei",
    "street_address": "Linden 1",
    "postal_code": "10117",
    "city": "Berlin",
    "agreed": "on",
}


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def mei_signed_in() -> Client:
    return client_of(User.objects.create_user("mei@example.com", "kapok-blossom-9"))


def bag_to_checkout(client: Client, sku: str) -> Checkout:
    client.post("/de/de/bag/add/", {"sku": sku})
    client.post("/de/de/bag/checkout/")
    return Checkout.objects.latest("pk")


def test_an_application_keeps_the_terms_as_they_were_read() -> None:
    terms = make_terms(texts={"en": "Disclose it.", "de": "Kennzeichnen Sie es."})
    assert Client().post("/de/de/partners/", FORM).status_code == 200
    kept = Acceptance.objects.get()
    assert (kept.terms, kept.version) == (terms, "2026-1")
    assert (kept.language, kept.text) == ("de", "Kennzeichnen Sie es.")
    Client().post("/de/de/partners/", FORM | {"email": "MEI@example.com"})
    assert Application.objects.count() == 1


def test_without_consent_or_with_a_false_channel_nothing_is_kept() -> None:
    make_terms()
    assert Client().post("/de/de/partners/", FORM | {"agreed": ""}).status_code == 422
    wrong = Client().post("/de/de/partners/", FORM | {"channels": "javascript:alert(1)"})
    assert wrong.status_code == 422
    assert not Application.objects.exists()


def test_without_terms_nobody_can_apply() -> None:
    assert Client().post("/de/de/partners/", FORM).status_code == 404


def test_a_marketer_approves_and_the_partner_is_written_to(
    settings: pytest.FixtureRequest,
) -> None:
    settings.EMAIL_URL = "smtp://localhost"  # type: ignore[attr-defined]
    make_terms()
    Client().post("/de/de/partners/", FORM)
    row = Application.objects.get()
    mona = client_of(make_marketer())
    assert "Mei Lam" in mona.get("/desk/marketing/partners/").content.decode()
    mona.post(f"/desk/marketing/partners/applications/{row.pk}/", {f"a{row.pk}-code": "mei"})
    row.refresh_from_db()
    assert row.partner is not None
    assert (row.state, row.partner.code, row.decided_by) == (
        "approved", "mei", User.objects.get(is_marketer=True),
    )  # fmt: skip
    assert wiring.outbox().send_named("partner-application") == 1
    assert wiring.outbox().send_named("partner-application") == 0
    assert "/r/mei" in mail.outbox[-1].body


def test_a_taken_code_is_refused() -> None:
    make_partner("mei")
    make_terms("2026-2")
    Client().post("/de/de/partners/", FORM | {"email": "other@example.com"})
    row = Application.objects.get(email="other@example.com")
    with pytest.raises(InvalidRequest, match="is taken"):
        approve(row.pk, code="MEI", by=make_marketer("m@x.org").pk, now=wiring.now())


def test_a_link_counts_a_click_and_the_checkout_remembers_it() -> None:
    make_partner("mei")
    piece, client = make_shop(), Client()
    client.get("/r/mei", headers={"Accept-Language": "de-DE"})
    checkout = bag_to_checkout(client, piece.sku)
    assert (checkout.partner, checkout.partner_way) == ("mei", "link")
    assert ClickDay.objects.get().clicks == 1


def test_a_link_to_a_page_counts_too_and_the_last_one_wins() -> None:
    make_partner("mei")
    make_partner("ring-diary")
    piece, client = make_shop(), Client()
    client.get("/de/de/?via=mei")
    client.get("/de/de/?via=ring-diary")
    assert bag_to_checkout(client, piece.sku).partner == "ring-diary"


@pytest.mark.parametrize("header", ["DNT", "Sec-GPC"])
def test_a_browser_that_objects_gets_no_cookie(header: str) -> None:
    make_partner("mei")
    piece, client = make_shop(), Client(headers={header: "1"})
    response = client.get("/de/de/?via=mei")
    assert "via" not in response.cookies
    assert bag_to_checkout(client, piece.sku).partner == ""


def test_a_cookie_that_was_tampered_with_counts_for_nothing() -> None:
    make_partner("mei")
    piece, client = make_shop(), Client()
    client.cookies["via"] = "mei:1:forged"
    assert bag_to_checkout(client, piece.sku).partner == ""


def test_an_unknown_code_sets_nothing() -> None:
    make_terms()
    response = Client().get("/r/unknown")
    assert (response.status_code, "via" in response.cookies) == (302, False)
    assert not ClickDay.objects.exists()


def test_a_partner_sees_their_own_and_no_shopper() -> None:
    shop = sell_three()
    mei, other = make_partner("mei"), make_partner("ring-diary")
    make_rule()
    order = buy(shop, "bao", partner="mei", email="shopper@example.com")
    theirs = buy(shop, "bao", partner="ring-diary")
    for each in (order, theirs):
        wiring.orders().fulfil(each.number, brand="bao", tracking=each.number)
    commissions.book_due(wiring.now())
    Brief.objects.create(title="Moon", text="-", created_at=wiring.now())
    hidden = Brief.objects.create(title="Only hers", text="-", created_at=wiring.now())
    hidden.partners.add(other)
    client = mei_signed_in()
    page = client.get("/desk/partner/").content.decode()
    assert order.number in page
    assert "Moon" in page
    for foreign in (theirs.number, "Only hers", "shopper@example.com", "Alice Schmidt"):
        assert foreign not in page
    statement = client.get("/desk/partner/EUR-0.csv").content.decode()
    assert order.number in statement
    assert theirs.number not in statement
    assert client.get("/desk/partner/EUR-0.pdf").content.startswith(b"%PDF")
    assert Partner.objects.get(pk=mei.pk).application.user is not None


def test_new_terms_are_accepted_on_the_own_page_by_their_version() -> None:
    make_partner("mei")
    make_terms("2026-2", published_at=wiring.now() - timedelta(minutes=1))
    client = mei_signed_in()
    assert "2026-2" in client.get("/desk/partner/").content.decode()
    client.post("/desk/partner/terms/", {"version": "2026-1"})
    assert Acceptance.objects.count() == 1
    client.post("/desk/partner/terms/", {"version": "2026-2"})
    assert Acceptance.objects.first().version == "2026-2"  # type: ignore[union-attr]


def test_content_is_accepted_only_where_the_partnership_is_disclosed() -> None:
    make_partner("mei")
    mei_signed_in().post(
        "/desk/partner/content/", {"url": "https://example.com/post", "market": "jp"}
    )
    row = Content.objects.get()
    mona = client_of(User.objects.get(is_marketer=True))
    where = f"/desk/marketing/partners/content/{row.pk}/check/"
    mona.post(where, {"accept": "1"})
    row.refresh_from_db()
    assert row.state == "handed-in"
    mona.post(where, {"accept": "1", "has_disclosure": "1"})
    row.refresh_from_db()
    assert (row.state, row.has_disclosure) == ("accepted", True)


def test_a_loan_is_out_of_stock_until_it_is_back() -> None:
    piece, mei = make_shop(), make_partner("mei")
    mona = client_of(User.objects.get(is_marketer=True))
    before = Stock.objects.get(variant=piece).quantity
    lent = {
        "lend-sku": piece.sku, "lend-serial": "S-7", "lend-insured": "9000", "lend-currency": "CNY",
        "lend-due_on": (wiring.now() + timedelta(days=14)).date().isoformat(),
    }  # fmt: skip
    for _ in range(2):  # the second finds that it is lent already
        mona.post(f"/desk/marketing/partners/{mei.pk}/lend/", lent)
    assert Stock.objects.get(variant=piece).quantity == before - 1
    loan = Loan.objects.get()
    back = {"condition": "As new", "to_stock": "1"}
    for _ in range(2):
        mona.post(f"/desk/marketing/partners/loans/{loan.pk}/return/", back)
    assert Stock.objects.get(variant=piece).quantity == before


def test_a_piece_that_a_checkout_holds_is_not_lent() -> None:
    piece, mei = make_shop(), make_partner("mei")
    Stock.objects.filter(variant=piece).update(quantity=1, reserved=1)
    today = wiring.now().date()
    with pytest.raises(OutOfStock):
        lend(mei.pk, Lending(piece.sku, "S-7", today, Money(Decimal(9), "CNY")), today)
    assert not Loan.objects.exists()


def test_an_overdue_loan_is_reminded_once(settings: pytest.FixtureRequest) -> None:
    settings.EMAIL_URL = "smtp://localhost"  # type: ignore[attr-defined]
    piece, mei = make_shop(), make_partner("mei")
    day = wiring.now().date() - timedelta(days=3)
    lend(mei.pk, Lending(piece.sku, "S-7", day, Money(Decimal(9), "CNY")), day)
    assert wiring.outbox().send_named("partner-loan") == 1
    assert wiring.outbox().send_named("partner-loan") == 0
    assert "S-7" in mail.outbox[-1].body


def test_a_marketer_releases_a_hold_with_a_reason_and_pays() -> None:
    shop, mei = sell_three(), make_partner("mei")
    make_rule()
    order = buy(shop, "bao", partner="mei")
    buy(shop, "bao", partner="mei", email="mei@example.com")
    wiring.orders().fulfil(order.number, brand="bao", tracking="SF1")
    commissions.book_due(wiring.now())
    partner_payouts.find_all_holds(wiring.now())
    mona = client_of(User.objects.get(is_marketer=True))
    page = f"/desk/marketing/partners/{mei.pk}/"
    pay = {"pay-amount": "1", "pay-currency": "EUR", "pay-reference": "B1"}
    assert "held" in mona.post(f"{page}pay/", pay, follow=True).content.decode()
    hold = PayoutHold.objects.get()
    where = f"/desk/marketing/partners/holds/{hold.pk}/release/"
    mona.post(where, {"reason": ""})
    mona.post(where, {"reason": "A gift for her aunt"})
    assert "booked" in mona.post(f"{page}pay/", pay, follow=True).content.decode()
    hold.refresh_from_db()
    assert (hold.reason, hold.released_by) == ("A gift for her aunt", mona_of())
    [released, _found] = hold.changes.all()
    assert released.pgh_context["user"] == mona_of().pk


def mona_of() -> User:
    return User.objects.get(is_marketer=True)


def test_terms_rules_and_briefs_are_written_at_the_desk() -> None:
    mona = client_of(make_marketer())
    base = "/desk/marketing/partners/"
    terms = {"version": "1", "window_days": "30", "final_after_days": "14", "text_en": "Say so."}
    assert mona.post(f"{base}terms/", terms).status_code == 200
    assert mona.post(f"{base}terms/", terms).status_code == 422
    assert Terms.objects.get().texts == {"en": "Say so."}
    rule = {"percent": "8", "borne_by": "shop", "campaign": "", "brand": "", "kind": ""}
    assert mona.post(f"{base}rules/", rule).status_code == 200
    assert mona.post(f"{base}rules/", rule).status_code == 422
    assert mona.post(f"{base}rules/", rule | {"borne_by": "brand"}).status_code == 422
    brief = {"title": "Moon", "text": "Show it.", "claims": "jp: K18\nhk: 足金"}
    assert mona.post(f"{base}briefs/", brief).status_code == 200
    assert Brief.objects.get().claims == {"jp": ["K18"], "hk": ["足金"]}
    assert mona.post(f"{base}briefs/", brief | {"claims": "xx: K18"}).status_code == 422
