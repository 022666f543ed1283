from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "storefront_backend.catalog"
    label = "catalog"
    verbose_name = "Catalog"

    def ready(self) -> None:
        """Register the check of the imprint."""
        from storefront_backend.catalog import checks  # noqa: F401
