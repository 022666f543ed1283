from django.apps import AppConfig


class Models3dConfig(AppConfig):
    name = "storefront_backend.models3d"
    label = "models3d"
    verbose_name = "3D models"
