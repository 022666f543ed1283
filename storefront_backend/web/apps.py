from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "storefront_backend.web"
    label = "web"
    verbose_name = "Web"
