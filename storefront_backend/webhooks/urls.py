"""The addresses that providers call."""

from django.urls import path

from storefront_backend.webhooks import payments

urlpatterns = [path("payments/<slug:provider>/", payments.receive, name="payment-webhook")]
