"""`manage.py undo_import RUN`: puts a brand's catalogue back to what an import found.

Shows what would go back; `--apply` does it. Ends with 0, or 1 when the run cannot be undone.
Idempotent: safe to retry, also after a kill.
"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from storefront_backend.catalog.models import ImportRun
from storefront_backend.commerce.errors import CommerceError
from storefront_backend.jobs.catalogue import follow_up
from storefront_backend.jobs.sheet_undo import begin_undo, confirm, go_on
from storefront_backend.pricing.sheet_import import brand_lock
from storefront_backend.pricing.undo import EVERY_CONFLICT, Undo

_MARKS = {"restore": "~", "return": "+", "delete": "-", "withdraw": "-"}


class Command(BaseCommand):
    """The operator's door to the undo that brands have at their desk."""

    help = "Show what undoing an import would put back; --apply puts it back"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The run, and what goes back although it was changed since."""
        parser.add_argument("run", type=UUID, help="the id of the import, as import_sheet says it")
        parser.add_argument("--apply", action="store_true", help="put it back")
        parser.add_argument(
            "--confirm-conflicts", nargs="?", const=EVERY_CONFLICT, default="", metavar="CODE,CODE",
            help="put these back though they were changed since; without codes, all",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        """Show, and undo where that is said."""
        run = ImportRun.objects.select_related("brand").filter(pk=options["run"]).first()
        if run is None:
            raise CommandError(f"There is no import {options['run']}")
        with brand_lock(run.brand, wait=True):
            for piece in Undo(run, follow_up).plan():
                since = "  (changed since)" if piece.conflict else ""
                self.stdout.write(f"{_MARKS[piece.action]} {piece.code}  {piece.action}{since}")
            if options["apply"]:
                self._apply(run, options["confirm_conflicts"])

    def _apply(self, run: ImportRun, said: str) -> None:
        try:
            undo = begin_undo(run, None)
        except CommerceError as error:
            raise CommandError(f"{error.message}. {error.hint}") from error
        go_on(undo)
        confirm(undo, frozenset(filter(None, said.split(","))))
        go_on(undo)
        skipped = undo.report["skipped"]
        if skipped:
            self.stdout.write(f"Changed since, left as they are: {', '.join(skipped)}")
        self.stdout.write("Undone.")
