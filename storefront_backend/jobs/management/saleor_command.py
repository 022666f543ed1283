"""What the commands about a Saleor share."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError

from storefront_backend import wiring
from storefront_backend.commerce.errors import NotFound
from storefront_backend.saleor_rows.models import Installation


class SaleorCommand(BaseCommand):
    """A command about one Saleor."""

    def installation(self, api_url: str) -> Installation:
        """The one of that address, or the shop's. Raises CommandError, which says what to do."""
        try:
            return wiring.saleor_of(api_url)
        except NotFound as error:
            raise CommandError(f"{error.message}. {error.hint}") from error
