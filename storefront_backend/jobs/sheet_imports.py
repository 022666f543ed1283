"""A brand's sheet from the desk: kept, checked in the background, applied when asked.

| killed                          | so                                                            |
|---------------------------------|---------------------------------------------------------------|
| after the file, before the row  | the sweep deletes it with others that no row points at        |
| while checking                  | nothing was written; the sweep has it checked again           |
| while applying                  | products are whole or untouched; the sweep has the rest done  |
| after the last product          | applied again, everything is unchanged, and the run is done   |

Brands take turns (jobs.import_turns), and a brand has one run worked on at a time.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.tasks import task

from catalog_import import Answers, Progress, Recognition
from catalog_import.corrections import LONGEST, Corrections, place
from catalog_import.errors import PlanRefused
from catalog_import.plan import Action
from storefront_backend import wiring
from storefront_backend.accounts.models import User
from storefront_backend.audit.acting import acting
from storefront_backend.catalog.models import Brand, ImportRun
from storefront_backend.commerce.errors import CommerceError, InvalidRequest
from storefront_backend.jobs import run_states, sheet_undo
from storefront_backend.jobs.catalogue import follow_up
from storefront_backend.jobs.import_turns import in_turn, waiting_of
from storefront_backend.models3d.workbench import workbench
from storefront_backend.pricing.brand_limits import lock, require_open_sheets, require_storage
from storefront_backend.pricing.import_pieces import keep_plan
from storefront_backend.pricing.import_report import report_of
from storefront_backend.pricing.sheet_import import (
    Checked,
    ImportOptions,
    SheetImport,
    brand_lock,
    warehouse_of,
)
from storefront_backend.pricing.sheet_mappings import remember
from storefront_backend.storage.keys import SOURCE_TYPE

log = structlog.get_logger(__name__)

MAX_ATTEMPTS = 4
# A worker shows a sign of life after each portion; checking the largest sheet takes less.
_SILENT = timedelta(minutes=3)
_MOST_CORRECTIONS = 20_000  # cells of one sheet
_FAILURES = 1000  # refused products that a report lists
_LONGEST_NAME = 200
_AGAIN = (ImportRun.State.CHECKING, ImportRun.State.CHECKED, ImportRun.State.APPLYING)


def file_name(given: str) -> str:
    """The name of a sheet as its sender says it, without folders. Raises InvalidRequest."""
    name = PurePosixPath(given.replace("\\", "/")).name.strip()
    if not 0 < len(name) <= _LONGEST_NAME or name.startswith(".") or any(ord(c) < 32 for c in name):
        raise InvalidRequest("name must be the file's name", field="name")
    if len(name.encode()) > _LONGEST_NAME:
        raise InvalidRequest("name is too long", field="name", hint="Use a shorter file name.")
    return name


def hand_in(
    brand: Brand,
    file: BinaryIO,
    *,
    name: str,
    digest: str,
    size: int,
    options: dict[str, Any],
    by: User,
) -> ImportRun:
    """Keep a sheet and have it checked. The same one again, while it is open: the same run.

    `options` are those of ImportOptions with the `warehouse`. Raises BrandLimitReached where the
    brand has no room for the file, or too many sheets under way.
    """
    warehouse_of(brand, options["warehouse"])
    if not ImportRun.objects.filter(brand=brand, sha256=digest).exists():
        with transaction.atomic():  # before it is stored; and again with its row, below
            require_storage(brand, size)
    key = wiring.assets().put(file, media_type=SOURCE_TYPE, public=False)
    with transaction.atomic():
        brand = lock(brand)  # two at once make one run
        own = ImportRun.objects.filter(brand=brand).select_related("by")
        same = own.filter(sha256=digest, name=name, options=options, state__in=_AGAIN).first()
        if same is not None and same.state != ImportRun.State.CHECKED:
            return same
        require_open_sheets(brand)
        if same is not None:  # the shop may have changed since
            run = same
            ImportRun.objects.filter(pk=run.pk).update(
                state=ImportRun.State.CHECKING, attempts=0, touched_at=Now()
            )
            run.refresh_from_db()
        else:
            if not ImportRun.objects.filter(brand=brand, source_key=key).exists():
                require_storage(brand, size)
            run = ImportRun.objects.create(
                brand=brand, by=by, name=name, bytes=size, sha256=digest, source_key=key,
                options=options,
            )  # fmt: skip
        transaction.on_commit(lambda: run_import.enqueue(str(run.pk)), robust=True)
    return run


def answer(run: ImportRun, answers: Answers, *, by: User) -> ImportRun:
    """Take a person's answers about a checked sheet, remember them for the next like it, and have
    it checked again. Raises InvalidRequest while it is under way, or once it is applied."""

    def answered(row: ImportRun, options: ImportOptions) -> ImportOptions:
        sheets = [Recognition.from_json(each) for each in row.report.get("recognition", ())]
        remember(row.brand, sheets, answers, by)
        return replace(options, answers=options.answers.with_(answers))

    return _check_again(run, answered)


def mend(run: ImportRun, corrections: Corrections) -> ImportRun:
    """Read these cells in the place of the file's own, and have the sheet checked again.

    Raises InvalidRequest as `answer` does, and for cells that are none or too long.
    """
    for cells in corrections.values():
        for cell, text in cells.items():
            if place(cell) is None or len(text) > LONGEST:
                raise InvalidRequest(f"{cell[:20]} cannot be corrected", field="cells")

    def mended(_: ImportRun, options: ImportOptions) -> ImportOptions:
        both = {
            name: {**options.corrections.get(name, {}), **corrections.get(name, {})}
            for name in {*options.corrections, *corrections}
        }
        if sum(map(len, both.values())) > _MOST_CORRECTIONS:
            raise InvalidRequest(
                "Too many cells are corrected beside the file",
                hint="Download the marked workbook, correct it, and upload it again.",
            )
        return replace(options, corrections=both)

    return _check_again(run, mended)


def _check_again(
    run: ImportRun, change: Callable[[ImportRun, ImportOptions], ImportOptions]
) -> ImportRun:
    with transaction.atomic():
        lock(run.brand)
        row = ImportRun.objects.select_for_update().get(pk=run.pk)
        if row.state != ImportRun.State.CHECKED:
            raise InvalidRequest(
                f"The sheet is {row.state}", hint="Only a checked sheet can be answered for."
            )
        require_open_sheets(row.brand)
        options = change(row, ImportOptions.from_json(row.options))
        row.options = {**row.options, **options.to_json()}
        row.state, row.attempts, row.touched_at = ImportRun.State.CHECKING, 0, wiring.now()
        row.save(update_fields=["options", "state", "attempts", "touched_at"])
        transaction.on_commit(lambda: run_import.enqueue(str(row.pk)), robust=True)
    return row


@contextmanager
def sheet_file(run: ImportRun) -> Iterator[Path]:
    """A run's file under its own name, while the context lasts."""
    with workbench() as folder:
        yield _file(run, folder)


@dataclass(frozen=True, slots=True)
class Consent:
    """What somebody agrees to when a run is applied.

    `moves` are SKUs whose prices may move, `retire` how many SKUs may be taken out of sale, and
    `conflicts` the codes of pieces that an undo puts back although they were changed since.
    """

    only_valid: bool = False
    moves: frozenset[str] = frozenset()
    retire: int = 0
    conflicts: frozenset[str] = frozenset()


def ask_to_apply(run: ImportRun, consent: Consent) -> bool:
    """Have a checked run applied; false where that is under way, or done with nothing left.

    A run that is done is applied again to confirm price moves that it held. Raises InvalidRequest
    where the sheet has errors and not `only_valid`, or retires what is not agreed to.
    """
    with transaction.atomic():
        lock(run.brand)
        row = ImportRun.objects.select_for_update().get(pk=run.pk)
        asked = (
            sheet_undo.confirm(row, consent.conflicts)
            if row.undoes_id
            else _confirm_sheet(row, consent)
        )
        if asked:
            transaction.on_commit(lambda: run_import.enqueue(str(row.pk)), robust=True)
    return asked


def ask_to_undo(run: ImportRun, by: User | None) -> ImportRun:
    """Have it planned how this run is undone; the run that does it. Raises InvalidRequest."""
    with transaction.atomic():
        undo = sheet_undo.begin_undo(run, by)
        transaction.on_commit(lambda: run_import.enqueue(str(undo.pk)), robust=True)
    return undo


def _confirm_sheet(row: ImportRun, consent: Consent) -> bool:
    if row.state == ImportRun.State.APPLYING:
        return False
    if row.state == ImportRun.State.DONE and not (consent.moves and row.report.get("moves")):
        return False
    if row.state not in (ImportRun.State.CHECKED, ImportRun.State.DONE):
        raise InvalidRequest(
            f"The sheet is {row.state}", hint="Query its report until it is checked."
        )
    counts = row.report["counts"]
    if counts["errors"] and not consent.only_valid:
        raise InvalidRequest(
            f"The sheet has {counts['errors']} errors",
            field="onlyValid",
            hint="Correct them and upload it again, or apply the valid products alone.",
        )
    retire = counts.get("retire", 0)
    if row.state == ImportRun.State.CHECKED and retire and consent.retire != retire:
        raise InvalidRequest(
            f"The sheet would take {retire} variants out of sale",
            field="confirmRetire",
            hint=f"Confirm this with the number {retire}, or upload a sheet that lists them.",
        )
    require_open_sheets(row.brand)
    options = ImportOptions.from_json(row.options).accepting(consent.moves)
    row.options = {
        **row.options,
        **options.to_json(),
        "only_valid": consent.only_valid,
        "retire": consent.retire,
    }
    row.state, row.attempts, row.touched_at = ImportRun.State.APPLYING, 0, wiring.now()
    row.save(update_fields=["options", "state", "attempts", "touched_at"])
    return True


@task(queue_name="default")
def run_import(run_id: str) -> str:
    """Check or apply the run whose turn it is, by its state; returns the state.

    That is mostly the one that it was queued for (jobs.import_turns). May run twice, at once too.
    """
    own = ImportRun.objects.select_related("brand").filter(pk=run_id).first()
    if own is None:
        return "gone"
    busy = False
    for run in in_turn(own):
        try:
            taken = _taken(run)
        except Exception:
            _queue_next(run)
            raise
        if taken:
            _queue_next(run)
            return str(run.state)
        busy = busy or taken is None
    # Busy with this run, or with another of the brand, which has this one queued at its end.
    return "busy" if busy else str(own.state)


def _taken(run: ImportRun) -> bool | None:
    """Go on with the run; None where its brand is busy, false where another worker was faster."""
    with brand_lock(run.brand, wait=False) as ours:
        if not ours:
            return None
        if not _begun(run):
            return False
        _run(run)
        return True


def _queue_next(run: ImportRun) -> None:
    """Have the brand's next run taken up, outside the lock: its own task found the brand busy."""
    following = waiting_of(run)
    if following is not None:
        run_import.enqueue(str(following.pk))


def _begun(run: ImportRun) -> bool:
    """Take a run, with its brand's lock held; false where another worker has ended it."""
    under_way = ImportRun.objects.filter(
        pk=run.pk, state__in=ImportRun.UNDER_WAY, attempts=run.attempts
    )
    if not under_way.update(attempts=F("attempts") + 1, touched_at=Now()):
        return False
    run.refresh_from_db()
    return True


def _run(run: ImportRun) -> None:
    try:
        with acting(run.by_id, f"sheet {run.name}"):
            _go_on(run)
    except CommerceError as error:
        run_states.fail(run, error.code, error.message, error.hint)
    except Exception:
        log.exception("import interrupted", run=str(run.pk), attempt=run.attempts)
        if run.attempts >= MAX_ATTEMPTS:
            run_states.fail(run, "import_failed", "The import was interrupted several times", "")
        raise
    log.info("import resumed", run=str(run.pk), state=run.state)


def _go_on(run: ImportRun) -> None:
    if run.undoes_id:
        sheet_undo.go_on(run)
        return
    options = ImportOptions.from_json(run.options)
    warehouse = warehouse_of(run.brand, run.options["warehouse"])
    imports = wiring.sheet_import(run.brand, warehouse, None, follow_up, run.pk)
    run_states.show(run, ImportRun.Phase.CHECKING)
    with workbench() as folder:
        checked = imports.planned(_file(run, folder), options)
    report = {**report_of(checked), "sha256": run.sha256}
    # What the shop has now may make a plan of it that is not the one that was agreed to.
    retires_more = len(checked.plan.retired) > run.options.get("retire", 0)
    if run.state == ImportRun.State.CHECKING or retires_more:
        _keep_plan(run, imports, checked)
        run_states.turn(run, ImportRun.State.CHECKED, report)
        return

    def step(progress: Progress) -> None:
        run_states.show(
            run, ImportRun.Phase.WRITING,
            rows_done=progress.rows, rows_of=progress.of_rows, products_failed=progress.failed,
        )  # fmt: skip

    try:
        done = imports.apply(checked, options, only_valid=run.options["only_valid"], on_step=step)
    except PlanRefused:  # what the shop has now makes errors of it that the check did not see
        run_states.turn(run, ImportRun.State.CHECKED, report)
        return
    failed = [{"product": code, "message": why} for code, why in done.failed.items()]
    run_states.turn(
        run, ImportRun.State.DONE, {**report, "applied": True, "failed": failed[:_FAILURES]}
    )


def _keep_plan(run: ImportRun, imports: SheetImport, checked: Checked) -> None:
    plan = checked.plan
    of = sum(change.action is not Action.UNCHANGED for change in plan.changes)

    def step(done: int) -> None:
        run_states.show(run, ImportRun.Phase.PLANNING, rows_done=done, rows_of=of)

    keep_plan(run, plan, imports.verdicts(settings.MARKETS), step)
    run_states.show(run, ImportRun.Phase.PLANNING, rows_done=0, rows_of=0)


def _file(run: ImportRun, folder: Path) -> Path:
    """The sheet as a file under its own name, which a text's problems are reported under."""
    (folder / "sheet").mkdir()
    sheet = folder / "sheet" / Path(run.name).name
    with wiring.assets().open(run.source_key) as source, sheet.open("wb") as sink:
        shutil.copyfileobj(source, sink)
    return sheet


def sweep_imports() -> int:
    """Have runs gone on with that a killed worker left, or that waited for another; how many."""
    silent = Q(state__in=ImportRun.UNDER_WAY, touched_at__lt=wiring.now() - _SILENT)
    lost = ImportRun.objects.filter(silent, attempts__gte=MAX_ATTEMPTS)
    for run in lost:
        run_states.fail(
            run, "import_failed", "The import was killed several times", "Hand it in again."
        )
    ids = list(ImportRun.objects.filter(silent).values_list("pk", flat=True)[:100])
    for pk in ids:
        # So that the next sweep leaves it to the queue.
        ImportRun.objects.filter(silent, pk=pk).update(touched_at=Now())
        run_import.enqueue(str(pk))
    return len(ids)
