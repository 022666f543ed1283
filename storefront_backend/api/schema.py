"""The schema: what shoppers' apps may ask and do. Its SDL is kept in schema.graphql beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import graphene
from django.conf import settings
from graphql import GraphQLError

from i18n.errors import I18nError
from i18n.landed_cost import LandedCost as Cost
from i18n.landed_cost import SupplyLine
from i18n.locales import LANGUAGES, language
from i18n.money import Money as Amount
from storefront_backend import wiring
from storefront_backend.api import money as api_money
from storefront_backend.api import products as shelf
from storefront_backend.api.checkouts import Checkout, Mutations
from storefront_backend.api.money import LandedCost
from storefront_backend.api.orders import Order, OrderConnection, orders_of
from storefront_backend.api.products import Product, ProductConnection, ProductFilter
from storefront_backend.catalog.queries import brand_cards
from storefront_backend.catalog.reading import Wanted
from storefront_backend.commerce.errors import CommerceError, NotFound
from storefront_backend.commerce.landed import Parcel


class Channel(graphene.ObjectType):
    """A market that the shop sells in."""

    slug = graphene.String(required=True)
    name = graphene.String(required=True)
    country = graphene.String(required=True)
    currency_code = graphene.String(required=True)
    languages = graphene.List(graphene.NonNull(graphene.String), required=True)


class BrandCard(graphene.ObjectType):
    """A house in a few words."""

    slug = graphene.String(required=True)
    name = graphene.String(required=True)
    tagline = graphene.String(required=True)
    city = graphene.String(required=True)
    founded = graphene.Int()


_CHANNEL: dict[str, Any] = {
    "channel": graphene.String(required=True),
    "language_code": graphene.String(default_value="en"),
}


class Query(graphene.ObjectType):
    """The shop, read."""

    channels = graphene.List(graphene.NonNull(Channel), required=True)
    products = graphene.Field(
        ProductConnection,
        required=True,
        first=graphene.Int(),
        after=graphene.String(),
        filter=ProductFilter(),
        sort_by=graphene.String(default_value="newest"),
        **_CHANNEL,
    )
    product = graphene.Field(Product, slug=graphene.String(required=True), **_CHANNEL)
    brands = graphene.List(graphene.NonNull(BrandCard), required=True, **_CHANNEL)
    checkout = graphene.Field(Checkout, token=graphene.String(required=True))
    order = graphene.Field(
        Order, token=graphene.String(required=True), description="By the shopper's token."
    )
    orders = graphene.Field(
        OrderConnection,
        required=True,
        first=graphene.Int(default_value=20),
        after=graphene.String(),
        description="Of the account that is signed in.",
    )
    landed_cost = graphene.Field(
        LandedCost,
        required=True,
        channel=graphene.String(required=True),
        hs=graphene.String(required=True),
        origin=graphene.String(required=True),
        goods=api_money.Decimal(required=True),
        shipping=api_money.Decimal(default_value=Decimal(0)),
        insurance=api_money.Decimal(default_value=Decimal(0)),
        quantity=graphene.Int(default_value=1),
        region=graphene.String(default_value="", description="ISO 3166-2: CA-ON"),
        ship_from=graphene.String(default_value="CN"),
        terms=graphene.String(
            default_value="DDP", description="DDP, or DAP: duty and tax are paid at the door."
        ),
        certificates=graphene.List(
            graphene.NonNull(graphene.String),
            default_value=(),
            description="Agreements with a proof of origin: ChAFTA.",
        ),
        metal=graphene.String(default_value=""),
        fineness=graphene.Int(default_value=0),
        metal_grams=api_money.Decimal(default_value=Decimal(0)),
        on=graphene.Date(),
    )

    @staticmethod
    def resolve_channels(_: Any, __: Any) -> list[dict[str, Any]]:
        """The markets of this shop."""
        book = wiring.rulebook()
        markets = [book.market(code).market for code in settings.MARKETS]
        return [
            {
                "slug": market.code,
                "name": market.name,
                "country": market.country,
                "currency_code": market.currency,
                "languages": list(market.languages),
            }
            for market in markets
        ]

    @staticmethod
    def resolve_products(
        _: Any,
        __: Any,
        channel: str,
        language_code: str,
        sort_by: str,
        first: int | None = None,
        after: str | None = None,
        filter: dict[str, str] | None = None,
    ) -> dict[str, object]:
        """A list."""
        market, spoken = _place(channel, language_code)
        narrowed = filter or {}
        wanted = Wanted(
            market,
            spoken,
            kind=narrowed.get("product_type", ""),
            brand=narrowed.get("brand", ""),
            alloy=narrowed.get("alloy", ""),
            text=narrowed.get("search", ""),
            sort=sort_by,
            size=first or 20,
        )
        return _with_graphql_errors(lambda: shelf.products(wanted, first or 20, after))

    @staticmethod
    def resolve_product(_: Any, __: Any, slug: str, channel: str, language_code: str) -> Any:
        """One product."""
        return shelf.product(slug, *_place(channel, language_code))

    @staticmethod
    def resolve_brands(_: Any, __: Any, channel: str, language_code: str) -> Any:
        """The houses with something live."""
        return brand_cards(*_place(channel, language_code))

    @staticmethod
    def resolve_checkout(_: Any, __: Any, token: str) -> Any:
        """The checkout of a token; null where there is none."""
        try:
            return wiring.checkouts().get(token)
        except NotFound:
            return None

    @staticmethod
    def resolve_order(_: Any, __: Any, token: str) -> Any:
        """The order of a token; a number is no key here, since numbers can be guessed."""
        if token.isdigit():
            return None
        try:
            return wiring.orders().get(token)
        except NotFound:
            return None

    @staticmethod
    def resolve_orders(_: Any, info: Any, first: int, after: str | None = None) -> Any:
        """The signed-in shopper's own. Other sites can send a cookie here, but not read answers."""
        user = info.context.user
        return _with_graphql_errors(
            lambda: orders_of(user.pk if user.is_authenticated else None, first, after)
        )

    @staticmethod
    def resolve_landed_cost(_: Any, __: Any, channel: str, **given: Any) -> Cost:
        """A landed cost of one line, each part with its rule and source; refused with its rule."""
        market, _language = _place(channel, "en")
        currency = wiring.rulebook().market(market).market.currency
        on: date = given.get("on") or wiring.now().date()
        if given["terms"] not in ("DDP", "DAP"):
            raise GraphQLError(
                f"There are no terms {given['terms']!r}; use DDP or DAP",
                extensions={"code": "invalid", "field": "terms"},
            )
        return _with_graphql_errors(
            lambda: wiring.landed_costs().of(
                Parcel(
                    market=market,
                    lines=(
                        SupplyLine(
                            id="1",
                            hs_code=given["hs"].replace(".", ""),
                            origin=given["origin"].upper(),
                            goods=Amount(given["goods"], currency),
                            metal=given["metal"],
                            fineness=given["fineness"],
                            metal_grams=given["metal_grams"],
                            quantity=given["quantity"],
                            certificates=frozenset(given["certificates"]),
                        ),
                    ),
                    shipping=Amount(given["shipping"], currency),
                    region=given["region"],
                    ship_from=given["ship_from"].upper(),
                    insurance=Amount(given["insurance"], currency),
                    terms=given["terms"],
                ),
                on,
            )
        )


def _place(channel: str, language_code: str) -> tuple[str, str]:
    if channel not in settings.MARKETS:
        raise GraphQLError(
            f"There is no channel {channel!r}",
            extensions={"code": "unknown_channel", "channels": settings.MARKETS},
        )
    try:
        return channel, language(language_code).code
    except I18nError as error:
        raise GraphQLError(
            error.message, extensions={"code": error.code, "languages": list(LANGUAGES)}
        ) from error


def _with_graphql_errors[T](call: Callable[[], T]) -> T:
    """The answer, with our errors as GraphQL's: the code where a program finds it."""
    try:
        return call()
    except (CommerceError, I18nError) as error:
        extensions = {"code": error.code, "field": getattr(error, "field", "")}
        if rule := getattr(error, "rule", ""):
            extensions["rule"] = rule
        if hint := getattr(error, "hint", ""):
            extensions["hint"] = hint
        raise GraphQLError(error.message, extensions=extensions) from error
    except ValueError as error:
        raise GraphQLError(str(error), extensions={"code": "invalid"}) from error


schema = graphene.Schema(query=Query, mutation=Mutations)
