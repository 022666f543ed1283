"""Builds of 3D assets: queued once, run by one worker, stopped, retried, chosen.

    QUEUED ──claim──> RUNNING ──publish──> DONE
       ^                 ├──> REFUSED    the file is at fault; the report says how
       ├──── lapsed ─────┤
       └──── retry ──────┴──> FAILED, CANCELED

A worker may be killed at any instruction: `leases` says who goes on, `publishing` that shoppers see
all of a build or nothing of it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from showroom.errors import Cancelled, Refused
from showroom.pipeline import RECIPES, build, problems_of
from storefront_backend.background.items import each
from storefront_backend.commerce.errors import InvalidRequest, NotFound
from storefront_backend.commerce.ports import AssetStore
from storefront_backend.models3d.corrections import correct
from storefront_backend.models3d.inputs import declared_from, input_key, subject_key
from storefront_backend.models3d.leases import (
    LAPSED,
    LEASE,
    MAX_ATTEMPTS,
    Claim,
    claim_next,
    kept,
    postpone,
)
from storefront_backend.models3d.models import Build, Model
from storefront_backend.models3d.publishing import publish
from storefront_backend.models3d.workbench import workbench

log = structlog.get_logger(__name__)

LIVE = (Build.State.QUEUED, Build.State.RUNNING, Build.State.DONE)
_OVER = (Build.State.FAILED, Build.State.CANCELED, Build.State.REFUSED)


@dataclass(frozen=True, slots=True)
class BuildDesk:
    """Builds over one store. `ask` has a worker call `run_next`, for a build of that id."""

    store: AssetStore
    ask: Callable[[int], object]
    now: Callable[[], datetime]
    recipe: str
    most_a_brand: int

    def request(self, model: Model, recipe: str = "") -> Build:
        """Queue a build of the model as it is now, or return the one of the same input.

        A finished one is shown again, unless somebody has chosen another for just this input. A
        refused one stays refused, since the file is at fault; `retry` is for those who know better.
        """
        recipe = recipe or self.recipe
        key, subject = input_key(model, recipe), subject_key(model)
        with transaction.atomic():
            # A choice of a build of an earlier input was no choice against this one.
            shown = Model.objects.filter(pk=model.pk)
            shown.exclude(chosen_for__in=("", subject)).update(chosen_for="")
            refused = Build.objects.filter(model=model, input_key=key).first()
            if refused is not None and refused.state == Build.State.REFUSED:
                return refused
            row, new = Build.objects.get_or_create(
                model=model,
                input_key=key,
                state__in=LIVE,
                defaults={
                    "state": Build.State.QUEUED,
                    "source_key": model.source_key,
                    "source_name": model.source_name,
                    "declared": model.declared,
                    "recipe": recipe,
                },
            )
            if row.state == Build.State.DONE:
                shown.exclude(chosen_for=subject).update(current_build=row)
            if new:
                self._ask_for_a_worker(row.pk)
        return row

    def retry(self, row: Build) -> Build:
        """Queue again what failed, was canceled or refused. Returns the build that runs instead."""
        try:
            with transaction.atomic():
                again = Build.objects.filter(pk=row.pk, state__in=_OVER).update(
                    state=Build.State.QUEUED,
                    attempts=0,
                    stage="",
                    progress=0,
                    report={},
                    finished_at=None,
                )
                if again:
                    self._ask_for_a_worker(row.pk)
        except IntegrityError:  # a race: the same input has been queued again
            return Build.objects.get(model=row.model_id, input_key=row.input_key, state__in=LIVE)
        row.refresh_from_db()
        return row

    def correct(self, row: Build, said: Mapping[str, Any]) -> Build:
        """Keep what the brand says of parts that a build showed; the build that follows of it."""
        with transaction.atomic():
            return self.request(correct(row.model, said), row.recipe)

    def run_next(self) -> str:
        """Run the build whose turn it is: brands take turns. Returns its state."""
        ours = claim_next(self.most_a_brand)
        if ours is None:
            return "put off" if postpone() else "not claimed"
        try:
            return self._run(ours)
        except Exception:
            # Ours or the machine's fault: the next sweep has it tried again, MAX_ATTEMPTS in all.
            ours.release()
            raise

    def requeue_abandoned(self) -> int:
        """Queue again the builds whose worker was killed, and those whose task never ran.

        Each is queued once a lapse, or every ten minutes while it waits: a long queue must not
        grow by being swept.
        """
        given_up = Build.objects.filter(LAPSED, attempts__gte=MAX_ATTEMPTS).update(
            state=Build.State.FAILED,
            finished_at=Now(),
            report={
                "problems": [
                    {
                        "code": "worker_died",
                        "message": f"The build did not end in {MAX_ATTEMPTS} attempts.",
                        "hint": "Try again later, or with a smaller file.",
                    }
                ]
            },
        )
        lost = LAPSED & (Q(queued_at__lt=F("lease_until")) | Q(queued_at=None))
        forgotten = Q(state=Build.State.QUEUED) & (
            Q(queued_at__lt=Now() - 5 * LEASE) | Q(queued_at=None)
        )
        with transaction.atomic():
            rows = Build.objects.select_for_update(skip_locked=True).filter(lost | forgotten)
            ids = list(rows.values_list("pk", flat=True))
            for build_id in ids:
                self._ask_for_a_worker(build_id)
        if ids or given_up:
            log.warning("builds requeued", builds=len(ids), given_up=given_up)
        return len(ids)

    def build_what_is_missing(self) -> int:
        """Ask for the builds of meshes whose import was killed before it queued them; how many."""
        never = Model.objects.filter(builds__isnull=True, product__is_published=True)
        return each(
            "first-build", never, lambda model: bool(self.request(model)), self.now(),
            id_of=lambda model: str(model.pk),
        ).done  # fmt: skip

    def _run(self, ours: Claim) -> str:
        row = Build.objects.get(pk=ours.build_id)
        with workbench() as folder, kept(ours):
            source = folder / "source" / (Path(row.source_name).name or "mesh")
            source.parent.mkdir()
            try:
                self._copy_source(row, source)
                report = build(
                    source,
                    folder / "out",
                    recipe=RECIPES[row.recipe],
                    declared=declared_from(row.declared),
                    progress=ours.note,
                    cancelled=ours.lost,
                )
            except NotFound as error:
                problem = {
                    "code": "source_missing",
                    "message": error.message,
                    "hint": "Upload again.",
                }
                return _end(ours, Build.State.FAILED, [problem])
            except Refused as refusal:
                if refusal.problems[0].code == Cancelled.code:
                    return "canceled"
                if not refusal.permanent and row.attempts < MAX_ATTEMPTS:
                    # A shop that is stopped ends its tracer too; the next sweep takes the build up.
                    ours.release()
                    return "to be tried again"
                state = Build.State.REFUSED if refusal.permanent else Build.State.FAILED
                return _end(ours, state, problems_of(refusal))
            return publish(self.store, ours, report, folder / "out")

    def _copy_source(self, row: Build, target: Path) -> None:
        with self.store.open(row.source_key) as source, target.open("wb") as sink:
            shutil.copyfileobj(source, sink)

    def _ask_for_a_worker(self, build_id: int) -> None:
        Build.objects.filter(pk=build_id).update(queued_at=Now())
        transaction.on_commit(lambda: self.ask(build_id))


def cancel_build(row: Build) -> None:
    """Stop a build; its worker notices before the next step. One that is over stays as it is."""
    Build.objects.filter(pk=row.pk, state__in=(Build.State.QUEUED, Build.State.RUNNING)).update(
        state=Build.State.CANCELED, finished_at=Now(), lease_token=None, lease_until=None
    )
    row.refresh_from_db()


def show_build(row: Build) -> None:
    """Show shoppers this build, an earlier one or the newest; it lasts until the input changes."""
    if row.state != Build.State.DONE:
        raise InvalidRequest(f"Only a finished build can be shown; this one is {row.state}")
    with transaction.atomic():
        model = Model.objects.select_for_update().get(pk=row.model_id)
        model.current_build = row
        newest = (row.source_key, row.declared) == (model.source_key, model.declared)
        model.chosen_for = "" if newest else subject_key(model)
        model.save()


def _end(ours: Claim, state: Build.State, problems: list[dict[str, Any]]) -> str:
    ours.rows().update(state=state, report={"problems": problems}, finished_at=Now())
    log.warning("build ended", build=ours.build_id, state=state.value)
    return state.value
