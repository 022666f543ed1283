from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "storefront_backend.webhooks"
    label = "webhooks"
    verbose_name = "Webhooks"
