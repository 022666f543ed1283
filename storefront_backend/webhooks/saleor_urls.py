"""The addresses that a Saleor and its Dashboard call."""

from django.urls import path

from storefront_backend.webhooks import saleor, saleor_panel

app_name = "saleor"
urlpatterns = [
    path("manifest", saleor.app_manifest, name="manifest"),
    path("register", saleor.register, name="register"),
    path("webhooks/<slug:name>", saleor.receive, name="webhook"),
    path("panel", saleor_panel.welcome, name="panel"),
    path("panel/product", saleor_panel.product_shell, name="panel-product"),
    path("panel/product/content", saleor_panel.product_content, name="panel-content"),
]
