"""`manage.py sweep_assets`: lists, and with --delete removes, files that nothing points at."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand

from storefront_backend import wiring
from storefront_backend.jobs.unused import clear_halves, delete_unused, stray_uploads, unused_files


class Command(BaseCommand):
    """Says what would go; deletes only when told to."""

    help = "List the stored files that no row points at; with --delete, delete them"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The two options."""
        parser.add_argument("--delete", action="store_true", help="delete instead of listing")
        parser.add_argument(
            "--older-than-hours",
            type=int,
            default=24,
            help="leave younger files alone: a build may be about to publish them (24)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """List or delete."""
        age = timedelta(hours=options["older_than_hours"])
        files = list(unused_files(age))
        strays = stray_uploads()
        if options["delete"]:
            count, size = delete_unused(iter(files))
            for upload_id in strays:
                wiring.uploads().discard(upload_id)
            clear_halves(age)
            self.stdout.write(f"{count} files, {size} bytes and {len(strays)} uploads deleted")
            return
        for file in files:
            self.stdout.write(f"{file.key} {file.size} bytes")
        for upload_id in strays:
            self.stdout.write(f"upload {upload_id}")
        size = sum(file.size for file in files)
        self.stdout.write(
            f"{len(files)} files of {size} bytes and {len(strays)} uploads are not needed; "
            "--delete removes them"
        )
