"""People at the shop's desk: olga may do everything, otto what a test says, bob is no operator."""

from __future__ import annotations

import re

from django.contrib.auth.models import Permission
from django.http import HttpResponse
from django.test import Client

from storefront_backend.accounts.models import User

DESK = "/desk/operator/"


def olga() -> Client:
    """An operator with every right."""
    return _signed_in("olga", is_staff=True, is_superuser=True)


def otto(*rights: str) -> Client:
    """An operator with these rights, as "orders.view_order"."""
    client = _signed_in("otto", is_staff=True)
    for right in rights:
        app, _, code = right.partition(".")
        permission = Permission.objects.get(content_type__app_label=app, codename=code)
        User.objects.get(email="otto@example.org").user_permissions.add(permission)
    return client


def bob() -> Client:
    """A shopper."""
    return _signed_in("bob")


def _signed_in(name: str, **fields: bool) -> Client:
    email = f"{name}@example.org"
    user = User.objects.filter(email=email).first()
    client = Client()
    client.force_login(user or User.objects.create_user(email, "kapok-blossom-9", **fields))
    return client


def confirmed(client: Client, place: str, said: dict[str, object]) -> HttpResponse:
    """Post, answer the question that comes back, and return the answer to that."""
    asked = client.post(place, said)
    assert asked.status_code == 200, asked.content.decode()
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', asked.content.decode()))
    assert hidden.get("sure") == "1", asked.content.decode()
    carried = {name: hidden[name] for name in ("sure", "key", "was") if name in hidden}
    return client.post(place, {**said, **carried})
