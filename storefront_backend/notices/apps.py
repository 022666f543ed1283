from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "storefront_backend.notices"
    label = "notices"
    verbose_name = "Notices"
