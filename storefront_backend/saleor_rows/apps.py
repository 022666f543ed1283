from django.apps import AppConfig


class InstallationsConfig(AppConfig):
    name = "storefront_backend.saleor_rows"
    label = "installations"
    verbose_name = "Saleor"
