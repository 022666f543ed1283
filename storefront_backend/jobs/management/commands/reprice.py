"""`manage.py reprice`: fetches the current rates and reprices every listing, right away."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from storefront_backend import wiring
from storefront_backend.catalog.models import RateTick
from storefront_backend.commerce.errors import CommerceError
from storefront_backend.pricing.repricing import ask


class Command(BaseCommand):
    """Says market by market what moved. Run it in two terminals, and they share the work."""

    help = "Reprice by the current rates; approve or reject rates that are held"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do with held rates, and in whose name."""
        held = parser.add_mutually_exclusive_group()
        held.add_argument("--approve", metavar="VERSION", help="let held rates move prices")
        held.add_argument("--reject", metavar="VERSION", help="never use held rates")
        parser.add_argument("--by", default="the reprice command", help="who says so")

    def handle(self, *args: Any, **options: Any) -> None:
        """Approve or reject, fetch, reprice."""
        by = options["by"]
        desk = wiring.rate_desk()
        try:
            if options["reject"]:
                tick = desk.reject(options["reject"], by)
            elif options["approve"]:
                tick = desk.approve(options["approve"], by)
            else:
                tick = desk.meet()
            self.stdout.write(f"rates {tick.version}: {tick.state}")
            if tick.state == RateTick.State.ACCEPTED:
                self._reprice(tick, by)
            elif tick.state == RateTick.State.HELD:
                self._show(tick)
        except CommerceError as error:
            raise CommandError(f"{error.message}. {error.hint}".strip()) from error

    def _reprice(self, tick: RateTick, by: str) -> None:
        ask(tick, settings.MARKETS, by, wiring.now())
        repricer = wiring.repricer(tick)
        while work := repricer.work_one():
            self.stdout.write(
                f"  {work.market}: {work.changed} of {work.looked_at} prices changed"
                + (f", {work.taken_off} taken off" if work.taken_off else "")
                + (f", {work.put_on} put on sale" if work.put_on else "")
            )

    def _show(self, tick: RateTick) -> None:
        for jump in tick.jumps:
            share = float(jump["share"])
            self.stdout.write(f"  {jump['code']}: {jump['old']} → {jump['new']} ({share:+.1%})")
        self.stdout.write(f"Prices stay. --approve {tick.version} lets them move.")
