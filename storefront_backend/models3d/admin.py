"""Uploads, models and their files in the operator's admin; builds are in `desk.operator`."""

from django.contrib import admin

from storefront_backend.models3d.models import Asset, Model, Upload


@admin.register(Upload)
class UploadAdmin(admin.ModelAdmin[Upload]):
    """Meshes on their way in, newest first."""

    list_display = ("name", "brand", "state", "received_bytes", "bytes", "created_at", "expires_at")
    list_filter = ("state",)


admin.site.register((Model, Asset))
