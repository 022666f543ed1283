from django.apps import AppConfig


class ThrottleConfig(AppConfig):
    name = "storefront_backend.throttle"
    label = "throttle"
    verbose_name = "Rate limits"
