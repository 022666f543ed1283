"""Pushes our catalogue into a Saleor: only what differs; safe to stop and run again."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from storefront_backend import wiring
from storefront_backend.jobs.management.saleor_command import SaleorCommand


class Command(SaleorCommand):
    """Prints what was done with how many products."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which Saleor, and how closely to look."""
        parser.add_argument("--saleor", default="", help="its API address, where we have several")
        parser.add_argument(
            "--thorough", action="store_true", help="compare every attribute, not only digests"
        )

    def handle(self, *args: Any, saleor: str, thorough: bool, **options: Any) -> None:
        """Push and report."""
        began = time.monotonic()
        pushed = wiring.saleor_push().everything(self.installation(saleor), thorough=thorough)
        report = pushed.report
        for failure in report.failures:
            self.stderr.write(f"{failure.subject}: {failure.message}")
        for conflict in report.conflicts:
            self.stdout.write(
                f"{conflict.subject} {conflict.field}: ours {conflict.ours!r}, "
                f"theirs {conflict.theirs!r}; kept {conflict.kept}"
            )
        for statement in pushed.statements:
            self.stdout.write(statement)
        self.stdout.write(
            f"{len(report.created)} created, {len(report.updated)} updated, "
            f"{len(report.unchanged)} unchanged, {len(report.failures)} refused, "
            f"{pushed.prices} prices compared, in {time.monotonic() - began:.1f} s"
        )
        if report.failures:
            raise CommandError("Saleor refused some of them")
