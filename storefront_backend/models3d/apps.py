from django.apps import AppConfig


class Models3dConfig(AppConfig):
    name = "storefront_backend.models3d"
    label = "models3d"
    verbose_name = "3D models"

    def ready(self) -> None:
        from dj_queue.hooks import on_start

        from storefront_backend.models3d import confinement

        confinement.follow_settings()
        on_start(confinement.log_at_start)
