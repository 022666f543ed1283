"""Saleor's health: installations, events, conflicts, sales and payment news that do not go on."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from storefront_backend import wiring
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
from storefront_backend.jobs.saleor_events import handle_event
from storefront_backend.saleor_rows.models import (
    Conflict,
    Installation,
    Intake,
    PaymentNews,
    SaleorEvent,
    SaleorSale,
)

_INSTALLED = {
    "pending": gettext_lazy("Not confirmed"),
    "active": gettext_lazy("Active"),
    "retired": gettext_lazy("Replaced"),
}
_EVENT = {
    "received": gettext_lazy("Received"),
    "done": gettext_lazy("Done"),
    "stale": gettext_lazy("Overtaken"),
    "failed": gettext_lazy("Failed"),
}


@operator_page("saleor_rows.view_installation", "GET")
def show(request: HttpRequest, seat: OperatorSeat) -> HttpResponse:
    """The installations, the last events, and what does not go on."""
    wanted = filters(request, "search", "state")
    rows = SaleorEvent.objects.all()
    if text := wanted["search"]:
        rows = rows.filter(Q(name__icontains=text) | Q(subject__icontains=text))
    if wanted["state"]:
        rows = rows.filter(state=wanted["state"])
    page = paged(request, rows)
    table = Table(
        _("Events"),
        [Column(_("Event")), Column(_("State")), Column(_("On")), Column(_("Received")),
         Column(_("Attempts"), number=True)],
        [_event(event, seat) for event in page],
        _("No events fit."),
        _("Without a Saleor there is nothing here, and nothing is missing."),
    )  # fmt: skip
    said = [Filter("search", _("Event or subject")), Filter("state", _("State"), _EVENT)]
    tables = [_installations(), _conflicts(seat), _sales(), _news(), _intakes()]
    return table_page(request, seat, table, page=page, wanted=wanted, filters=said, tables=tables)


def _installations() -> Table:
    rows = [
        Row(
            [
                Cell(each.api_url),
                Cell(_INSTALLED[each.state], good=each.state == "active"),
                Cell(each.version),
                Cell(each.confirmed_at),
                Cell(each.orders_read_at),
            ]
        )
        for each in Installation.objects.all()[:50]
    ]
    head = [Column("Saleor"), Column(_("State")), Column(_("Version")), Column(_("Confirmed")),
            Column(_("Orders compared"))]  # fmt: skip
    return Table(_("Installations"), head, rows, _("The app is installed in no Saleor."))


def _event(event: SaleorEvent, seat: OperatorSeat) -> Row:
    failed = event.state == SaleorEvent.State.FAILED
    place = reverse("operator-desk:saleor-event", args=(event.pk,))
    may = failed and seat.may("saleor_rows.change_saleorevent")
    return Row(
        [
            Cell(event.name, small=event.api_url),
            Cell(_EVENT[event.state], flag=failed, small=event.problem),
            Cell(event.subject),
            Cell(event.received_at),
            Cell(event.attempts, number=True),
        ],
        [Button(place, _("Try again"))] if may else (),
    )


def open_conflicts() -> QuerySet[Conflict]:
    """What both sides wrote and nobody has looked at."""
    return Conflict.objects.filter(resolved_at=None)


def _conflicts(seat: OperatorSeat) -> Table:
    may = seat.may("saleor_rows.change_conflict")
    rows = [
        Row(
            [
                Cell(each.subject),
                Cell(each.field),
                Cell(each.ours),
                Cell(each.theirs),
                Cell(_("Ours") if each.kept == "ours" else _("Saleor's")),
                Cell(each.seen_at),
            ],
            [Button(reverse("operator-desk:saleor-conflict", args=(each.pk,)), _("I have seen it"))]
            if may
            else (),
        )
        for each in open_conflicts()[:50]
    ]
    head = [Column(_("Piece")), Column(_("Field")), Column(_("Ours")), Column(_("Saleor's")),
            Column(_("Kept")), Column(_("Seen"))]  # fmt: skip
    said = _("Fields that both sides wrote. The later text was kept.")
    return Table(_("Conflicts"), head, rows, _("There are no conflicts."), said)


def open_sales() -> QuerySet[SaleorSale]:
    """Sales that Saleor has not taken, or whose money differs."""
    return SaleorSale.objects.exclude(problem="", money_apart="")


def _sales() -> Table:
    rows = [
        Row([Cell(each.order_number or str(each.token)), Cell(each.state),
             Cell(each.problem, flag=True), Cell(each.money_apart, flag=True),
             Cell(each.updated_at)])
        for each in open_sales()[:50]
    ]  # fmt: skip
    head = [Column(_("Order")), Column(_("State")), Column(_("Problem")),
            Column(_("Money apart")), Column(_("Changed"))]  # fmt: skip
    return Table(_("Sales not in step"), head, rows, _("All sales are in step."))


def _news() -> Table:
    waiting = PaymentNews.objects.filter(state=PaymentNews.State.RECEIVED).exclude(problem="")
    rows = [
        Row([Cell(each.kind), Cell(each.reference), Cell(each.problem, flag=True),
             Cell(each.attempts, number=True), Cell(each.received_at)])
        for each in waiting[:50]
    ]  # fmt: skip
    head = [Column(_("Event")), Column(_("Payment")), Column(_("Problem")),
            Column(_("Attempts"), number=True), Column(_("Received"))]  # fmt: skip
    return Table(_("Payment news not taken"), head, rows, _("Saleor has taken all of them."))


def _intakes() -> Table:
    rows = [
        Row([Cell(each.slug), Cell(len(each.waiting), number=True),
             Cell(", ".join(sorted({c for codes in each.waiting.values() for c in codes}))),
             Cell(each.seen_at)])
        for each in Intake.objects.exclude(waiting={})[:50]
    ]  # fmt: skip
    head = [Column(_("Piece")), Column(_("Variants"), number=True), Column(_("Waits for")),
            Column(_("Seen"))]  # fmt: skip
    return Table(_("Taken in from Saleor, incomplete"), head, rows, _("Nothing is incomplete."))


@operator_page("saleor_rows.change_saleorevent", "POST")
def retry(request: HttpRequest, seat: OperatorSeat, event_id: int) -> HttpResponse:
    """Queue a failed event again, with all of its attempts."""
    event = SaleorEvent.objects.filter(pk=event_id).first()
    if event is None:
        raise Http404(event_id)
    if not is_sure(request):
        question = Question(
            _("Try it again?"), _("The event is read anew from Saleor; doing it twice changes"
                                  " nothing."),
            _("Try again"), reverse("operator-desk:saleor"),
            ((_("Event"), event.name), (_("On"), event.subject), (_("Error"), event.problem)),
        )  # fmt: skip
        return ask(request, seat, question)
    with transaction.atomic():
        failed = SaleorEvent.objects.filter(pk=event.pk, state=SaleorEvent.State.FAILED)
        if failed.update(state=SaleorEvent.State.RECEIVED, attempts=0):
            transaction.on_commit(lambda: handle_event.enqueue(event_id))
            record(seat, "retry", "saleor-event", f"{event.name} {event.subject}",
                   key=key_of(request), before=event.problem)  # fmt: skip
    messages.success(request, _("Done."))
    return redirect("operator-desk:saleor")


@operator_page("saleor_rows.change_conflict", "POST")
def resolve(request: HttpRequest, seat: OperatorSeat, conflict_id: int) -> HttpResponse:
    """A person has looked at what both sides wrote."""
    row = Conflict.objects.filter(pk=conflict_id).first()
    if row is None:
        raise Http404(conflict_id)
    if not is_sure(request):
        facts = ((_("Piece"), row.subject), (_("Field"), row.field), (_("Ours"), row.ours),
                 (_("Saleor's"), row.theirs))  # fmt: skip
        question = Question(
            _("Close this conflict?"), _("What was kept stays."), _("I have seen it"),
            reverse("operator-desk:saleor"), facts,
        )  # fmt: skip
        return ask(request, seat, question)
    with transaction.atomic():
        if open_conflicts().filter(pk=row.pk).update(resolved_at=wiring.now()):
            record(seat, "conflict", "saleor", f"{row.subject} {row.field}", key=key_of(request),
                   before=row.ours, after=row.theirs, note=row.kept)  # fmt: skip
    messages.success(request, _("Done."))
    return redirect("operator-desk:saleor")
