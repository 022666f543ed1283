"""Brings an empty or a used Saleor to what our markets need. Without --apply it only shows how."""

from __future__ import annotations

import getpass
import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from storefront_backend import wiring
from storefront_backend.catalog.models import Warehouse
from storefront_backend.jobs.management.saleor_command import SaleorCommand
from storefront_backend.saleor.identity import signed_in
from storefront_backend.saleor.setup.needs import Place, kinds, needs
from storefront_backend.saleor.setup.plan import Action, SetupPlan, carry_out, make_plan
from storefront_backend.saleor.transport import Saleor


class Command(SaleorCommand):
    """Idempotent; never changes or deletes what it did not make."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which Saleor, and whether to do it."""
        parser.add_argument("--saleor", default="", help="its API address, where we have several")
        parser.add_argument(
            "--staff",
            default="",
            help="e-mail of a member of staff, for permission groups",
        )
        parser.add_argument("--apply", action="store_true", help="do what is shown")
        parser.add_argument("--all", action="store_true", help="show what stays as it is, too")

    def handle(
        self, *args: Any, saleor: str, staff: str, apply: bool, all: bool, **options: Any
    ) -> None:
        """Show the difference; carry it out on request."""
        row = self.installation(saleor)
        client = wiring.saleor(row)
        kinds_here = kinds(self._as_staff(row.api_url, staff) if staff else None)
        book = wiring.rulebook()
        markets = [book.market(code).market for code in settings.MARKETS]
        places = [Place(row.slug, row.name, row.country) for row in Warehouse.objects.all()]
        if not places:
            raise CommandError("No warehouse yet: make one at /desk/operator/warehouses/")
        plan = make_plan(client, needs(markets, places), kinds_here)
        self._show(plan, everything=all)
        if apply:
            failed = [outcome for outcome in carry_out(client, plan, kinds_here) if outcome.problem]
            for outcome in failed:
                self.stderr.write(
                    f"{outcome.step.wanted.kind} {outcome.step.wanted.key}: {outcome.problem}"
                )
            done = len(plan.changes) - len(failed)
            self.stdout.write(f"{done} of {len(plan.changes)} changes made")
            if failed:
                raise CommandError("Some changes were refused; fix them and run it again")
        if plan.foreign:
            raise CommandError(
                "What is marked ! was made by others and does not fit: change or rename it"
            )

    def _as_staff(self, api_url: str, email: str) -> Saleor:
        """That person's view; the password is used once and kept nowhere."""
        password = os.environ.get("SALEOR_STAFF_PASSWORD") or getpass.getpass()
        return signed_in(wiring.saleor_with_token(api_url, ""), email, password)

    def _show(self, plan: SetupPlan, *, everything: bool) -> None:
        for step in plan.steps:
            if everything or step.action is not Action.KEEP:
                self.stdout.write(str(step))
        change, others = len(plan.changes), len(plan.foreign)
        kept = len(plan.steps) - change - others
        self.stdout.write(f"{change} to change, {kept} as they should be, {others} of others")
