"""Every address and every field of the API: whose it is, and that it shows no other brand's rows.

A new route is either in one of the lists below, with the reason why it needs no brand, or it is a
brand's: then it enters a scope, and alice (owner), bob (member) and charlie (another brand's owner)
try it with a row of alice's brand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from i18n.money import Money
from storefront_backend import wiring
from storefront_backend.accounts.models import BrandMembership, Invitation, User
from storefront_backend.accounts.rights import allows
from storefront_backend.api.schema import schema
from storefront_backend.background.models import Failure
from storefront_backend.campaigns.models import Campaign, Partner
from storefront_backend.catalog.import_runs import ImportRun
from storefront_backend.catalog.models import (
    Brand,
    ProductVariant,
    RateTick,
    ShippingMethod,
    Warehouse,
)
from storefront_backend.commerce import ledger
from storefront_backend.models3d.models import Build, Model, Upload
from storefront_backend.orders.models import LedgerMovement, Transaction
from storefront_backend.partners.models import (
    Brief,
    CommissionRule,
    Content,
    Loan,
    PayoutHold,
)
from storefront_backend.photographs.models import Photograph
from storefront_backend.pricing.sheet_import import ImportOptions
from storefront_backend.saleor_rows.models import Conflict, SaleorEvent
from storefront_backend.selling.ledger import write
from storefront_backend.storage.keys import SOURCE_TYPE
from tests.builders import NOW, make_brand, make_product, make_variant
from tests.storefront_backend.aftersale.three_brands import Sold, sell_three
from tests.storefront_backend.partners.build import make_partner, make_rule

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_sandbox")]

# What needs no brand, by the start of the route, and why.
OPEN = {
    "<market:market>/<language:language>/": "pages for shoppers; orders and checkouts by token",
    "sign-in/": "leads to a market's page",
    "r/<slug:code>": "counts a click, and leads to a market's page",
    "robots.txt": "public",
    "sitemap": "public",
    "assets/": "public files, or a signed address",
    "uploads/<uuid:upload_id>/<int:number>": "a part, by an address that the store has signed",
    "graphql/": "walked field by field below",
    "webhooks/": "signed by the payment provider",
    "saleor/": "signed by Saleor",
    "pay/sandbox/": "replaces the provider's page",
    "health/": "says nothing of any brand",
    "admin/": "operators, with Django's own rights",
    "desk/": "chooses among one's own brands",
    "desk/language/": "a cookie",
    "desk/sign-in/": "signing in",
    "desk/sign-out/": "signing out",
    "desk/account/": "one's own account",
    "desk/invitation/": "a person's, by the token in their mail",
}
# Both test the membership themselves, since an operator may use them for any brand.
BY_NUMBER = {"papers/<slug:kind>/<slug:number>.pdf"}


@dataclass(frozen=True)
class Way:
    """A route with the view behind it."""

    route: str
    name: str
    view: Any

    @property
    def scoped(self) -> bool:
        return getattr(self.view, "scoped", False)

    @property
    def operators(self) -> bool:
        return getattr(self.view, "operators", False)

    @property
    def marketers(self) -> bool:
        return getattr(self.view, "marketers", False)

    @property
    def partners(self) -> bool:
        return getattr(self.view, "partners", False)


def ways() -> Iterator[Way]:
    def below(patterns: list[URLPattern | URLResolver], route: str, space: str) -> Iterator[Way]:
        for each in patterns:
            here = route + str(each.pattern)
            if isinstance(each, URLResolver):
                inner = f"{space}{each.namespace}:" if each.namespace else space
                yield from below(each.url_patterns, here, inner)
            else:
                yield Way(here, f"{space}{each.name}", each.callback)

    yield from below(get_resolver().url_patterns, "", "")


WAYS = list(ways())
SCOPED = [way for way in WAYS if way.scoped]
OPERATORS = [way for way in WAYS if way.operators]
MARKETERS = [way for way in WAYS if way.marketers]
PARTNERS = [way for way in WAYS if way.partners]


def _is_open(way: Way) -> bool:
    starts = any(way.route.startswith(start) for start in OPEN if start != "desk/")
    return starts or way.route in ("", "desk/")


def _is_guarded(way: Way) -> bool:
    return way.scoped or way.operators or way.marketers or way.partners


def test_every_route_is_open_for_a_reason_or_scoped() -> None:
    bare = [way.route for way in WAYS if not (_is_guarded(way) or _is_open(way))]
    # Give a new one a scope (desk.brand.seat, api.desk.access), a right (desk.operator.seat,
    # desk.marketing.seat), or say above why it needs none.
    assert set(bare) == BY_NUMBER


@dataclass(frozen=True)
class Rows:
    """Rows of alice's brand, as arguments of routes."""

    sold: Sold
    brand: Brand

    def arguments(self, way: Way) -> dict[str, Any]:
        variant = self.sold.variants[self.brand.slug]
        product = variant.product
        model, _ = Model.objects.get_or_create(
            product=product, defaults={"brand": self.brand, "source_bytes": 1, "source_key": "-"}
        )
        build, _ = Build.objects.get_or_create(model=model, input_key="-", state="done")
        upload, _ = Upload.objects.get_or_create(
            brand=self.brand,
            product=product,
            name="ring.stl",
            bytes=10,
            part_bytes=10,
            expires_at=NOW,
        )
        sheet = BytesIO(b"sku,grams\nR-1,3.2\n")
        run, _ = ImportRun.objects.get_or_create(
            brand=self.brand,
            name="rings.csv",
            bytes=10,
            sha256="-",
            source_key=wiring.assets().put(sheet, media_type=SOURCE_TYPE, public=False),
            options=ImportOptions().to_json(),
        )
        invitation, _ = Invitation.objects.get_or_create(
            brand=self.brand,
            email="new@example.org",
            revoked_at=None,
            defaults={"created_at": NOW, "expires_at": NOW, "role": "reader"},
        )
        colleague, _ = User.objects.get_or_create(email="colleague@example.org")
        BrandMembership.objects.get_or_create(brand=self.brand, user=colleague)
        photograph, _ = Photograph.objects.get_or_create(
            brand=self.brand, product=product, source_name="front.jpg", source_key="-"
        )
        picture, _ = Photograph.objects.get_or_create(
            brand=self.brand, product=None, source_name="house.jpg", source_key="-"
        )
        paid = ledger.payout("payout walk", self.brand.slug, Money(Decimal(1), "EUR"))
        write(paid, self.brand, None, NOW)
        known = {
            "payout_id": LedgerMovement.objects.get(key=paid.key).pk,
            "photograph_id": photograph.pk,
            "picture_id": picture.pk,
            "brand": self.brand.slug,
            "code": product.code,
            "number": self.sold.order.number,
            "piece_id": product.pk,
            "variant_id": variant.pk,
            "build_id": build.pk,
            "upload_id": upload.pk,
            "run_id": run.pk,
            "invitation_id": invitation.pk,
            "user_id": colleague.pk,
            **_operators_rows(self.brand),
            **_partners_rows(variant),
        }
        wanted = {name for name in known if f":{name}>" in way.route}
        unknown = way.route.count("<") - len(wanted)
        assert not unknown, f"{way.route} takes an argument that this test makes no row for"
        return {name: known[name] for name in wanted}


def _operators_rows(brand: Brand) -> dict[str, Any]:
    """What the shop's own desk takes."""
    failure, _ = Failure.objects.get_or_create(
        kind="mail:order", item="7", defaults={"first_at": NOW, "last_at": NOW}
    )
    event, _ = SaleorEvent.objects.get_or_create(
        api_url="-", digest="-", defaults={"name": "stock", "body": {}, "issued_at": NOW}
    )
    conflict, _ = Conflict.objects.get_or_create(api_url="-", subject="ring", field="name")
    taken = RateTick.objects.earliest("pk")  # the sale was made with it
    tick, _ = RateTick.objects.get_or_create(
        version="v", defaults={"rates": taken.rates, "seen_at": NOW, "state": "held"}
    )
    return {
        "campaign_id": _campaign().pk,
        "slug": brand.slug,
        "market": "de",
        "reference": Transaction.objects.latest("pk").reference,
        "tick_id": tick.pk,
        "failure_id": failure.pk,
        "event_id": event.pk,
        "conflict_id": conflict.pk,
        "delivery_id": ShippingMethod.objects.earliest("pk").pk,
        "warehouse_id": Warehouse.objects.earliest("pk").pk,
    }


def _campaign() -> Campaign:
    day = NOW.date()
    return Campaign.objects.get_or_create(
        slug="moon", defaults={"markets": ["hk"], "first_day": day, "last_day": day}
    )[0]


def _partners_rows(variant: ProductVariant) -> dict[str, Any]:
    """What pages about partners take."""
    partner = Partner.objects.filter(code="mei").first() or make_partner("mei")
    rule = CommissionRule.objects.first() or make_rule("0.1")
    brief, _ = Brief.objects.get_or_create(title="Moon", defaults={"created_at": NOW})
    hold, _ = PayoutHold.objects.get_or_create(
        partner=partner, signal="self-purchase", subject="1", defaults={"found_at": NOW}
    )
    content, _ = Content.objects.get_or_create(
        partner=partner, url="https://example.com/1", defaults={"market": "de", "handed_in_at": NOW}
    )
    loan = Loan.objects.first() or Loan.objects.create(
        partner=partner, variant=variant, serial="7", lent_on=NOW, due_on=NOW, insured=1,
        currency="EUR",
    )  # fmt: skip
    paid = ledger.partner_payout("partner-payout walk", Money(Decimal(1), "EUR"))
    write(paid, None, None, NOW, partner=partner)
    return {
        "partner_id": partner.pk,
        "application_id": partner.application.pk,
        "rule_id": rule.pk,
        "brief_id": brief.pk,
        "hold_id": hold.pk,
        "content_id": content.pk,
        "loan_id": loan.pk,
        "currency": "EUR",
        "payout": LedgerMovement.objects.get(key=paid.key).pk,
        "kind": "csv",
    }


@pytest.fixture
def rows() -> Rows:
    sold = sell_three()
    return Rows(sold, Brand.objects.get(slug="bao"))


def signed_in(name: str, brand: Brand, role: str, **fields: bool) -> Client:
    user = User.objects.create_user(f"{name}@example.org", "kapok-blossom-9", **fields)
    BrandMembership.objects.create(user=user, brand=brand, role=role)
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def address(way: Way, rows: Rows) -> str:
    return reverse(way.name, kwargs=rows.arguments(way))


def tried(client: Client, where: str, method: str) -> int:
    return client.generic(method, where, b"{}", content_type="application/json").status_code


def tried_everywhere(client: Client, rows: Rows) -> dict[str, dict[str, int]]:
    """The answers at every brand's route, by route and method."""
    return {
        way.route: {
            method: tried(client, address(way, rows), method)
            for method in ("GET", "POST", "DELETE")
        }
        for way in SCOPED
    }


def test_an_outsider_finds_nothing_at_a_brands_routes(rows: Rows) -> None:
    charlie = signed_in("charlie", Brand.objects.get(slug="canton"), "owner")
    answers = tried_everywhere(charlie, rows)
    assert len(answers) >= 20
    for route, codes in answers.items():
        assert set(codes.values()) <= {404, 405}, route
        assert 404 in codes.values(), route


def test_nobody_enters_a_brands_routes_without_signing_in(rows: Rows) -> None:
    for route, codes in tried_everywhere(Client(), rows).items():
        assert set(codes.values()) <= {302, 401, 405}, route
    for way in (*OPERATORS, *MARKETERS):
        assert tried(Client(), address(way, rows), "GET") in (302, 405), way.route


@pytest.mark.parametrize("role", ["owner", "member"])
def test_the_shops_own_desks_are_not_there_for_a_brands_people(role: str, rows: Rows) -> None:
    assert len(OPERATORS) >= 10
    for person in (
        signed_in("alice", rows.brand, role),
        signed_in("charlie", Brand.objects.get(slug="canton"), role),
    ):
        for way in (*OPERATORS, *MARKETERS):
            codes = {tried(person, address(way, rows), method) for method in ("GET", "POST")}
            assert codes <= {404, 405}, way.route
            assert 404 in codes, way.route


def test_an_operator_without_rights_opens_the_first_page_alone(rows: Rows) -> None:
    olga = signed_in("olga", rows.brand, "reader", is_staff=True)
    ways_of_the_shop = (*OPERATORS, *MARKETERS)
    opened = {way.name for way in ways_of_the_shop if tried(olga, address(way, rows), "GET") < 400}
    assert opened == {"operator-desk:overview", "operator-desk:language"}


def test_an_operator_with_every_right_enters(rows: Rows) -> None:
    olga = signed_in("olga", rows.brand, "reader", is_staff=True, is_superuser=True)
    for way in OPERATORS:
        codes = {tried(olga, address(way, rows), method) for method in ("GET", "POST")}
        assert not codes & {401, 403, 404, 500}, way.route


def marta() -> Client:
    """A marketer."""
    user = User.objects.create_user("marta@example.org", "kapok-blossom-9", is_marketer=True)
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def test_a_marketer_enters_the_marketing_desk_alone(rows: Rows) -> None:
    client = marta()
    for way in MARKETERS:
        codes = {tried(client, address(way, rows), method) for method in ("GET", "POST")}
        assert not codes & {401, 403, 404, 500}, way.route
    for way in (*OPERATORS, *SCOPED):
        assert tried(client, address(way, rows), "GET") in (404, 405), way.route


@pytest.mark.parametrize("role", ["owner", "member"])
def test_a_brands_own_people_enter(role: str, rows: Rows) -> None:
    alice = signed_in("alice", rows.brand, role)
    for way in SCOPED:
        where = address(way, rows)
        codes = {tried(alice, where, method) for method in ("GET", "POST")}
        act = getattr(way.view, "act", None)
        if act is None or allows(role, act):
            assert not codes & {401, 403, 404, 500}, way.route
        else:
            assert codes <= {403, 405}, way.route


def test_a_suspended_account_enters_nowhere(rows: Rows) -> None:
    dora = signed_in("dora", rows.brand, "owner")
    User.objects.update(is_active=False)
    for route, codes in tried_everywhere(dora, rows).items():
        assert set(codes.values()) <= {302, 401, 404, 405}, route


def test_partners_pages_are_there_for_marketers_and_the_partner_alone(rows: Rows) -> None:
    assert len(MARKETERS) >= 10
    assert len(PARTNERS) >= 4
    charlie = signed_in("charlie", rows.brand, "owner")
    marketer = signed_in("mona", rows.brand, "reader", is_marketer=True)
    for way in (*MARKETERS, *PARTNERS):
        where = address(way, rows)
        assert tried(Client(), where, "GET") in (302, 405), way.route
        assert {tried(charlie, where, method) for method in ("GET", "POST")} <= {404, 405}
        codes = {tried(marketer, where, method) for method in ("GET", "POST")}
        if way.marketers:
            assert not codes & {401, 403, 404, 500}, way.route
        else:
            assert codes <= {404, 405}, way.route


# Every field of the API, and what opens it.
FIELDS = {
    "channels": "public",
    "products": "public",
    "product": "public",
    "brands": "public",
    "landedCost": "public",
    "checkout": "its token",
    "order": "its token",
    "orders": "the account that is signed in",
}


def test_every_field_of_the_api_says_what_opens_it() -> None:
    query = schema.graphql_schema.query_type
    assert query is not None
    assert set(query.fields) == set(FIELDS)


def test_every_mutation_names_a_checkout_or_nothing_of_anybodys() -> None:
    mutation = schema.graphql_schema.mutation_type
    assert mutation is not None
    alone = {"checkoutCreate", "backInStockNoticeCreate"}  # begin something of one's own
    for name, field in mutation.fields.items():
        taken = {"token", "reference", "checkout", "transaction"} & set(field.args)
        given = field.args.get("input")
        inside = (
            set(getattr(getattr(given.type, "of_type", given.type), "fields", ()))
            if given
            else set()
        )
        assert name in alone or taken or inside & {"token", "reference"}, name


def test_orders_of_the_api_are_ones_own(rows: Rows) -> None:
    erin = User.objects.create_user("erin@example.org", "kapok-blossom-9")
    client = Client()
    client.force_login(erin)
    ask = {"query": "{ orders { edges { node { number } } } }"}
    said = client.post("/graphql/", ask, content_type="application/json").json()
    assert said["data"]["orders"]["edges"] == []


@pytest.mark.parametrize("field", ["order", "checkout"])
def test_a_number_or_a_guess_opens_nothing_in_the_api(field: str, rows: Rows) -> None:
    inner = "number" if field == "order" else "token"
    for guess in (rows.sold.order.number, "00000000-0000-0000-0000-000000000000"):
        ask = {"query": f'{{ {field}(token: "{guess}") {{ {inner} }} }}'}
        said = Client().post("/graphql/", ask, content_type="application/json").json()
        assert said["data"][field] is None


def test_a_paper_of_another_brand_is_not_there(rows: Rows) -> None:
    parcel = next(each for each in rows.sold.order.fulfillments if each.brand == "bao")
    where = f"/papers/packing-list/{parcel.number}.pdf"
    charlie = signed_in("charlie", Brand.objects.get(slug="canton"), "owner")
    assert charlie.get(where).status_code == 404
    assert signed_in("alice", rows.brand, "reader").get(where).status_code != 404


def test_pieces_of_a_second_brand_stay_its_own(rows: Rows) -> None:
    theirs = make_variant(make_product(make_brand("drake")))
    alice = signed_in("alice", rows.brand, "owner")
    page = alice.get("/desk/brand/bao/pieces/", {"search": theirs.sku}).content.decode()
    assert theirs.product.code not in page.split('class="board"')[-1]
