from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "storefront_backend.partners"
    label = "partners"
    verbose_name = "Partners"
