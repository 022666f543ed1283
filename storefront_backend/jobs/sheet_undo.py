"""Undoing a run of an import: a run of its own, planned first and applied when asked.

| killed          | so                                                                       |
|-----------------|--------------------------------------------------------------------------|
| while planning  | nothing was written; the sweep has it planned again                      |
| while undoing   | each portion is wholly back, or not at all; the sweep has the rest done  |
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from storefront_backend import wiring
from storefront_backend.accounts.models import User
from storefront_backend.catalog.models import ImportImage, ImportRun
from storefront_backend.commerce.errors import InvalidRequest
from storefront_backend.jobs import run_states
from storefront_backend.jobs.catalogue import follow_up
from storefront_backend.pricing.brand_limits import lock, require_open_sheets
from storefront_backend.pricing.import_pieces import keep_undo
from storefront_backend.pricing.undo import CONFLICT, DELETE, RESTORE, RETURN, WITHDRAW, Undo

_ENDED = (ImportRun.State.DONE, ImportRun.State.FAILED)
_LISTED = 1000  # codes of conflicts that a report lists


def may_be_undone(run: ImportRun) -> bool:
    """Whether the run has written something that can still go back."""
    return (
        run.undoes_id is None
        and run.state in _ENDED
        and run.created_at > wiring.now() - kept_for()
        and run.images.filter(is_undone=False, product__isnull=False).exists()
    )


def kept_for() -> timedelta:
    """How long a run can be undone."""
    return timedelta(days=settings.IMPORT_UNDO_DAYS)


def begin_undo(run: ImportRun, by: User | None) -> ImportRun:
    """A run that would undo this one, to be planned by a worker. The same again while it is open.

    Raises InvalidRequest where there is nothing that can be undone.
    """
    with transaction.atomic():
        lock(run.brand)  # two at once make one run
        if not may_be_undone(run):
            raise InvalidRequest(
                "This sheet cannot be undone",
                hint=f"Sheets that were applied in the last {settings.IMPORT_UNDO_DAYS} days can.",
            )
        same = ImportRun.objects.filter(undoes=run).exclude(state__in=_ENDED).first()
        if same is not None:
            if same.state == ImportRun.State.CHECKED:  # the shop may have changed since
                same.state, same.attempts, same.touched_at = "checking", 0, wiring.now()
                same.save(update_fields=["state", "attempts", "touched_at"])
            return same
        require_open_sheets(run.brand)
        return ImportRun.objects.create(
            brand=run.brand, by=by, undoes=run, name=run.name, bytes=run.bytes,
            sha256=run.sha256, source_key=run.source_key, options={},
        )  # fmt: skip


def confirm(row: ImportRun, confirmed: frozenset[str]) -> bool:
    """Have a planned undo applied, called with its row locked; false where it is under way or done.

    `confirmed` are the codes of pieces that go back although they were changed since.
    """
    if row.state in (ImportRun.State.APPLYING, ImportRun.State.DONE):
        return False
    if row.state != ImportRun.State.CHECKED:
        raise InvalidRequest(
            f"The undo is {row.state}", hint="Query its report until it is checked."
        )
    row.options = {"confirmed": sorted(confirmed)}
    row.state, row.attempts, row.touched_at = ImportRun.State.APPLYING, 0, wiring.now()
    row.save(update_fields=["options", "state", "attempts", "touched_at"])
    return True


def go_on(run: ImportRun) -> None:
    """Plan or apply an undo, by its state."""
    assert run.undoes is not None
    undo = Undo(run.undoes, follow_up)
    if run.state == ImportRun.State.CHECKING:
        run_states.show(run, ImportRun.Phase.PLANNING)
        counts = keep_undo(run, undo.plan())
        run_states.turn(run, ImportRun.State.CHECKED, _report(counts))
        return
    of = run.rows_of or undo.count()

    def step(_done: int) -> None:
        left = undo.count()
        run_states.show(run, ImportRun.Phase.WRITING, rows_done=max(0, of - left), rows_of=of)

    skipped = undo.apply(run.options.get("confirmed", ()), step)
    report = {**run.report, "applied": True, "skipped": skipped[:_LISTED]}
    run_states.turn(run, ImportRun.State.DONE, report)


def _report(counts: dict[str, int]) -> dict[str, Any]:
    names = (RESTORE, RETURN, DELETE, WITHDRAW, CONFLICT)
    return {"undo": {name: counts.get(name, 0) for name in names}}


def purge_images() -> int:
    """Forget what can no longer be undone; how many products' images."""
    old = ImportImage.objects.filter(run__created_at__lt=wiring.now() - kept_for())
    ids = list(old.values_list("pk", flat=True)[:20_000])
    return ImportImage.objects.filter(pk__in=ids).delete()[0]
