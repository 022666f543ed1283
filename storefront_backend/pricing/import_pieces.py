"""The plan of a run, a row a piece, so that a sheet of any size can be read page by page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import batched

from django.db import transaction

from catalog_import.plan import Action, Change, Difference, Plan
from storefront_backend.catalog.models import ImportPiece, ImportRun
from storefront_backend.pricing.draft_verdicts import DraftVerdicts, stops
from storefront_backend.pricing.undo import CONFLICT, Undone

_AT_ONCE = 200
_DIFFERENCES = 60  # of a piece
_LONGEST = 500  # characters of a value


def keep_plan(
    run: ImportRun, plan: Plan, verdicts: DraftVerdicts, on_step: Callable[[int], None]
) -> int:
    """Replace the run's pieces by those that this plan changes; how many some market stops."""
    changed = [change for change in plan.changes if change.action is not Action.UNCHANGED]
    stopped = 0

    def rows() -> Iterator[ImportPiece]:
        nonlocal stopped
        for position, change in enumerate(changed):
            row = _piece(run, position, change, verdicts)
            stopped += row.is_stopped
            yield row

    _replace(run, rows(), on_step)
    return stopped


def keep_undo(run: ImportRun, pieces: Iterable[Undone]) -> dict[str, int]:
    """Replace the run's pieces by those that this undo puts back; how many of each action."""
    counts: Counter[str] = Counter()

    def rows() -> Iterator[ImportPiece]:
        for position, piece in enumerate(pieces):
            counts[CONFLICT if piece.conflict else piece.action] += 1
            yield ImportPiece(
                run=run,
                brand_id=run.brand_id,
                position=position,
                code=piece.code,
                name=piece.name,
                action=piece.action,
                is_stopped=piece.conflict,
                differences=_told(piece.differences),
            )

    _replace(run, rows(), lambda _done: None)
    return dict(counts)


def _replace(run: ImportRun, rows: Iterator[ImportPiece], on_step: Callable[[int], None]) -> None:
    """In portions: a reader sees a plan under way only while its run is being checked."""
    ImportPiece.objects.filter(run=run).delete()
    done = 0
    for some in batched(rows, _AT_ONCE):
        with transaction.atomic():
            ImportPiece.objects.bulk_create(some)
        done += len(some)
        on_step(done)


def _piece(run: ImportRun, position: int, change: Change, verdicts: DraftVerdicts) -> ImportPiece:
    product = change.product
    said = {} if change.action is Action.WITHDRAW else verdicts.of(product)
    return ImportPiece(
        run=run,
        brand_id=run.brand_id,
        position=position,
        code=product.code,
        name=product.names.get("en", ""),
        action=change.action.value,
        differences=_told(change.differences),
        verdicts=said,
        is_stopped=stops(said),
    )


def _told(differences: Iterable[Difference]) -> list[list[object]]:
    said = [[each.field, _short(each.before), _short(each.after)] for each in differences]
    return said[:_DIFFERENCES]


def _short(value: object) -> object:
    return f"{value[:_LONGEST]}…" if isinstance(value, str) and len(value) > _LONGEST else value
