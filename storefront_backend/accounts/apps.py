from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "storefront_backend.accounts"
    label = "accounts"
    verbose_name = "Accounts"
