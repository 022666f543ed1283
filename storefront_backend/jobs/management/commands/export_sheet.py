"""`manage.py export_sheet FILE --brand SLUG`: a brand's catalogue in the columns of the import."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog_import.export import Format
from storefront_backend.catalog.models import Brand
from storefront_backend.pricing.sheet_export import export_to


class Command(BaseCommand):
    """The operator's door to the export that brands have at their desk."""

    help = "Write a brand's catalogue as .xlsx or .csv; importing the file changes nothing"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to, and whose."""
        parser.add_argument("file", type=Path, help="what to write: a name in .xlsx or .csv")
        parser.add_argument("--brand", required=True, metavar="SLUG")
        parser.add_argument("--language", default="en", choices=("en", "zh-Hans", "zh-Hant"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it."""
        brand = Brand.objects.filter(slug=options["brand"]).first()
        if brand is None:
            raise CommandError(f"There is no brand {options['brand']}")
        path: Path = options["file"]
        try:
            kind = Format(path.suffix.removeprefix(".").lower())
        except ValueError:
            raise CommandError("The file's name must end in .xlsx or .csv") from None
        with path.open("wb") as out:
            rows = export_to(out, brand.products.all(), kind, options["language"])
        self.stdout.write(f"{rows} rows written to {path}.")
