"""A run that an operator's command makes: kept like those of the desk, so that it can be undone."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from catalog_import import ImportReport
from storefront_backend import wiring
from storefront_backend.catalog.models import ImportRun
from storefront_backend.pricing.sheet_import import ImportOptions, SheetImport

# A run without a file is not the sweep's to go on with: the command itself is run again.
_STATE = ImportRun.State.FAILED


def operators_run(
    imports: SheetImport, sheet: Path, options: ImportOptions, report: Mapping[str, Any]
) -> ImportRun:
    """The row under which the import keeps what it finds. Until it has ended it counts as failed:
    a command that was killed can be run again, or what it wrote undone."""
    with sheet.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    problem = {"code": "interrupted", "message": "The command did not end", "hint": "Run it again."}
    return ImportRun.objects.create(
        id=imports.sink.run,
        brand=imports.sink.brand,
        name=sheet.name[:200],
        bytes=sheet.stat().st_size,
        sha256=digest,
        source_key="",
        options={**options.to_json(), "warehouse": imports.sink.warehouse.slug},
        state=_STATE,
        report={**report, "problem": problem},
    )


def ended(run: ImportRun, done: ImportReport) -> None:
    """The command has written everything."""
    failed = [{"product": code, "message": why} for code, why in done.failed.items()]
    report = {name: value for name, value in run.report.items() if name != "problem"}
    run.state, run.finished_at = ImportRun.State.DONE, wiring.now()
    run.report = {**report, "applied": True, "failed": failed}
    run.save(update_fields=["state", "finished_at", "report"])
