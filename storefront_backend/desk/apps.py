from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "storefront_backend.desk"
    label = "desk"
    verbose_name = "Desk"
