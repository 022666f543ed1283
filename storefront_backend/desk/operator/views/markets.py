"""Markets: how ready each is, and what the law changes there next."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from i18n.law import State
from i18n.locales import LANGUAGES
from i18n.rulebook.model import MarketRules
from storefront_backend import wiring
from storefront_backend.commerce.errors import StaleRates
from storefront_backend.commerce.landed import LandedCosts
from storefront_backend.desk.operator.acts import key_of, record
from storefront_backend.desk.operator.asking import Question, ask, is_sure
from storefront_backend.desk.operator.readiness import Change, Readiness, changes, readiness
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
from storefront_backend.desk.pages import filters
from storefront_backend.pricing import relisting
from storefront_backend.pricing.law_preview import touched

_DAYS = 365
_HORIZONS = ("30", "90", "365", "1500")


@operator_page("catalog.view_listing", "GET")
def listed(request: HttpRequest, seat: OperatorSeat) -> HttpResponse:
    """Every market of the shop, and the changes of law ahead."""
    book, today = wiring.rulebook(), wiring.now().date()
    wanted = filters(request, "days")
    days = int(wanted["days"]) if wanted["days"] in _HORIZONS else _DAYS
    table = Table(
        _("Markets"),
        [Column(_("Market")), Column(_("Rules in force"), number=True),
         Column(_("Disputed"), number=True), Column(_("Unknown"), number=True),
         Column(_("Languages")), Column(_("Deliveries"), number=True), Column(_("Payment")),
         Column(_("Consumer data")), Column(_("Live listings"), number=True)],
        [_market(each) for each in readiness(book, today)],
        "",
    )  # fmt: skip
    ahead = Table(
        _("Law changes in the next %(days)s days") % {"days": days},
        [Column(_("Rule")), Column(_("Market")), Column(_("Day")), Column(_("What")),
         Column(_("Live listings"), number=True), Column(_("Stopped"), number=True),
         Column(_("Other total"), number=True), Column(_("Source"))],
        _changes(changes(book, today, days)),
        _("Nothing begins or ends in that time."),
        _("Counted over the live listings of the market, by the law of the day before and of the"
          " day itself. The shop follows on that day by itself."),
    )  # fmt: skip
    horizon = Filter("days", _("Days ahead"), {each: each for each in _HORIZONS})
    return table_page(request, seat, table, wanted=wanted, filters=[horizon], tables=[ahead])


def _market(each: Readiness) -> Row:
    missing = [code for code, is_complete in each.languages if not is_complete]
    names = ", ".join(LANGUAGES[code].name for code, _complete in each.languages)
    lacks = _("missing: %(what)s") % {"what": ", ".join(missing)} if missing else ""
    sandbox = settings.PAYMENT_PROVIDER == "sandbox"
    no_rate = _("no exchange rate")
    place = reverse("operator-desk:market", args=(each.code,))
    return Row(
        [
            Cell(each.name, href=place, small=each.code.upper()),
            Cell(each.in_force, number=True),
            Cell(each.disputed, number=True, flag=each.disputed > 0),
            Cell(each.unknown, number=True, flag=each.unknown > 0),
            Cell(names, small=lacks, flag=bool(missing)),
            Cell(each.deliveries, number=True, flag=not each.deliveries),
            Cell(settings.PAYMENT_PROVIDER, flag=sandbox, small="" if each.has_rate else no_rate),
            Cell(_("complete") if not each.consumer else ", ".join(each.consumer),
                 flag=bool(each.consumer)),
            Cell(each.live, number=True),
        ]
    )  # fmt: skip


def _changes(found: list[Change]) -> list[Row]:
    costs = _costs()
    counted = {
        (each.market, each.day): touched(costs, each.market, each.day)
        for each in found
        if costs is not None
    }
    rows = []
    for each in found:
        count = counted.get((each.market, each.day))
        numbers = (count.listings, count.stopped, count.repriced) if count else ("–",) * 3
        more = (
            _("of the first %(n)s") % {"n": count.looked_at}
            if (count and count.looked_at < count.listings)
            else ""
        )
        rows.append(
            Row(
                [
                    Cell(each.title, small=each.rule),
                    Cell(each.market.upper()),
                    Cell(each.day.isoformat()),
                    Cell(_("begins") if each.begins else _("ends")),
                    Cell(numbers[0], number=True),
                    Cell(numbers[1], number=True, small=more, flag=numbers[1] not in (0, "–")),
                    Cell(numbers[2], number=True),
                    Cell(each.source, href=each.url),
                ]
            )
        )
    return rows


def _costs() -> LandedCosts | None:
    try:
        return wiring.landed_costs()
    except StaleRates:
        return None


@operator_page("catalog.view_listing", "GET")
def one(request: HttpRequest, seat: OperatorSeat, market: str) -> HttpResponse:
    """A market's rules of today that are not plainly in force, with their sources."""
    rules = _rules(market)
    law = rules.on(wiring.now().date())
    words = {State.IN_FORCE: _("In force"), State.DISPUTED: _("Disputed"),
             State.UNKNOWN: _("Unknown")}  # fmt: skip
    wanted = filters(request, "state")
    state = wanted["state"]
    shown = [period for period in law.periods if not state or period.state == state]
    buttons = []
    if seat.may("catalog.change_listing"):
        place = reverse("operator-desk:market-relist", args=(market,))
        buttons = [Button(place, _("List anew"))]
    head = [Column(_("Rule")), Column(_("State")), Column(_("Since")), Column(_("Until")),
            Column(_("Source")), Column(_("Checked"))]  # fmt: skip
    table = Table(
        _("Rules of %(market)s") % {"market": rules.market.name},
        head,
        [
            Row(
                [
                    Cell(period.title, small=period.note or period.rule),
                    Cell(words[period.state], flag=period.state is not State.IN_FORCE),
                    Cell(period.starts.isoformat()),
                    Cell(period.ends.isoformat() if period.ends else ""),
                    Cell(period.source.title, href=period.source.url),
                    Cell(period.source.checked.isoformat()),
                ]
            )
            for period in shown
        ],
        _("No rule is in that state."),
    )
    again = Table(
        _("Listings"), [Column(_("Market"))], [Row([Cell(rules.market.name)], buttons)], "",
        _("The shop lists by itself when law, rates or pieces change. Order it here after a change"
          " of settings."),
    )  # fmt: skip
    choices = {each.value: word for each, word in words.items()}
    back = (reverse("operator-desk:markets"), _("Markets"))
    return table_page(
        request, seat, table, wanted=wanted, filters=[Filter("state", _("State"), choices)],
        tables=[again], back=back,
    )  # fmt: skip


@operator_page("catalog.change_listing", "POST")
def relist(request: HttpRequest, seat: OperatorSeat, market: str) -> HttpResponse:
    """Have every listing of a market written anew."""
    rules = _rules(market)
    place = reverse("operator-desk:market", args=(market,))
    if not is_sure(request):
        question = Question(
            _("List the market anew?"), _("A pass over all pieces begins with the next sweep."),
            _("List anew"), place, ((_("Market"), rules.market.name),),
        )  # fmt: skip
        return ask(request, seat, question)
    with transaction.atomic():
        if record(seat, "relist", "market", market, key=key_of(request)):
            relisting.ask([market], None, seat.user.get_username(), wiring.now())
    messages.success(request, _("The pass is ordered."))
    return redirect(place)


def _rules(market: str) -> MarketRules:
    if market not in settings.MARKETS:
        raise Http404(market)
    return wiring.rulebook().market(market)
