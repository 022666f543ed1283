"""What we ask of a Saleor that installs us: permissions, webhooks, a place in its Dashboard.

A webhook is one row of WEBHOOKS and one subscription under operations/webhooks/. Its address ends
in the row's name, `/saleor/webhooks/<name>`, where webhooks/saleor.py looks up who handles it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from storefront_backend.saleor.documents import document

APP_ID = "pavilion"
APP_VERSION = "1.0.0"
OLDEST_SALEOR = "3.22"

PERMISSIONS = (
    "MANAGE_PRODUCTS",
    "MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES",
    "MANAGE_PAGES",
    "MANAGE_PAGE_TYPES_AND_ATTRIBUTES",
    "MANAGE_TRANSLATIONS",
    "MANAGE_CHANNELS",
    "MANAGE_SHIPPING",
    "MANAGE_TAXES",
    "MANAGE_SETTINGS",
    "MANAGE_ORDERS",
    "MANAGE_CHECKOUTS",
    "HANDLE_CHECKOUTS",
    "HANDLE_TAXES",
    "HANDLE_PAYMENTS",
    "MANAGE_DISCOUNTS",
)


@dataclass(frozen=True, slots=True)
class Webhook:
    """`name` is the subscription's file and the end of the address; sync events wait for us."""

    name: str
    async_events: tuple[str, ...] = ()
    sync_events: tuple[str, ...] = ()


WEBHOOKS = (
    Webhook("products", async_events=("PRODUCT_CREATED", "PRODUCT_UPDATED", "PRODUCT_DELETED")),
    Webhook("translations", async_events=("TRANSLATION_CREATED", "TRANSLATION_UPDATED")),
    Webhook("stock", async_events=("PRODUCT_VARIANT_STOCK_UPDATED",)),
    Webhook(
        "orders",
        async_events=(
            "ORDER_CREATED",
            "ORDER_UPDATED",
            "ORDER_FULFILLED",
            "ORDER_CANCELLED",
            "ORDER_FULLY_PAID",
            "ORDER_REFUNDED",
        ),
    ),
    Webhook("taxes", sync_events=("CHECKOUT_CALCULATE_TAXES", "ORDER_CALCULATE_TAXES")),
    Webhook("shipping", sync_events=("SHIPPING_LIST_METHODS_FOR_CHECKOUT",)),
    Webhook(
        "payments",
        sync_events=(
            "PAYMENT_GATEWAY_INITIALIZE_SESSION",
            "TRANSACTION_INITIALIZE_SESSION",
            "TRANSACTION_PROCESS_SESSION",
        ),
    ),
    Webhook(
        "payment_requests",
        sync_events=(
            "TRANSACTION_CHARGE_REQUESTED",
            "TRANSACTION_REFUND_REQUESTED",
            "TRANSACTION_CANCELATION_REQUESTED",
        ),
    ),
)


def manifest(public_url: str, webhook_url: str) -> dict[str, Any]:
    """The app's manifest, for a shop at that address, with its webhooks at the other (no slash at
    the end of either)."""
    base = f"{public_url}/saleor"
    return {
        "id": APP_ID,
        "version": APP_VERSION,
        "name": "Pavilion",
        "about": "Jewellery brands abroad: 3D and AR, passports, the full landed cost.",
        "author": "Pavilion",
        "permissions": list(PERMISSIONS),
        "requiredSaleorVersion": f">={OLDEST_SALEOR} <4",
        "appUrl": f"{base}/panel",
        "tokenTargetUrl": f"{base}/register",
        "homepageUrl": public_url,
        "supportUrl": public_url,
        "dataPrivacyUrl": public_url,
        "extensions": [
            {
                "label": "Pavilion",
                "identifier": "product-panel",
                "mount": "PRODUCT_DETAILS_WIDGETS",
                "target": "WIDGET",
                "permissions": ["MANAGE_PRODUCTS"],
                "url": f"{base}/panel/product",
                "options": {"widgetTarget": {"method": "GET"}},
            }
        ],
        "webhooks": [
            {
                "name": f"Pavilion {webhook.name}",
                "identifier": f"pavilion-{webhook.name}",
                "targetUrl": f"{webhook_url}/saleor/webhooks/{webhook.name}",
                "query": document(f"webhooks/{webhook.name}").text,
                "asyncEvents": list(webhook.async_events),
                "syncEvents": list(webhook.sync_events),
                "isActive": True,
            }
            for webhook in WEBHOOKS
        ],
    }
