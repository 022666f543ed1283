from django.apps import AppConfig


class ScopeConfig(AppConfig):
    name = "storefront_backend.scope"
    label = "scope"
    verbose_name = "Scope"
