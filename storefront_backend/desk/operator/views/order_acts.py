"""What an operator does to an order: send, cancel, refund, note, letters, events that do not fit.

Each act is confirmed, idempotent and recorded. The engines settle it; no transaction is open here
while a provider is asked.
"""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from storefront_backend import wiring
from storefront_backend.aftersale import payment_rows
from storefront_backend.aftersale.refunds import RefundRequest, rows_of
from storefront_backend.commerce.errors import CommerceError
from storefront_backend.commerce.orders import Order
from storefront_backend.commerce.shares import Share
from storefront_backend.desk.operator.acts import key_of, record
from storefront_backend.desk.operator.asking import Question, ask, is_sure
from storefront_backend.desk.operator.piece_forms import START, PiecesForm
from storefront_backend.desk.operator.seat import OperatorSeat, operator_page, operator_render
from storefront_backend.desk.operator.views.orders import order_page, order_row
from storefront_backend.desk.operator.words import WORDS
from storefront_backend.desk.words import WORDS as DESK_WORDS
from storefront_backend.jobs.letters import send_again
from storefront_backend.orders.models import Order as OrderRow
from storefront_backend.orders.models import Refund

_TEXT = 80


@operator_page("orders.change_order", "POST")
def send(request: HttpRequest, seat: OperatorSeat, number: str) -> HttpResponse:
    """A house's parcel has left, with all of its pieces that wait or with some."""
    row = order_row(number)
    brand, tracking = request.POST.get("brand", ""), _line(request, "tracking")
    carrier = _line(request, "carrier")[:60]
    if not tracking:
        return order_page(request, seat, row, problem=_("Enter the parcel's tracking number."))
    if not is_sure(request):
        facts = ((_("House"), brand), (_("Tracking number"), tracking), (_("Carrier"), carrier))
        return _ask(
            request, seat, row, _("Mark the parcel as sent?"),
            _("The shopper is told by mail, and money that is held is charged."),
            _("Mark as sent"), *facts,
        )  # fmt: skip
    wanted = _pieces(request)
    try:
        order = wiring.orders().fulfil(
            number, brand=brand, tracking=tracking, carrier=carrier, pieces=wanted or None
        )
    except CommerceError as error:
        return order_page(request, seat, row, problem=_said(error))
    return _done(request, seat, row, "send", order, note=f"{brand} {carrier} {tracking}".strip())


@operator_page("orders.change_order", "POST")
def cancel(request: HttpRequest, seat: OperatorSeat, number: str) -> HttpResponse:
    """All of an order of which nothing has left."""
    row, reason = order_row(number), _line(request, "reason")
    if not reason:
        return order_page(request, seat, row, problem=_("Enter a reason."))
    if not is_sure(request):
        return _ask(
            request, seat, row, _("Cancel the whole order?"),
            _("Its pieces go back to stock and all of its money goes back to the shopper."),
            _("Cancel the order"), (_("Reason"), reason),
        )  # fmt: skip
    try:
        order = wiring.orders().cancel(number, reason=reason)
    except CommerceError as error:
        return order_page(request, seat, row, problem=_said(error))
    return _done(request, seat, row, "cancel", order, note=reason)


@operator_page("orders.change_order", "GET", "POST")
def refund(request: HttpRequest, seat: OperatorSeat, number: str) -> HttpResponse:
    """Pieces by line, or an amount of what they cost; the question says how much it comes to."""
    row = order_row(number)
    order = wiring.orders().get(number)
    form = PiecesForm(order, request.POST or None, initial=START)
    if request.method == "POST" and form.is_valid():
        try:
            return _refund(request, seat, row, form)
        except CommerceError as error:
            form.add_error(None, _said(error))
    context = {"row": row, "order": order, "form": form, "button": _("Go on")}
    status = 422 if form.errors else 200
    return operator_render(request, seat, "order_refund.html", context, status=status)


def _refund(
    request: HttpRequest, seat: OperatorSeat, row: OrderRow, form: PiecesForm
) -> HttpResponse:
    key = key_of(request)
    asked = form.request(key)
    kind = Refund.Kind(form.cleaned_data["kind"])
    if not is_sure(request):
        facts = (
            (_("What happened"), WORDS["refund"][kind]),
            (_("House"), asked.brand),
            *_shares(row, asked, kind),
            (_("Reason"), asked.reason),
        )
        return _ask(
            request, seat, row, _("Refund this?"),
            _("The money goes back by the way it was paid, and a credit note is made."),
            _("Refund"), *facts,
        )  # fmt: skip
    desk = wiring.refunds()
    does = {
        Refund.Kind.CANCELLATION: desk.cancel,
        Refund.Kind.RETURN: desk.take_back,
        Refund.Kind.ALLOWANCE: desk.allow,
    }
    order = does[kind](row.number, asked)
    made = Refund.objects.get(key=key)
    note = f"{made.number} {made.amount:f} {made.currency}: {asked.reason}"
    return _done(request, seat, row, "refund", order, note=note)


def _shares(row: OrderRow, asked: RefundRequest, kind: Refund.Kind) -> list[tuple[str, object]]:
    """What the refund comes to, line by line; nothing where the same form has made it already."""
    if Refund.objects.filter(key=asked.key).exists():
        return []
    rows = rows_of(row, asked, kind)
    total = Share.sum((share for _, _, share in rows), row.currency)
    lines: list[tuple[str, object]] = [
        (f"{quantity} × {line.sku}", share.total) for line, quantity, share in rows
    ]
    return [*lines, (_("Total"), total.total)]


@operator_page("orders.change_order", "POST")
def note(request: HttpRequest, seat: OperatorSeat, number: str) -> HttpResponse:
    """A note for other operators; shoppers and houses never see it."""
    row = order_row(number)
    text = request.POST.get("text", "").strip()[:1000]
    if not text:
        return order_page(request, seat, row, problem=_("Write a note."))
    record(seat, "note", "order", number, key=key_of(request), note=text)
    messages.success(request, _("The note is kept."))
    return redirect("operator-desk:order", number)


@operator_page("orders.change_order", "POST")
def letter(request: HttpRequest, seat: OperatorSeat, number: str) -> HttpResponse:
    """The confirmation, or the news of a parcel, once more."""
    row, parcel = order_row(number), _line(request, "parcel")
    if wiring.send_again().channel is None:
        return order_page(
            request, seat, row, problem=_("The shop cannot send mail: EMAIL_URL is not set.")
        )
    if not is_sure(request):
        facts = ((_("To"), row.email), (_("Parcel"), parcel or "–"))
        return _ask(
            request, seat, row, _("Send the letter again?"),
            _("The shopper gets it once more, written from the order as it is now."),
            _("Send again"), *facts,
        )  # fmt: skip
    with transaction.atomic():
        after = f"{row.email} {parcel}".strip()
        if record(seat, "resend", "order", number, key=key_of(request), after=after):
            transaction.on_commit(lambda: send_again.enqueue(number, parcel))
    messages.success(request, _("The letter is on its way."))
    return redirect("operator-desk:order", number)


@operator_page("orders.change_order", "POST")
def check_events(request: HttpRequest, seat: OperatorSeat, number: str) -> HttpResponse:
    """Let an order go on whose payment has events that do not fit, after a look at them."""
    row = order_row(number)
    if not is_sure(request):
        return _ask(
            request, seat, row, _("Let the order go on?"),
            _("You have checked the payment's events that do not fit at the provider."),
            _("Let it go on"), (_("State"), WORDS["flag"].get(row.flag, row.flag)),
        )  # fmt: skip
    before = row.flag
    payment_rows.check_events(number, wiring.now())
    row.refresh_from_db()
    record(
        seat, "check-events", "order", number, key=key_of(request), before=before, after=row.flag
    )
    messages.success(request, _("The events are marked as checked."))
    return redirect("operator-desk:order", number)


def _ask(
    request: HttpRequest,
    seat: OperatorSeat,
    row: OrderRow,
    title: str,
    sentence: str,
    button: str,
    *facts: tuple[str, object],
) -> HttpResponse:
    back = reverse("operator-desk:order", args=(row.number,))
    shown = ((_("Order"), row.number), *facts)
    return ask(request, seat, Question(title, sentence, button, back, shown))


def _done(
    request: HttpRequest, seat: OperatorSeat, row: OrderRow, act: str, order: Order, *, note: str
) -> HttpResponse:
    """Record what the engine did, by the order's state before and after."""
    words = DESK_WORDS["order"]
    record(
        seat, act, "order", row.number, key=key_of(request), note=note,
        before=row.state, after=order.state.value,
    )  # fmt: skip
    messages.success(request, f"{WORDS['act'][act]}. {words[order.state.value]}.")
    return redirect("operator-desk:order", row.number)


def _line(request: HttpRequest, name: str) -> str:
    """A posted text of one line."""
    text = request.POST.get(name, "").strip()[: _TEXT if name != "reason" else 200]
    return text if text.isprintable() else ""


def _pieces(request: HttpRequest) -> dict[str, int]:
    """Counts by line, where some of what waits is left behind."""
    found = {}
    for name in request.POST:
        line, value = name.removeprefix("pieces_"), request.POST.get(name, "")
        if line != name and line.isdecimal() and value.isdecimal() and len(value) < 5:
            found[line] = int(value)
    return {line: count for line, count in found.items() if count}


def _said(error: CommerceError) -> str:
    return f"{error.message} {error.hint}".strip()
