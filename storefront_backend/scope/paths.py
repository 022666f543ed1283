"""How each table leads to the brand that its rows belong to.

A new model with a way to a brand has to be named here, as a brand's or as the shop's: a test
compares this list with the models, and another one with the policies in the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# By label: the lookup from the model to its brand.
BRAND_PATHS: Mapping[str, str] = MappingProxyType(
    {
        "accounts.user": "memberships__brand",
        "accounts.brandmembership": "brand",
        "accounts.invitation": "brand",
        "catalog.brand": "pk",
        "catalog.collection": "brand",
        "catalog.formerslug": "product__brand",
        "catalog.importimage": "brand",
        "catalog.importpiece": "brand",
        "catalog.importrun": "brand",
        "catalog.lowstock": "brand",
        "catalog.lowstockmail": "brand",
        "catalog.pagedraft": "brand",
        "catalog.publishedpage": "brand",
        "catalog.sheetmapping": "brand",
        "catalog.product": "brand",
        "catalog.productvariant": "brand",
        "catalog.textdraft": "brand",
        "catalog.listing": "variant__brand",
        "catalog.priceterms": "variant__brand",
        "catalog.pastprice": "listing__variant__brand",
        "catalog.stock": "variant__brand",
        "catalog.suspension": "brand",
        "models3d.model": "brand",
        "models3d.build": "model__brand",
        "models3d.asset": "build__model__brand",
        "models3d.upload": "brand",
        "photographs.photograph": "brand",
        "photographs.rendition": "photograph__brand",
        "orders.order": "lines__brand",
        "orders.orderline": "brand",
        "orders.piece": "line__brand",
        "orders.fulfillment": "brand",
        "orders.fulfillmentline": "fulfillment__brand",
        "orders.refund": "brand",
        "orders.refundline": "refund__brand",
        "orders.brandterms": "brand",
        "orders.ledgermovement": "brand",
        "orders.ledgerentry": "brand",
        "campaigns.story": "brand",
        # What was changed (storefront_backend.audit).
        "accounts.brandmembershipevent": "brand",
        "catalog.brandevent": "pgh_obj",
        "catalog.collectionevent": "brand",
        "catalog.productevent": "brand",
        "catalog.productvariantevent": "brand",
        "catalog.publishedpageevent": "brand",
        "catalog.stockevent": "variant__brand",
        "orders.orderevent": "pgh_obj__lines__brand",
        "orders.fulfillmentevent": "brand",
        "orders.refundevent": "brand",
        "orders.brandtermsevent": "brand",
        "campaigns.storyevent": "brand",
    }
)

# Models with a way to a brand that are the shop's all the same: a brand's role may not open them.
SHOP_ONLY: Mapping[str, str] = MappingProxyType(
    {
        "catalog.relisting": "a pass over the whole shop, or a brand's at an operator's wish",
        "orders.backinstocknotice": "addresses of shoppers",
        "orders.checkoutline": "what somebody may buy is theirs alone",
        "orders.reservation": "a checkout's hold on stock",
        "orders.ordermail": "letters to shoppers",
        "partners.commissionrule": "what partners earn; a brand sees its own cost in the ledger",
        "partners.commissionruleevent": "as the rule",
        "partners.attribution": "who sent an order is the shop's and the partner's",
        "partners.attributedline": "as the attribution",
        "partners.loan": "what the shop lends to partners",
        "partners.loanevent": "as the loan",
        "accounts.userevent": "what operators change of an account",
    }
)

# Read by a brand's requests, and the same for everybody.
REFERENCE_TABLES: tuple[str, ...] = (
    "catalog_marketprices",
    "catalog_rate",
    "catalog_ratetick",
    "catalog_ruling",
    "catalog_shippingmethod",
    "catalog_tariffclass",
    "catalog_warehouse",
    "django_content_type",
)
