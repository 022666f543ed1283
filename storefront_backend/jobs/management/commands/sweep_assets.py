"""`manage.py sweep_assets`: lists, and with --delete removes, files that nothing points at."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand

from storefront_backend import wiring
from storefront_backend.models3d.unused import delete_unused, stray_uploads, unused_files
from storefront_backend.storage.local import LocalAssets


class Command(BaseCommand):
    """Says what would go; deletes only on request."""

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
        before = wiring.now() - timedelta(hours=options["older_than_hours"])
        store = wiring.assets()
        files = list(unused_files(store, before, wiring.other_keys()))
        strays = stray_uploads(wiring.uploads())
        if options["delete"]:
            count, size = delete_unused(store, files, wiring.other_keys())
            for upload_id in strays:
                wiring.uploads().discard(upload_id)
            # What killed processes were writing. An S3 store shows no half files.
            if isinstance(store, LocalAssets):
                store.clear_halves(before)
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
