"""What failed in the background, and what is set aside: inspect, retry, discard."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from storefront_backend.background import failed_jobs
from storefront_backend.background.models import Failure, StepState


class FailureAdmin(admin.ModelAdmin[Failure]):
    """Items and jobs that are not well, newest first."""

    list_display = (
        "kind", "item", "subject", "error", "attempts", "last_at", "next_at", "set_aside_at",
    )  # fmt: skip
    list_filter = ("kind", ("set_aside_at", admin.EmptyFieldListFilter))
    search_fields = ("item", "subject", "error", "message")
    readonly_fields = (
        "kind", "item", "subject", "attempts", "error", "message", "first_at", "last_at", "next_at",
        "set_aside_at",
    )  # fmt: skip
    actions = ("retry", "drop")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Failures come of themselves."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Failure | None = None) -> bool:
        """Dropping one says more: see `drop`."""
        return False

    @admin.action(description="Try again now", permissions=["change"])
    def retry(self, request: HttpRequest, failures: QuerySet[Failure]) -> None:
        """Queue jobs again; items are tried by the next sweep."""
        count = failed_jobs.retry_now(failures)
        self.message_user(request, f"{count} are tried again", messages.SUCCESS)

    @admin.action(description="Drop: never try these again", permissions=["change"])
    def drop(self, request: HttpRequest, failures: QuerySet[Failure]) -> None:
        """Discard jobs. An item stays set aside, so that no sweep retries it."""
        count = failed_jobs.drop(failures)
        self.message_user(request, f"{count} are dropped", messages.SUCCESS)


class StepStateAdmin(admin.ModelAdmin[StepState]):
    """The steps of the sweep, and when each last ended well."""

    list_display = ("name", "ended_well_at", "failures", "next_at", "error", "message")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The sweep writes these rows."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: StepState | None = None) -> bool:
        """No one else."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: StepState | None = None) -> bool:
        """No one else."""
        return False
