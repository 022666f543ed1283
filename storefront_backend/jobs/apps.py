from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "storefront_backend.jobs"
    label = "jobs"
    verbose_name = "Jobs"
