"""What an operator sees of the Saleors. Tokens are never shown."""

from django.contrib import admin

from storefront_backend.saleor_rows.models import (
    Conflict,
    Installation,
    Intake,
    PaymentNews,
    SaleorEvent,
    SaleorSale,
)


@admin.register(Installation)
class InstallationAdmin(admin.ModelAdmin[Installation]):
    """Read only: an installation is made in the Saleor Dashboard."""

    list_display = ("api_url", "state", "version", "confirmed_at")
    list_filter = ("state",)
    exclude = ("sealed_token", "keys")
    readonly_fields = (
        "api_url", "app_id", "state", "keys_fetched_at", "version", "permissions", "cursor",
        "created_at", "confirmed_at",
    )  # fmt: skip


@admin.register(SaleorEvent)
class SaleorEventAdmin(admin.ModelAdmin[SaleorEvent]):
    """Events received from Saleors, newest first."""

    list_display = ("received_at", "name", "subject", "state", "problem")
    list_filter = ("state", "name")
    readonly_fields = (
        "api_url", "digest", "name", "subject", "body", "state", "attempts", "problem",
        "issued_at", "received_at", "done_at",
    )  # fmt: skip


@admin.register(Conflict)
class ConflictAdmin(admin.ModelAdmin[Conflict]):
    """What both sides wrote."""

    list_display = ("subject", "field", "ours", "theirs", "kept", "seen_at", "resolved_at")
    list_filter = ("kept",)
    search_fields = ("subject",)


@admin.register(Intake)
class IntakeAdmin(admin.ModelAdmin[Intake]):
    """What was taken in from a Saleor, and what it still lacks: read only, `saleor_pull` writes."""

    list_display = ("slug", "api_url", "waits_for", "taken_at", "seen_at")
    search_fields = ("slug",)
    readonly_fields = (
        "api_url", "product_id", "slug", "names", "media", "waiting", "problems", "taken_at",
        "seen_at",
    )  # fmt: skip

    @admin.display(description="waits for")
    def waits_for(self, row: Intake) -> str:
        """The codes of what its variants lack."""
        return ", ".join(sorted({code for codes in row.waiting.values() for code in codes}))


@admin.register(SaleorSale)
class SaleorSaleAdmin(admin.ModelAdmin[SaleorSale]):
    """Sales as they are in a Saleor: read only."""

    list_display = ("order_number", "state", "currency", "total", "problem", "money_apart")
    list_filter = ("state",)
    search_fields = ("order_number", "token")
    readonly_fields = (
        "api_url", "token", "checkout_id", "content", "currency", "total", "state",
        "order_id", "order_number", "transaction_id", "seen_at", "agreed_at", "problem",
        "money_apart",
    )  # fmt: skip


@admin.register(PaymentNews)
class PaymentNewsAdmin(admin.ModelAdmin[PaymentNews]):
    """News for Saleor of payments that it began itself: read only."""

    list_display = ("received_at", "kind", "amount", "currency", "state", "attempts", "problem")
    list_filter = ("state", "kind")
    search_fields = ("reference", "event_id")
    readonly_fields = (
        "event_id", "kind", "reference", "provider_id", "amount", "currency", "reason",
        "occurred_at", "state", "attempts", "problem", "received_at", "updated_at",
    )  # fmt: skip
