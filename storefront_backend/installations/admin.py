"""What an operator sees of the Saleors. Tokens are never shown."""

from django.contrib import admin

from storefront_backend.installations.models import Conflict, Installation, SaleorEvent


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
    """What the Saleors told us, newest first."""

    list_display = ("received_at", "name", "subject", "state", "problem")
    list_filter = ("state", "name")
    readonly_fields = (
        "installation", "digest", "name", "subject", "body", "state", "attempts", "problem",
        "issued_at", "received_at", "done_at",
    )  # fmt: skip


@admin.register(Conflict)
class ConflictAdmin(admin.ModelAdmin[Conflict]):
    """What both sides wrote."""

    list_display = ("subject", "field", "ours", "theirs", "kept", "seen_at", "resolved_at")
    list_filter = ("kept",)
    search_fields = ("subject",)
