"""Puts our own site in the place of Django's admin."""

from django.contrib.admin.apps import AdminConfig


class OperatorAdminConfig(AdminConfig):
    """Django's admin, with a sign-in that asks for the second factor."""

    default = False
    default_site = "storefront_backend.desk.operator.site.OperatorSite"
