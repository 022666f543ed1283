"""Rates that are held, and the audit of what rates have moved."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from storefront_backend import wiring
from storefront_backend.catalog.models import RateTick, Repricing
from storefront_backend.commerce.errors import CommerceError
from storefront_backend.jobs.repricing import request_repricing


class RecordAdmin[Row: (RateTick, Repricing)](admin.ModelAdmin[Row]):
    """Rows that are looked at, and never typed in or taken back."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """History is never edited."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        """It is never deleted."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        """A row as a whole is read only; who may change rates decides over held ones below."""
        return obj is None and super().has_change_permission(request)


class RateTickAdmin(RecordAdmin[RateTick]):
    """Rates as they were met; those that jumped wait here, with what was and what would be."""

    list_display = ("version", "state", "what_jumped", "seen_at", "decided_at", "decided_by")
    list_filter = ("state",)
    actions = ("approve", "reject")

    @admin.display(description="jumps")
    def what_jumped(self, tick: RateTick) -> str:
        """Old, new and by how much."""
        return ", ".join(
            f"{jump['code']} {jump['old']} → {jump['new']} ({float(jump['share']):+.1%})"
            for jump in tick.jumps
        )

    @admin.action(description="Approve: let these rates move prices", permissions=["change"])
    def approve(self, request: HttpRequest, ticks: QuerySet[RateTick]) -> None:
        """Accept held rates in the operator's name, and reprice."""
        self._decide(request, ticks, approve=True)

    @admin.action(description="Reject: never use these rates", permissions=["change"])
    def reject(self, request: HttpRequest, ticks: QuerySet[RateTick]) -> None:
        """Refuse held rates in the operator's name."""
        self._decide(request, ticks, approve=False)

    def _decide(self, request: HttpRequest, ticks: QuerySet[RateTick], *, approve: bool) -> None:
        desk, by = wiring.rate_desk(), request.user.get_username()
        for tick in ticks:
            try:
                if approve:
                    request_repricing(desk.approve(tick.version, by), by)
                else:
                    desk.reject(tick.version, by)
            except CommerceError as error:
                self.message_user(request, error.message, messages.ERROR)


class RepricingAdmin(RecordAdmin[Repricing]):
    """The audit of every tick in every market."""

    list_display = (
        "tick", "market", "asked_by", "asked_at", "done_at", "looked_at", "changed", "taken_off",
        "put_on",
    )  # fmt: skip
    list_filter = ("market",)
    list_select_related = ("tick",)
