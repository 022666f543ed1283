from django.apps import AppConfig


class BackgroundConfig(AppConfig):
    name = "storefront_backend.background"
    label = "background"
    verbose_name = "Background work"
