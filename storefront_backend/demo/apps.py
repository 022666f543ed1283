from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "storefront_backend.demo"
    label = "demo"
    verbose_name = "Demo"

    def ready(self) -> None:
        """Register the check that keeps the demonstration out of production."""
        from storefront_backend.demo import checks  # noqa: F401
