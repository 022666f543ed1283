"""The addresses of the marketing desk, below /desk/marketing/."""

from __future__ import annotations

from django.urls import path

from storefront_backend.desk.marketing.views import campaigns, language, start

app_name = "marketing-desk"
urlpatterns = [
    path("", start.show, name="start"),
    path("language/", language.choose, name="language"),
    path("campaigns/", campaigns.listed, name="campaigns"),
    path("campaigns/new/", campaigns.new, name="campaign-new"),
    path("campaigns/<int:campaign_id>/", campaigns.one, name="campaign"),
    path("campaigns/<int:campaign_id>/schedule/", campaigns.schedule, name="campaign-schedule"),
    path("campaigns/<int:campaign_id>/offer/", campaigns.offer, name="campaign-offer"),
]
