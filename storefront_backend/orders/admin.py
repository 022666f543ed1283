"""Orders in the operator's admin: read, never edited by hand, since an order is a record."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from storefront_backend.orders.models import (
    Checkout,
    Fulfillment,
    Order,
    OrderLine,
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


@admin.register(Transaction)
class TransactionAdmin(ReadOnlyAdmin):
    """Payments, newest first."""

    list_display = (
        "reference",
        "provider",
        "state",
        "dispute",
        "amount",
        "currency",
        "created_at",
    )
    list_filter = ("provider", "state", "dispute")
    search_fields = ("reference", "provider_id")


_RECORDS: tuple[type[Model], ...] = (
    Checkout,
    OrderLine,
    Fulfillment,
    TransactionEvent,
    TransactionRequest,
)
admin.site.register(_RECORDS, ReadOnlyAdmin)
