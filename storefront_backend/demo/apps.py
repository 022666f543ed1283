from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "storefront_backend.demo"
    label = "demo"
    verbose_name = "Demo"
