"""Builds in the operator's admin."""

from django.contrib import admin

from storefront_backend.models3d.models import Asset, Build, Model, Upload


@admin.register(Build)
class BuildAdmin(admin.ModelAdmin[Build]):
    """Runs of the pipeline, newest first."""

    list_display = ("model", "state", "stage", "progress", "attempts", "created_at", "finished_at")
    list_filter = ("state",)


@admin.register(Upload)
class UploadAdmin(admin.ModelAdmin[Upload]):
    """Meshes on their way in, newest first."""

    list_display = ("name", "brand", "state", "received_bytes", "bytes", "created_at", "expires_at")
    list_filter = ("state",)


admin.site.register((Model, Asset))
