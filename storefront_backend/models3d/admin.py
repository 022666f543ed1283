"""Builds in the operator's admin."""

from django.contrib import admin

from storefront_backend.models3d.models import Asset, Build, Model


@admin.register(Build)
class BuildAdmin(admin.ModelAdmin[Build]):
    """Runs of the pipeline, newest first."""

    list_display = ("model", "state", "stage", "progress", "attempts", "created_at", "finished_at")
    list_filter = ("state",)


admin.site.register((Model, Asset))
