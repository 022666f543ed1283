"""Builds in the operator's admin: looked at, stopped, tried again, shown to shoppers again."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from storefront_backend.commerce.errors import CommerceError
from storefront_backend.jobs.builds import build_desk
from storefront_backend.models3d.builds import cancel_build, show_build
from storefront_backend.models3d.models import Build


class BuildAdmin(admin.ModelAdmin[Build]):
    """Runs of the pipeline, newest first. None is added by hand: uploads and sheets queue them."""

    list_display = (
        "model", "shown", "state", "stage", "progress", "attempts", "created_at", "finished_at",
    )  # fmt: skip
    list_filter = ("state",)
    list_select_related = ("model",)
    search_fields = ("source_name", "model__product__code")
    actions = ("show", "retry", "cancel")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A build follows from a source."""
        return False

    @admin.display(boolean=True)
    def shown(self, build: Build) -> bool:
        """Whether shoppers see it."""
        return build.model.current_build_id == build.pk

    @admin.action(description="Show shoppers this build", permissions=["change"])
    def show(self, request: HttpRequest, builds: QuerySet[Build]) -> None:
        """Go back to an earlier build, or forward again."""
        for build in builds:
            try:
                show_build(build)
            except CommerceError as error:
                self.message_user(request, f"{build}: {error.message}", messages.ERROR)

    @admin.action(description="Try again", permissions=["change"])
    def retry(self, request: HttpRequest, builds: QuerySet[Build]) -> None:
        """Queue again what failed, was canceled or refused."""
        for build in builds:
            build_desk().retry(build)

    @admin.action(description="Stop", permissions=["change"])
    def cancel(self, request: HttpRequest, builds: QuerySet[Build]) -> None:
        """Stop what waits or runs."""
        for build in builds:
            cancel_build(build)
