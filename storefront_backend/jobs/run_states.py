"""The states of a run of an import, as its worker writes them."""

from __future__ import annotations

from typing import Any

from django.db.models.functions import Now

from storefront_backend import wiring
from storefront_backend.catalog.models import ImportRun


def show(run: ImportRun, phase: ImportRun.Phase, **numbers: int) -> None:
    """Tell how far the run is. Outside the products' transactions, so that others see it."""
    ImportRun.objects.filter(pk=run.pk).update(touched_at=Now(), phase=phase, **numbers)


def turn(run: ImportRun, state: ImportRun.State, report: dict[str, Any]) -> None:
    """The run waits for a person, or is over."""
    run.state, run.report = state, report
    run.finished_at, run.phase = wiring.now(), ""
    run.save(update_fields=["state", "report", "finished_at", "phase"])


def fail(run: ImportRun, code: str, message: str, hint: str) -> None:
    """The run, not the sheet, went wrong."""
    problem = {"code": code, "message": message, "hint": hint}
    turn(run, ImportRun.State.FAILED, {**run.report, "problem": problem})
