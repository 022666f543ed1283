"""Orders in the operator's admin: read, never edited by hand, since an order is a record."""

import json

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.html import format_html

from storefront_backend.orders.models import (
    BackInStockNotice,
    BrandTerms,
    Checkout,
    Fulfillment,
    LedgerEntry,
    LedgerMovement,
    Order,
    OrderLine,
    OrderMail,
    Piece,
    PromoCode,
    Refund,
    RefundLine,
    Transaction,
    TransactionEvent,
    TransactionRequest,
)


class ReadOnlyAdmin(admin.ModelAdmin[Model]):
    """Shows rows and changes none."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    """Orders, newest first."""

    list_display = ("number", "state", "flag", "market", "email", "total", "currency", "created_at")
    list_filter = ("state", "flag", "market")
    search_fields = ("number", "email")
    exclude = ("rates",)
    readonly_fields = ("made_with",)

    @admin.display(description="rates and rulebook")
    def made_with(self, order: Order) -> str:
        """What the price was made with, as JSON that a person can read."""
        return format_html("<pre>{}</pre>", json.dumps(order.rates, indent=1, sort_keys=True))


@admin.register(Transaction)
class TransactionAdmin(ReadOnlyAdmin):
    """Payments, newest first."""

    list_display = ("reference", "provider", "state", "dispute", "amount", "currency", "created_at")
    list_filter = ("provider", "state", "dispute")
    search_fields = ("reference", "provider_id")


@admin.register(PromoCode)
class PromoCodeAdmin(admin.ModelAdmin[Model]):
    """Codes, with how often they were used."""

    list_display = ("code", "kind", "value", "currency", "used", "usage_limit", "is_active")
    readonly_fields = ("used",)


@admin.register(BrandTerms)
class BrandTermsAdmin(admin.ModelAdmin[Model]):
    """What the shop keeps of each brand's goods; existing orders keep theirs."""

    list_display = ("brand", "commission", "commission_tax")


@admin.register(Piece)
class PieceAdmin(admin.ModelAdmin[Model]):
    """Pieces with serial numbers."""

    list_display = ("serial", "variant", "warehouse", "line")
    search_fields = ("serial", "variant__sku")
    raw_id_fields = ("variant", "line")


_RECORDS: tuple[type[Model], ...] = (
    Checkout,
    OrderLine,
    Fulfillment,
    Refund,
    RefundLine,
    LedgerMovement,
    LedgerEntry,
    BackInStockNotice,
    OrderMail,
    TransactionEvent,
    TransactionRequest,
)
admin.site.register(_RECORDS, ReadOnlyAdmin)
