from django.apps import AppConfig


class OperatorDeskConfig(AppConfig):
    name = "storefront_backend.desk.operator"
    label = "operator_desk"
    verbose_name = "Operator desk"
