"""People at the marketing desk."""

from __future__ import annotations

from django.test import Client

from storefront_backend.accounts.models import User

DESK = "/desk/marketing/"


def marta() -> Client:
    """A marketer."""
    client = Client()
    email = "marta@example.org"
    user = User.objects.filter(email=email).first()
    client.force_login(user or User.objects.create_user(email, "kapok-blossom-9", is_marketer=True))
    return client
