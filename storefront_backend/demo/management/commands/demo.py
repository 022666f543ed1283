"""`manage.py demo`: the demonstration's brands and pieces. It may be run as often as one likes."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from storefront_backend.demo.seed import seed


class Command(BaseCommand):
    """Seeds the demonstration; a production shop refuses it, since its passwords are public."""

    help = "Bring the demo brands with their 24 pieces into the shop"

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed, in plain lines."""
        if settings.PRODUCTION:
            raise CommandError("The demonstration does not go into a production shop")
        seed(lambda line: self.stdout.write(line))
