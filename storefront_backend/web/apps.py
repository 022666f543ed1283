from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "storefront_backend.web"
    label = "web"
    verbose_name = "Web"

    def ready(self) -> None:
        """Register the checks of a production shop."""
        from storefront_backend import production  # noqa: F401
