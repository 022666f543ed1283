from django.apps import AppConfig


class PhotographsConfig(AppConfig):
    name = "storefront_backend.photographs"
    label = "photographs"
    verbose_name = "Photographs"
