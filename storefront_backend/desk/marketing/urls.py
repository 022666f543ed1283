"""The addresses of the marketing desk, below /desk/marketing/."""

from __future__ import annotations

from django.urls import path

from storefront_backend.desk.marketing.views import language, start

app_name = "marketing-desk"
urlpatterns = [
    path("", start.show, name="start"),
    path("language/", language.choose, name="language"),
]
