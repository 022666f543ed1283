"""A programme with one partner, Mei, and orders that she sends."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from storefront_backend import wiring
from storefront_backend.accounts.models import User
from storefront_backend.campaigns.models import Partner
from storefront_backend.catalog.models import Brand
from storefront_backend.commerce.checkout import LineRequest, OpenCheckout
from storefront_backend.commerce.orders import Order
from storefront_backend.orders.models import Transaction
from storefront_backend.partners.enrolment import Applicant, apply, approve
from storefront_backend.partners.models import Application, CommissionRule, Terms
from tests.builders import make_address
from tests.storefront_backend.aftersale.three_brands import Sold


def make_terms(version: str = "2026-1", **fields: object) -> Terms:
    """Terms of yesterday: a link counts for 30 days, and a sale is final at once."""
    defaults: dict[str, object] = {
        "texts": {"en": "Disclose it."},
        "window_days": 30,
        "final_after_days": 0,
        "published_at": wiring.now() - timedelta(days=1),
    }
    return Terms.objects.create(version=version, **(defaults | fields))


def make_marketer(email: str = "mona@example.org") -> User:
    return User.objects.create_user(email, "kapok-blossom-9", is_marketer=True)


def make_partner(code: str = "mei", **fields: object) -> Partner:
    """An approved partner who has accepted the terms of today."""
    terms = Terms.objects.first() or make_terms()
    defaults: dict[str, object] = {
        "name": code.title(),
        "email": f"{code}@example.com",
        "kind": "kol",
        "channels": f"https://example.com/{code}",
        "market": "de",
        "language": "en",
    }
    assert apply(Applicant(**(defaults | fields)), terms, wiring.now())  # type: ignore[arg-type]
    row = Application.objects.get(email=f"{code}@example.com")
    marketer = User.objects.filter(is_marketer=True).first() or make_marketer()
    return approve(row.pk, code=code, by=marketer.pk, now=wiring.now())


def make_rule(rate: str = "0.10", brand: Brand | None = None, **fields: object) -> CommissionRule:
    return CommissionRule.objects.create(rate=Decimal(rate), brand=brand, **fields)


def buy(
    shop: Sold,
    brand: str,
    quantity: int = 1,
    *,
    email: str = "alice@example.com",
    code: str = "",
    street: str = "",
    **opened_with: object,
) -> Order:
    """An order of some rings of a brand, paid in the sandbox."""
    engine = wiring.checkouts()
    lines = (LineRequest(shop.variants[brand].sku, quantity),)
    opened = engine.open(OpenCheckout("de", "de", lines, **opened_with))  # type: ignore[arg-type]
    if code:
        engine.apply_code(opened.token, code)
    address = make_address("de").to_json()
    if street:
        address["street_address"] = street
    engine.set_delivery(
        opened.token,
        email=email,
        shipping=type(make_address("de")).from_json(address),
        billing=None,
        option="",
    )
    session = wiring.payment_desk().begin(
        opened.token, return_url="http://shop/{reference}", cancel_url="http://shop/"
    )
    wiring.sandbox().pay(session.provider_id)
    payment = Transaction.objects.get(provider_id=session.provider_id)
    order = wiring.payment_desk().settle(str(payment.reference))
    assert order is not None
    return order
