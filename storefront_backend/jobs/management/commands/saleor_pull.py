"""Takes in a catalogue that others made in Saleor, as drafts. Without --apply it only shows how.

Nothing in Saleor is changed but a mark on each product taken; nothing that is here already is
overwritten. Idempotent: safe to stop and to run again.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import CommandError

from catalog_import.columns import columns
from i18n.passport import PIECE_KINDS
from storefront_backend import wiring
from storefront_backend.catalog.models import Brand
from storefront_backend.jobs.management.saleor_command import SaleorCommand
from storefront_backend.saleor.catalogue.intake import IntakeHints
from storefront_backend.saleor_sync.intake import Action, IntakeStep

_SIGNS = {
    Action.CREATE: "+", Action.UPDATE: "~", Action.KEEP: "=", Action.HELD: "!", Action.OURS: "="
}  # fmt: skip


class Command(SaleorCommand):
    """Exits with 1 where a product is held back."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which Saleor, and how to read what it does not say."""
        parser.add_argument("--saleor", default="", help="its API address, where we have several")
        parser.add_argument("--apply", action="store_true", help="do what is shown")
        parser.add_argument("--all", action="store_true", help="show what stays as it is, too")
        parser.add_argument("--brand", default="", help="whose products are that name no brand")
        parser.add_argument(
            "--kind", action="append", default=[], metavar="TYPE=KIND",
            help=f"the kind of a product type, by its slug: one of {', '.join(PIECE_KINDS)}",
        )  # fmt: skip
        parser.add_argument(
            "--fact", action="append", default=[], metavar="ATTRIBUTE=COLUMN",
            help="what an attribute says, by its slug, as a column of the brands' sheets: "
            "material=alloy, weight-g=grams",
        )  # fmt: skip
        parser.add_argument(
            "--prices-from", action="append", default=[], metavar="CHANNEL",
            help="whose prices the pieces start with; else those of our first market",
        )  # fmt: skip

    def handle(self, *args: Any, saleor: str, apply: bool, all: bool, **options: Any) -> None:
        """Show each product; take it in on request."""
        row = self.installation(saleor)
        intakes = wiring.saleor_intakes()
        hints = intakes.hints_for(row, _hints(options))
        counts: Counter[Action] = Counter()
        waiting = 0
        for page in intakes.steps(row, hints):
            for step in page:
                counts[step.action] += 1
                waiting += any(each.lacks for each in step.variants)
                self._show(step, everything=all)
            if apply:
                intakes.apply(row, page, hints)
        done = "taken in" if apply else "to take in"
        self.stdout.write(
            f"{counts[Action.CREATE]} {done}, {counts[Action.UPDATE]} with news, "
            f"{counts[Action.KEEP]} as they were, {counts[Action.OURS]} of Pavilion's own, "
            f"{counts[Action.HELD]} held back; {waiting} wait for facts before they can be sold"
        )
        if counts[Action.HELD]:
            raise CommandError("Some are held back: see the lines that begin with !")

    def _show(self, step: IntakeStep, *, everything: bool) -> None:
        if step.action in (Action.KEEP, Action.OURS) and not everything and not step.problems:
            return
        name = step.product.texts.get("name:en", step.product.slug)
        whose = f" → {step.brand.slug}, {step.kind}" if step.brand else ""
        self.stdout.write(f"{_SIGNS[step.action]} {step.product.slug}  {name!r}{whose}")
        if step.action is Action.CREATE:
            self.stdout.write(f"    texts: {', '.join(sorted(step.product.texts))}")
            if step.product.media:
                self.stdout.write(f"    pictures: {len(step.product.media)}, by their addresses")
        for line in step.differences:
            self.stdout.write(f"    {line}")
        for problem in step.problems:
            self.stdout.write(f"    ! {problem}")
        if step.problems:
            self.stdout.write(f"      {step.address}")


def _hints(options: dict[str, Any]) -> IntakeHints:
    brand, kinds, facts = options["brand"], _pairs(options["kind"]), _pairs(options["fact"])
    if brand and not Brand.objects.filter(slug=brand).exists():
        raise CommandError(f"There is no brand {brand!r}")
    for kind in kinds.values():
        if kind not in PIECE_KINDS:
            raise CommandError(f"{kind!r} is not one of {', '.join(PIECE_KINDS)}")
    for column in facts.values():
        if column not in columns():
            raise CommandError(f"{column!r} is not a column of a sheet, as alloy or grams are")
    return IntakeHints(brand=brand, kinds=kinds, facts=facts, prices_from=options["prices_from"])


def _pairs(given: list[str]) -> dict[str, str]:
    pairs = {}
    for each in given:
        name, sign, value = each.partition("=")
        if not (name and sign and value):
            raise CommandError(f"{each!r} must be name=value")
        pairs[name] = value
    return pairs
