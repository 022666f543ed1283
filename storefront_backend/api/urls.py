"""The API's one address."""

from django.urls import path

from storefront_backend.api.views import graphql

urlpatterns = [path("", graphql, name="graphql")]
