from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "storefront_backend.campaigns"
    label = "campaigns"
    verbose_name = "Campaigns"
