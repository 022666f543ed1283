"""`manage.py reconcile_payments`: our account of the money beside the provider's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from storefront_backend import wiring
from storefront_backend.aftersale.reconcile import Difference, differences, heal
from storefront_backend.commerce.errors import CommerceError

_DAYS = 7


class Command(BaseCommand):
    """Prints each difference; exits with 1 where one remains."""

    help = (
        "Compares payments, refunds and orders with the payment provider's account and prints each"
        " difference. Exits with 1 where one remains."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Since when, and whether to mend."""
        parser.add_argument(
            "--since",
            type=_day,
            metavar="YYYY-MM-DD",
            help=f"compare payments begun since this day, UTC (default: {_DAYS} days ago)",
        )
        parser.add_argument(
            "--heal", action="store_true", help="record what is missing here, then compare again"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare, repair if requested, compare again."""
        since: datetime = options["since"] or wiring.now() - timedelta(days=_DAYS)
        provider = wiring.payment_provider()
        found = list(differences(provider, since))
        if options["heal"] and found:
            for difference in found:
                self._heal(difference)
            found = list(differences(provider, since))
        for difference in found:
            self.stdout.write(str(difference))
        if found:
            raise CommandError(f"{len(found)} differences with {provider.name}", returncode=1)
        self.stdout.write(f"No differences with {provider.name} since {since:%Y-%m-%d}")

    def _heal(self, difference: Difference) -> None:
        try:
            if heal(wiring.payment_desk(), difference):
                self.stdout.write(f"healed: {difference}")
        except CommerceError as error:
            self.stderr.write(f"not healed: {difference}: {error.message}")


def _day(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
