from django.apps import AppConfig


class InstallationsConfig(AppConfig):
    name = "storefront_backend.installations"
    label = "installations"
    verbose_name = "Saleor"
