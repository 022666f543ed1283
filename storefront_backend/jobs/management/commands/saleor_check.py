"""Says whether a Saleor is ready for us, point by point."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

import httpx
from django.conf import settings
from django.core.management.base import CommandError

from storefront_backend import wiring
from storefront_backend.jobs.management.saleor_command import SaleorCommand
from storefront_backend.saleor.check import Checkup


class Command(SaleorCommand):
    """Exits with 1 unless every point is green."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which Saleor."""
        parser.add_argument("--saleor", default="", help="its API address, where we have several")

    def handle(self, *args: Any, saleor: str, **options: Any) -> None:
        """Look it over and print."""
        row = self.installation(saleor)
        with httpx.Client() as http:
            checkup = Checkup(
                wiring.saleor(row), settings.WEBHOOK_URL, settings.MARKETS, wiring.now, http
            )
            findings = checkup.run()
        for finding in findings:
            sign = self.style.SUCCESS("ok") if finding.ok else self.style.ERROR("!!")
            self.stdout.write(f"{sign}  {finding.point:14} {finding.says}")
            if finding.to_do:
                self.stdout.write(f"    {'':14} → {finding.to_do}")
        red = sum(not finding.ok for finding in findings)
        if red:
            raise CommandError(f"{red} of {len(findings)} points need something")
