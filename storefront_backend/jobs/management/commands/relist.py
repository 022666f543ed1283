"""`manage.py relist`: verdicts and prices of all listings by the current law, right away."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from storefront_backend import wiring
from storefront_backend.catalog.models import Brand
from storefront_backend.commerce.errors import CommerceError
from storefront_backend.jobs.listing import relister
from storefront_backend.pricing import relisting


class Command(BaseCommand):
    """Works in chunks; stopped, it is finished by the sweep."""

    help = "Bring listings up to date with the current rulebook, settings and rates"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which listings."""
        parser.add_argument("--market", action="append", default=[], help="one market; repeatable")
        parser.add_argument("--brand", default="", help="one brand's slug; default: all")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask for a pass and do it."""
        unknown = sorted(set(options["market"]) - set(settings.MARKETS))
        if unknown:
            raise CommandError(f"There is no market {', '.join(unknown)} in MARKETS")
        brand = Brand.objects.filter(slug=options["brand"]).first()
        if options["brand"] and brand is None:
            raise CommandError(f"There is no brand {options['brand']}")
        run = relisting.ask(
            options["market"] or settings.MARKETS, brand, "the relist command", wiring.now()
        )
        try:
            while not relister().work(run, budget=5):
                run.refresh_from_db()
                self.stdout.write(f"  {run.products} products, {run.changed} listings changed")
        except CommerceError as error:
            raise CommandError(f"{error.message} {error.hint}".strip()) from error
        run.refresh_from_db()
        self.stdout.write(f"{run.products} products, {run.changed} listings changed")
        if run.failed:
            self.stdout.write(f"{run.failed} products are tried again one by one by the sweep")
