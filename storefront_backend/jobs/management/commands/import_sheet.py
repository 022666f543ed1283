"""`manage.py import_sheet FILE --brand SLUG`: a brand's sheet into the catalogue.

Ends with 0 when all is well, 3 when the sheet has errors (nothing is written then, unless
--only-valid), 1 when the call is wrong. Idempotent: safe to retry, also after a kill.
"""

from __future__ import annotations

import json
import sys
import uuid
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog_import import Answers
from catalog_import import report as words
from catalog_import.errors import ReaderFailed
from storefront_backend import wiring
from storefront_backend.catalog.models import Brand
from storefront_backend.commerce.errors import CommerceError
from storefront_backend.jobs.catalogue import follow_up
from storefront_backend.jobs.operators_runs import ended, operators_run
from storefront_backend.jobs.sheet_media import import_media
from storefront_backend.pricing.import_report import report_of
from storefront_backend.pricing.sheet_import import (
    Checked,
    ImportOptions,
    SheetImport,
    brand_lock,
    warehouse_of,
)
from storefront_backend.pricing.sheet_mappings import remember

PROBLEMS = 3


class Command(BaseCommand):
    """The operator's door to the import that brands have at their desk."""

    help = "Check a brand's sheet and import it; --dry-run shows what would change"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The sheet, whose it is, and what is agreed beside it."""
        parser.add_argument("file", type=Path, help="the sheet: .xlsx or delimited text")
        parser.add_argument("--brand", required=True, metavar="SLUG")
        parser.add_argument("--dry-run", action="store_true", help="show the plan, write nothing")
        parser.add_argument(
            "--files", type=Path, metavar="DIR", help="the folder of its CAD files; its own folder"
        )
        parser.add_argument("--warehouse", default="", metavar="SLUG", help="where the pieces are")
        parser.add_argument(
            "--only-valid", action="store_true", help="import products without errors"
        )
        parser.add_argument(
            "--retire-missing", action="store_true",
            help="withdraw products and variants that the sheet lacks",
        )  # fmt: skip
        parser.add_argument(
            "--confirm-retire", type=int, default=0, metavar="N",
            help="how many variants may be taken out of sale, as the plan says",
        )  # fmt: skip
        parser.add_argument(
            "--set-stock", action="store_true",
            help="make the stock what the sheet says, though it said the same before",
        )  # fmt: skip
        parser.add_argument(
            "--accept-price-moves", nargs="?", const="*", default="", metavar="SKU,SKU",
            help="let these prices move as far as they do; without SKUs, all",
        )  # fmt: skip
        parser.add_argument(
            "--metal-value", action="store_true", help="rows without price and making are meant"
        )
        parser.add_argument(
            "--ignore-column", action="append", default=[], metavar="HEADER", help="do not read it"
        )
        parser.add_argument(
            "--answers", type=Path, metavar="FILE.json",
            help="answers about columns, words and the file (docs/sheets.md)",
        )  # fmt: skip
        parser.add_argument(
            "--remember", action="store_true", help="keep the answers for the brand's next sheet"
        )
        parser.add_argument(
            "--language", default="en", choices=("en", "zh-Hans", "zh-Hant"),
            help="the language that problems are told in",
        )  # fmt: skip
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, show, and write unless it is a dry run."""
        sheet: Path = options["file"]
        brand = Brand.objects.filter(slug=options["brand"]).first()
        if brand is None:
            raise CommandError(f"There is no brand {options['brand']}")
        if options["files"] and not options["files"].is_dir():
            raise CommandError(f"There is no folder {options['files']}")
        try:
            warehouse = warehouse_of(brand, options["warehouse"])
        except CommerceError as error:
            raise CommandError(f"{error.message} --warehouse. {error.hint}".strip()) from error
        files = options["files"] or sheet.parent
        run = uuid.uuid4()
        imports = wiring.sheet_import(brand, warehouse, files, follow_up, run)
        try:
            with brand_lock(brand, wait=True):
                checked = self._import(imports, sheet, options)
        except CommerceError as error:
            raise CommandError(f"{error.message}. {error.hint}") from error
        except OSError as error:
            raise CommandError(f"{error.filename or sheet}: {error.strerror or error}") from error
        except ReaderFailed as error:
            raise CommandError(f"{error.message} {error.hint}".strip()) from error
        if checked.result.errors:
            sys.exit(PROBLEMS)

    def _import(self, imports: SheetImport, sheet: Path, options: dict[str, Any]) -> Checked:
        chosen = ImportOptions(
            retire_missing=options["retire_missing"],
            metal_value=options["metal_value"],
            set_stock=options["set_stock"],
            ignored=tuple(options["ignore_column"]),
            answers=_answers(options["answers"]),
            accepted_moves=frozenset(filter(None, options["accept_price_moves"].split(","))),
        )
        checked = imports.planned(sheet, chosen)
        if options["remember"]:
            remember(imports.sink.brand, checked.result.recognition, chosen.answers, None)
        refused = bool(checked.result.errors) and not options["only_valid"]
        if options["dry_run"] or refused:
            self._say(
                options, checked, words.plan_lines(checked.plan, options["language"]), applied=False
            )
            if refused:
                self.stderr.write("Nothing was written. Correct the errors, or add --only-valid.")
            return checked
        retire = len(checked.plan.retired)
        if retire and options["confirm_retire"] != retire:
            self._say(options, checked, words.plan_lines(checked.plan), applied=False)
            raise CommandError(
                f"{retire} variants would be taken out of sale, nothing was written. Add"
                f" --confirm-retire {retire} where that is meant."
            )
        run = operators_run(imports, sheet, chosen, report_of(checked))
        done = imports.apply(checked, chosen, only_valid=options["only_valid"])
        files = import_media(imports.sink.brand, sheet, run.pk)
        not_taken = files.take_all(checked.result.media, lambda _done: None)
        for name, why in not_taken.items():
            self.stderr.write(f"{name}: {why}")
        ended(run, done)
        self._say(options, checked, words.import_lines(done, options["language"]), applied=True)
        if not options["json"]:
            self.stdout.write(f"Undo it with: manage.py undo_import {run.pk}")
        return checked

    def _say(
        self, options: dict[str, Any], checked: Checked, lines: Iterable[str], *, applied: bool
    ) -> None:
        if options["json"]:
            answer = {**report_of(checked), "applied": applied}
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
            return
        for line in lines:
            self.stdout.write(line)


def _answers(path: Path | None) -> Answers:
    if path is None:
        return Answers()
    try:
        return Answers.from_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise CommandError(f"{path} holds no answers: {error}") from error
