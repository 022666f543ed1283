"""Rates that jumped and wait, with what they would do to prices; and prices that sheets held."""

from __future__ import annotations

import uuid
from decimal import Decimal
from statistics import median
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from storefront_backend import wiring
from storefront_backend.catalog.models import ImportRun, RateTick, Repricing
from storefront_backend.commerce.errors import CommerceError
from storefront_backend.desk.operator.acts import key_of, record
from storefront_backend.desk.operator.asking import Question, ask, is_sure
from storefront_backend.desk.operator.models import OperatorAct
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
from storefront_backend.jobs.repricing import request_repricing
from storefront_backend.jobs.sheet_imports import Consent, ask_to_apply

_STATES = {
    "held": gettext_lazy("Waits for a person"),
    "accepted": gettext_lazy("Taken"),
    "rejected": gettext_lazy("Refused"),
}


@operator_page("catalog.view_ratetick", "GET")
def listed(request: HttpRequest, seat: OperatorSeat) -> HttpResponse:
    """Newest first; `state` chooses those that wait."""
    wanted = filters(request, "state")
    rows = RateTick.objects.all()
    if wanted["state"] in _STATES:
        rows = rows.filter(state=wanted["state"])
    page = paged(request, rows)
    table = Table(
        _("Rates"),
        [Column(_("Rates")), Column(_("State")), Column(_("Jumps")), Column(_("Seen")),
         Column(_("Decided")), Column(_("By"))],
        [_tick_row(tick) for tick in page],
        _("No rates fit."),
        _("Rates that move by more than %(limit)s %% wait here before they move any price.")
        % {"limit": settings.RATES_MAX_JUMP},
    )  # fmt: skip
    done = Repricing.objects.select_related("tick")[:20]
    head = [Column(_("Market")), Column(_("Rates")), Column(_("Done")),
            Column(_("Looked at"), number=True), Column(_("Changed"), number=True),
            Column(_("Taken off"), number=True), Column(_("Put on"), number=True)]  # fmt: skip
    last = Table(
        _("Repriced last"), head, [_repriced(each) for each in done], _("Nothing was repriced yet.")
    )
    said = [Filter("state", _("State"), _STATES)]
    return table_page(request, seat, table, page=page, wanted=wanted, filters=said, tables=[last])


def _repriced(each: Repricing) -> Row:
    numbers = (each.looked_at, each.changed, each.taken_off, each.put_on)
    return Row(
        [
            Cell(each.market.upper()),
            Cell(each.tick.version),
            Cell(each.done_at or _("under way")),
            *(Cell(number, number=True) for number in numbers),
        ]
    )


def _tick_row(tick: RateTick) -> Row:
    waits = tick.state == RateTick.State.HELD
    return Row(
        [
            Cell(tick.version, href=reverse("operator-desk:rates-tick", args=(tick.pk,))),
            Cell(_STATES[tick.state], flag=waits),
            Cell(", ".join(f"{jump['code']} {float(jump['share']):+.1%}" for jump in tick.jumps)),
            Cell(tick.seen_at),
            Cell(tick.decided_at),
            Cell(tick.decided_by),
        ]
    )


@operator_page("catalog.view_ratetick", "GET")
def one(request: HttpRequest, seat: OperatorSeat, tick_id: int) -> HttpResponse:
    """What jumped, and what these rates would do to the prices of each market."""
    return _tick_page(request, seat, _tick(tick_id))


def _tick_page(
    request: HttpRequest, seat: OperatorSeat, tick: RateTick, problem: str = ""
) -> HttpResponse:
    waits = tick.state == RateTick.State.HELD
    buttons = []
    if waits and seat.may("catalog.change_ratetick"):
        place = reverse("operator-desk:rates-decide", args=(tick.pk,))
        buttons = [
            Button(place, _("Take"), {"do": "take"}),
            Button(place, _("Refuse"), {"do": "refuse"}),
        ]
    cells = (_STATES[tick.state], tick.seen_at, tick.decided_by or "–")
    head = [Column(_("Rates")), Column(_("State")), Column(_("Seen")), Column(_("By"))]
    rows = [Row([Cell(tick.version), *(Cell(each) for each in cells)], buttons)]
    table = Table(_("Rates %(version)s") % {"version": tick.version}, head, rows, "")
    jumped = Table(
        _("What jumped"),
        [Column(_("Rate")), Column(_("Old"), number=True), Column(_("New"), number=True),
         Column(_("Move"), number=True)],
        [
            Row([Cell(jump["code"]), Cell(jump["old"], number=True), Cell(jump["new"], number=True),
                 Cell(f"{float(jump['share']):+.1%}", number=True, flag=True)])
            for jump in tick.jumps
        ],
        _("Nothing jumped."),
    )  # fmt: skip
    tables = [jumped]
    if waits:
        try:
            tables.append(_preview(tick))
        except CommerceError as error:
            problem = problem or f"{error.message} {error.hint}".strip()
    back = (reverse("operator-desk:rates"), _("Rates"))
    status = 200
    return table_page(
        request, seat, table, tables=tables, back=back, problem=problem, status=status
    )


def _preview(tick: RateTick) -> Table:
    repricer = wiring.repricer(tick)
    rows = []
    for market in settings.MARKETS:
        found = repricer.preview(market)
        shares = (found.lowest, found.middle, found.highest)
        rows.append(
            Row(
                [
                    Cell(market.upper()),
                    Cell(found.listings, number=True),
                    *(Cell(_percent(share), number=True) for share in shares),
                ]
            )
        )
    head = [Column(_("Market")), Column(_("Live listings"), number=True),
            Column(_("Lowest move"), number=True), Column(_("Median"), number=True),
            Column(_("Highest move"), number=True)]  # fmt: skip
    said = _("Goods prices of live listings with these rates, against those of now.")
    return Table(_("What would change"), head, rows, "", said)


def _percent(share: Decimal | None) -> str:
    return "–" if share is None else f"{share:+.1%}"


@operator_page("catalog.change_ratetick", "POST")
def decide(request: HttpRequest, seat: OperatorSeat, tick_id: int) -> HttpResponse:
    """Take held rates, and reprice; or never use them."""
    tick, take = _tick(tick_id), request.POST.get("do") == "take"
    if not is_sure(request):
        question = Question(
            _("Take these rates?") if take else _("Refuse these rates?"),
            _("Every listing is repriced with them.") if take
            else _("They will never move a price; the rates in force stay."),
            _("Take") if take else _("Refuse"),
            reverse("operator-desk:rates-tick", args=(tick.pk,)),
            ((_("Rates"), tick.version),),
        )  # fmt: skip
        return ask(request, seat, question)
    desk, by, before = wiring.rate_desk(), seat.user.get_username(), tick.state
    try:
        decided = desk.approve(tick.version, by) if take else desk.reject(tick.version, by)
    except CommerceError as error:
        return _tick_page(request, seat, _tick(tick_id), error.message)
    if take:
        request_repricing(decided, by)
    act = "take-rates" if take else "refuse-rates"
    record(
        seat, act, "rates", tick.version, key=key_of(request), before=before, after=decided.state
    )
    messages.success(request, str(_STATES[decided.state]))
    return redirect("operator-desk:rates")


def _tick(tick_id: int) -> RateTick:
    tick = RateTick.objects.filter(pk=tick_id).first()
    if tick is None:
        raise Http404(tick_id)
    return tick


def held_sheets() -> QuerySet[ImportRun]:
    """Sheets that were applied, with prices that moved too far to go live by themselves."""
    refused = OperatorAct.objects.filter(act="refuse-prices").values_list("subject", flat=True)
    return ImportRun.objects.filter(
        state=ImportRun.State.DONE, report__counts__moves__gt=0
    ).exclude(pk__in=[uuid.UUID(subject) for subject in refused])


@operator_page("catalog.view_importrun", "GET")
def sheets(request: HttpRequest, seat: OperatorSeat) -> HttpResponse:
    """Held prices of all houses, sheet by sheet."""
    wanted = filters(request, "search")
    rows = held_sheets().select_related("brand").order_by("-created_at")
    if wanted["search"]:
        rows = rows.filter(brand__slug__icontains=wanted["search"])
    page = paged(request, rows)
    table = Table(
        _("Held prices"),
        [Column(_("Sheet")), Column(_("House")), Column(_("Applied")),
         Column(_("Prices"), number=True), Column(_("Lowest move"), number=True),
         Column(_("Median"), number=True), Column(_("Highest move"), number=True)],
        [_sheet_row(run, seat) for run in page],
        _("No price is held."),
        _("Prices of a sheet that move by more than the house's limit keep their old value until"
          " the house, or you, take them."),
    )  # fmt: skip
    said = [Filter("search", _("House"))]
    return table_page(request, seat, table, page=page, wanted=wanted, filters=said)


def _sheet_row(run: ImportRun, seat: OperatorSeat) -> Row:
    place = reverse("operator-desk:held-price", args=(run.pk,))
    moves = _moves(run)
    return Row(
        [
            Cell(run.name, href=place),
            Cell(run.brand.slug),
            Cell(run.finished_at),
            Cell(len(run.report["moves"]), number=True),
            *(Cell(each, number=True) for each in moves),
        ],
        _sheet_buttons(run, seat),
    )


def _sheet_buttons(run: ImportRun, seat: OperatorSeat) -> list[Button]:
    if not seat.may("catalog.change_importrun"):
        return []
    place = reverse("operator-desk:held-price-decide", args=(run.pk,))
    return [Button(place, _("Take"), {"do": "take"}), Button(place, _("Refuse"), {"do": "refuse"})]


def _moves(run: ImportRun) -> tuple[str, str, str]:
    """Lowest, median and highest move; a price that could not be compared counts for none."""
    percents = [Decimal(move["percent"]) for move in run.report["moves"] if move["before"] != "?"]
    if not percents:
        return "–", "–", "–"
    shares = (min(percents), median(percents), max(percents))
    lowest, middle, highest = (f"{share:+.1f}%" for share in shares)
    return lowest, middle, highest


@operator_page("catalog.view_importrun", "GET")
def sheet(request: HttpRequest, seat: OperatorSeat, run_id: uuid.UUID) -> HttpResponse:
    """Each price that a sheet holds: the one that is live, and the sheet's."""
    run = _run(run_id)
    moves: list[dict[str, Any]] = run.report.get("moves", [])
    page = paged(request, moves)
    table = Table(
        _("Held prices of %(sheet)s") % {"sheet": run.name},
        [Column("SKU"), Column(_("Product")), Column(_("Live"), number=True),
         Column(_("Sheet"), number=True), Column(_("Move"), number=True)],
        [
            Row([Cell(move["sku"]), Cell(move["product"]), Cell(move["before"], number=True),
                 Cell(move["after"], number=True), Cell(f"{move['percent']}%", number=True)])
            for move in page
        ],
        _("No price is held."),
        run.brand.slug,
    )  # fmt: skip
    back = (reverse("operator-desk:held-prices"), _("Held prices"))
    return table_page(request, seat, table, page=page, wanted=filters(request), back=back)


@operator_page("catalog.change_importrun", "POST")
def decide_sheet(request: HttpRequest, seat: OperatorSeat, run_id: uuid.UUID) -> HttpResponse:
    """Let the sheet's prices go live, or keep those of now."""
    run, take = _run(run_id), request.POST.get("do") == "take"
    skus = frozenset(move["sku"] for move in run.report.get("moves", ()))
    if not is_sure(request):
        question = Question(
            _("Take the sheet's prices?") if take else _("Keep the prices of now?"),
            _("The sheet is applied once more, and these prices go live.") if take
            else _("The sheet's prices are set aside. The house can still confirm them itself."),
            _("Take") if take else _("Refuse"), reverse("operator-desk:held-prices"),
            ((_("House"), run.brand.slug), (_("Sheet"), run.name), (_("Prices"), len(skus)),
             (_("Median"), _moves(run)[1])),
        )  # fmt: skip
        return ask(request, seat, question)
    if take:
        try:
            ask_to_apply(run, Consent(only_valid=True, moves=skus))
        except CommerceError as error:
            messages.error(request, error.message)
            return redirect("operator-desk:held-prices")
    act = "take-prices" if take else "refuse-prices"
    after = f"{len(skus)} {run.name}"
    record(seat, act, "sheet", str(run.pk), key=key_of(request), after=after, note=run.brand.slug)
    messages.success(request, _("The prices are on their way.") if take else _("Set aside."))
    return redirect("operator-desk:held-prices")


def _run(run_id: uuid.UUID) -> ImportRun:
    run = ImportRun.objects.select_related("brand").filter(pk=run_id).first()
    if run is None:
        raise Http404(run_id)
    return run
