"""The addresses of the shop."""

from django.contrib import admin
from django.urls import include, path

from storefront_backend.web import health

urlpatterns = [
    path("health/live", health.live),
    path("health/ready", health.ready),
    path("admin/", admin.site.urls),
]
