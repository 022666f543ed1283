"""Background work: how it is doing, in words; what failed or is set aside, and what to do."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from storefront_backend import wiring
from storefront_backend.background import failed_jobs
from storefront_backend.background.models import Failure, StepState
from storefront_backend.background.report import report
from storefront_backend.desk.operator.acts import key_of, record
from storefront_backend.desk.operator.asking import Question, ask, is_sure
from storefront_backend.desk.operator.seat import OperatorSeat, operator_page
from storefront_backend.desk.operator.tables import (
    Button,
    Cell,
    Column,
    Filter,
    Row,
    Table,
    table_page,
)
from storefront_backend.desk.pages import filters, paged
from storefront_backend.jobs.sweep import STEPS

_STATES = {
    "aside": gettext_lazy("Set aside"),
    "retried": gettext_lazy("Retried by itself"),
}


@operator_page("background.view_stepstate", "GET")
def health(request: HttpRequest, seat: OperatorSeat) -> HttpResponse:
    """What /health/work says, in words, and each step of the sweep."""
    now = wiring.now()
    found = report(STEPS, now, settings.WORK_LATE_AFTER)
    numbers = found.details
    said = [
        (_("Workers"), numbers["workers"], not numbers["workers"]),
        (_("Jobs waiting"), numbers["jobs_waiting"], "queue" in found.late),
        (_("Oldest waiting job, seconds"), numbers["oldest_job_seconds"], "queue" in found.late),
        (_("Jobs not finished"), numbers["jobs_unfinished"], False),
        (_("Failed jobs"), numbers["jobs_failed"], bool(numbers["jobs_failed"])),
        (_("Retried by itself"), numbers["to_be_retried"], False),
        (_("Set aside"), numbers["set_aside"], bool(numbers["set_aside"])),
    ]
    late = ", ".join(each.removeprefix("step ") for each in found.late)
    intro = (
        _("Late: %(what)s. Look at the workers' log, and at what failed.") % {"what": late}
        if late
        else _("Background work ends well.")
    )
    table = Table(
        _("Background work"),
        [Column(_("What")), Column(_("Now"), number=True)],
        [Row([Cell(title), Cell(number, number=True, flag=bad)]) for title, number, bad in said],
        "",
        intro,
    )
    steps = {state.name: state for state in StepState.objects.all()}
    head = [Column(_("Step")), Column(_("Ended well")), Column(_("Failures in a row"), number=True),
            Column(_("Next")), Column(_("Error"))]  # fmt: skip
    rows = [_step(name, steps.get(name), f"step {name}" in found.late) for name in sorted(STEPS)]
    return table_page(
        request, seat, table, tables=[Table(_("Steps of each minute"), head, rows, "")]
    )


def _step(name: str, state: StepState | None, is_late: bool) -> Row:
    if state is None:
        return Row(
            [Cell(name), Cell(_("never"), flag=True), Cell(0, number=True), Cell(""), Cell("")]
        )
    ended: datetime | str = state.ended_well_at or _("never")
    return Row(
        [
            Cell(name, flag=is_late),
            Cell(ended),
            Cell(state.failures, number=True),
            Cell(state.next_at or ""),
            Cell(state.error, small=state.message),
        ]
    )


@operator_page("background.view_failure", "GET")
def failures(request: HttpRequest, seat: OperatorSeat) -> HttpResponse:
    """Jobs and items that are not well, newest first."""
    wanted = filters(request, "search", "kind", "state")
    rows = Failure.objects.all()
    if text := wanted["search"]:
        rows = rows.filter(
            Q(item=text) | Q(subject__icontains=text) | Q(message__icontains=text)
            | Q(error__icontains=text)
        )  # fmt: skip
    if wanted["kind"]:
        rows = rows.filter(kind=wanted["kind"])
    if wanted["state"]:
        rows = rows.filter(set_aside_at__isnull=wanted["state"] != "aside")
    page = paged(request, rows)
    table = Table(
        _("What failed"),
        [Column(_("What")), Column(_("Item")), Column(_("Error")),
         Column(_("Attempts"), number=True), Column(_("Last")), Column(_("Next"))],
        [_row(failure, seat) for failure in page],
        _("Nothing failed."),
        _("Most of it is tried again by itself. What is set aside waits for you: mend the cause,"
          " then try again, or discard it."),
    )  # fmt: skip
    kinds = {kind: kind for kind in Failure.objects.order_by("kind").values_list("kind", flat=True)}
    said = [Filter("search", _("Search")), Filter("kind", _("Kind"), kinds),
            Filter("state", _("State"), _STATES)]  # fmt: skip
    return table_page(request, seat, table, page=page, wanted=wanted, filters=said)


def _row(failure: Failure, seat: OperatorSeat) -> Row:
    def button(act: str, label: str) -> Button:
        return Button(reverse("operator-desk:failure", args=(failure.pk,)), label, {"do": act})

    buttons = [button("retry", _("Try again")), button("drop", _("Discard"))]
    return Row(
        [
            Cell(failure.kind, small=failure.subject),
            Cell(failure.item),
            Cell(failure.error, small=failure.message),
            Cell(failure.attempts, number=True),
            Cell(failure.last_at),
            Cell(failure.next_at or _STATES["aside"], flag=failure.next_at is None),
        ],
        buttons if seat.may("background.change_failure") else (),
    )


@operator_page("background.change_failure", "POST")
def decide(request: HttpRequest, seat: OperatorSeat, failure_id: int) -> HttpResponse:
    """Try again, or discard."""
    drop = request.POST.get("do") == "drop"
    failure = Failure.objects.filter(pk=failure_id).first()
    if failure is None:
        if not is_sure(request):
            raise Http404(failure_id)
        messages.success(request, _("It is well already."))  # tried again meanwhile
        return redirect("operator-desk:failures")
    if not is_sure(request):
        question = Question(
            _("Discard it?") if drop else _("Try it again?"),
            _("It is never tried again.") if drop
            else _("A job is queued at once, an item is tried by the next sweep, with all of its"
                   " attempts."),
            _("Discard") if drop else _("Try again"), reverse("operator-desk:failures"),
            ((_("What"), f"{failure.kind} {failure.item}"), (_("Error"), failure.message)),
        )  # fmt: skip
        return ask(request, seat, question)
    (failed_jobs.drop if drop else failed_jobs.retry_now)([failure])
    record(
        seat, "drop" if drop else "retry", "failure", f"{failure.kind} {failure.item}",
        key=key_of(request), before=failure.message, note=failure.subject,
    )  # fmt: skip
    messages.success(request, _("Done."))
    return redirect("operator-desk:failures")
