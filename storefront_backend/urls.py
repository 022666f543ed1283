"""The addresses of the shop."""

from django.contrib import admin
from django.urls import include, path

from storefront_backend.web import assets, health, uploads

urlpatterns = [
    path("health/live", health.live),
    path("health/ready", health.ready),
    path("health/work", health.work),
    path("assets/<path:key>", assets.asset, name="asset"),
    path("uploads/<uuid:upload_id>/<int:number>", uploads.part, name="upload-part"),
    path("desk/", include("storefront_backend.desk.own.urls")),
    path("desk/operator/", include("storefront_backend.desk.operator.urls")),
    path("desk/marketing/", include("storefront_backend.desk.marketing.urls")),
    path("desk/", include("storefront_backend.desk.partners.urls")),
    path("desk/", include("storefront_backend.desk.brand.urls")),
    path("api/desk/", include("storefront_backend.api.desk.urls")),
    path("graphql/", include("storefront_backend.api.urls")),
    path("webhooks/", include("storefront_backend.webhooks.urls")),
    path("saleor/", include("storefront_backend.webhooks.saleor_urls")),
    path("admin/", admin.site.urls),
    path("", include("storefront_backend.web.urls")),
]
