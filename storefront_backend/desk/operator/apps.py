from django.apps import AppConfig


class OperatorConfig(AppConfig):
    name = "storefront_backend.desk.operator"
    label = "operator_desk"
    verbose_name = "Operators"
