from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "storefront_backend.orders"
    label = "orders"
    verbose_name = "Orders"
