"""How the first owner of a house comes in."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from storefront_backend.accounts.models import BrandMembership, User
from storefront_backend.catalog.models import Brand
from storefront_backend.jobs.account_mails import send_account_link


def invite_owner(brand: Brand, email: str, language: str) -> None:
    """Make somebody an owner, and send the link with which they choose a password.

    Again: the same owner, and the mail once more. Someone of the house becomes its owner.
    """
    with transaction.atomic():
        user = User.objects.filter(email=email).first()
        if user is None:
            user = User.objects.create_user(email, language=language)
        BrandMembership.objects.update_or_create(
            user=user, brand=brand, defaults={"role": BrandMembership.Role.OWNER}
        )
        market = settings.MARKETS[0]
        transaction.on_commit(lambda: send_account_link.enqueue(email, market, language))
