from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "storefront_backend.catalog"
    label = "catalog"
    verbose_name = "Catalog"
