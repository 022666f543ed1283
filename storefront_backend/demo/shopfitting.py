"""What a shop needs before its first product: rates, deliveries, a warehouse, people."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from storefront_backend.accounts.models import BrandMembership, User
from storefront_backend.campaigns.models import Campaign, Partner
from storefront_backend.catalog.models import Brand, Product, Rate, ShippingMethod, Warehouse
from storefront_backend.orders.ledger import BrandTerms

FOLDER = Path(__file__).parent
PASSWORD = "pavilion-demo"  # noqa: S105 - the demonstration's, shown in the README; never in production
OPERATOR = "operator@pavilion.example"
MARKETER, SHOPPER = PEOPLE = ("marketer@pavilion.example", "shopper@pavilion.example")
_RENEW_RATES_AFTER = timedelta(hours=12)


def put_rates(now: datetime) -> None:
    """The demonstration's rates, dated again at each start: a stale table would stop repricing."""
    newest = Rate.objects.order_by("-as_of").first()
    if newest is not None and now - newest.as_of < _RENEW_RATES_AFTER:
        return
    table = _read("rates.toml")
    Rate.objects.bulk_create(
        Rate(
            kind=kind,
            code=code,
            base=table["base"],
            value=Decimal(value),
            source=table["source"],
            licence=table["licence"],
            as_of=now,
        )
        for kind in Rate.Kind.values
        for code, value in table[kind].items()
    )


def put_deliveries(currencies: Mapping[str, str]) -> None:
    """The ways into each market; `currencies` by market code.

    A market without a row in the file gets none, and so sells nothing in the demonstration.
    """
    table = _read("delivery.toml")
    for market, currency in currencies.items():
        if market not in table["price"]:
            continue
        insured, insured_to, vault, vault_to = table["price"][market]
        for slug, price, cover in (("insured", insured, insured_to), ("vault", vault, vault_to)):
            way = table[slug]
            ShippingMethod.objects.update_or_create(
                market=market,
                slug=slug,
                defaults={
                    "names": way["names"],
                    "carrier": way["carrier"],
                    "currency": currency,
                    "price": Decimal(price),
                    "insured_up_to": Decimal(cover),
                    "min_days": way["days"][0],
                    "max_days": way["days"][1],
                },
            )


def put_warehouse() -> Warehouse:
    """Where the demonstration's pieces are stored."""
    return Warehouse.objects.get_or_create(
        slug="shenzhen", defaults={"name": "Shenzhen Luohu", "country": "CN"}
    )[0]


def put_people(brands: list[Brand]) -> None:
    """An operator, a marketer, a shopper, and an owner for each brand."""
    _person(OPERATOR, is_staff=True, is_superuser=True)
    _person(MARKETER, is_marketer=True)
    _person(SHOPPER)
    for brand in brands:
        owner = _person(f"owner@{brand.slug}.example")
        BrandMembership.objects.get_or_create(
            user=owner, brand=brand, defaults={"role": BrandMembership.Role.OWNER}
        )


def put_terms(brands: list[Brand]) -> None:
    """What the shop keeps of each brand's goods: 12 % and the 6 % tax on it, invented figures."""
    for brand in brands:
        BrandTerms.objects.get_or_create(
            brand=brand,
            defaults={"commission": Decimal("0.12"), "commission_tax": Decimal("0.06")},
        )


def put_campaign(now: datetime, markets: list[str]) -> None:
    """One running campaign over a piece of each house, and two partners who send shoppers to it."""
    campaign, new = Campaign.objects.get_or_create(
        slug="lingnan-winter",
        defaults={
            "names": {
                "en": "Lingnan winter",
                "zh-Hans": "岭南之冬",
                "zh-Hant": "嶺南之冬",
                "ja": "嶺南の冬",
                "ar": "شتاء لينغنان",
                "de": "Winter in Lingnan",
            },
            "markets": markets,
            "first_day": now.date(),
            "last_day": now.date() + timedelta(days=90),
            "scheduled_at": now,
        },
    )
    if new:
        firsts = Product.objects.order_by("brand_id", "code").distinct("brand_id")
        campaign.products.set(firsts)
    for code, name, kind in (
        ("mei-in-milan", "Mei in Milan", Partner.Kind.KOL),
        ("ring-diary", "The Ring Diary", Partner.Kind.KOC),
    ):
        Partner.objects.get_or_create(
            code=code, defaults={"name": name, "kind": kind, "campaign": campaign}
        )


def _person(email: str, **rights: bool) -> User:
    user = User.objects.filter(email=email).first()
    return user or User.objects.create_user(email, PASSWORD, **rights)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))
