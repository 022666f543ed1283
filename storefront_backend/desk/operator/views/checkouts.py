"""Payments that wait for a person: money without an order, holds, requests without an answer."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from i18n.money import Money
from storefront_backend import wiring
from storefront_backend.aftersale import payment_rows
from storefront_backend.aftersale.payment_recovery import settle_now
from storefront_backend.commerce.errors import CommerceError
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
    money,
    table_page,
)
from storefront_backend.desk.operator.words import WORDS
from storefront_backend.desk.pages import filters, paged
from storefront_backend.orders.models import Transaction, TransactionRequest

# The sweep finishes what is younger by itself.
_WAITS_AFTER = timedelta(minutes=10)
_WHY = {
    "no-order": gettext_lazy("Money without an order"),
    "no-answer": gettext_lazy("A request without an answer"),
    "refused": gettext_lazy("A request that the provider refused"),
    "open": gettext_lazy("Begun and not ended"),
}


def waiting() -> QuerySet[Transaction]:
    """The payments that somebody should look at."""
    limit = wiring.now() - _WAITS_AFTER
    no_order = Q(state__in=payment_rows.MONEY_HELD, checkout__order=None)
    unsettled = Q(state__in=payment_rows.UNSETTLED)
    asked = Q(requests__state__in=_OPEN_REQUESTS)
    old = Q(created_at__lte=limit)
    return Transaction.objects.filter((no_order | unsettled | asked) & old).distinct()


_OPEN_REQUESTS = (TransactionRequest.State.ASKED, TransactionRequest.State.REFUSED)


@operator_page("orders.view_transaction", "GET")
def listed(request: HttpRequest, seat: OperatorSeat) -> HttpResponse:
    """Oldest first, with the reason, and the ways out."""
    wanted = filters(request, "search", "why")
    rows = waiting().order_by("created_at").select_related("checkout__order")
    if text := wanted["search"]:
        rows = rows.filter(Q(checkout__email__icontains=text) | Q(provider_id=text))
    if wanted["why"] == "no-order":
        rows = rows.filter(state__in=payment_rows.MONEY_HELD, checkout__order=None)
    elif wanted["why"] == "open":
        rows = rows.filter(state__in=payment_rows.UNSETTLED)
    elif wanted["why"]:
        state = "asked" if wanted["why"] == "no-answer" else "refused"
        rows = rows.filter(requests__state=state)
    page = paged(request, rows.prefetch_related("requests"))
    table = Table(
        _("Checkouts that wait"),
        [Column(_("Payment")), Column(_("Since")), Column(_("Why")), Column(_("State")),
         Column(_("Shopper")), Column(_("Order")), Column(_("Amount"), number=True)],
        [_row(payment, seat) for payment in page],
        _("No payment waits for a person."),
        _("The sweep works at these each minute. Here you can ask the provider at once, or give"
          " money back that cannot become an order."),
    )  # fmt: skip
    said = [Filter("search", _("Mail or provider's id")), Filter("why", _("Why"), _WHY)]
    return table_page(request, seat, table, page=page, wanted=wanted, filters=said)


def _row(payment: Transaction, seat: OperatorSeat) -> Row:
    order = getattr(payment.checkout, "order", None)
    place = reverse("operator-desk:order", args=(order.number,)) if order else ""
    return Row(
        [
            Cell(payment.provider_id or str(payment.reference), small=payment.provider),
            Cell(payment.created_at),
            Cell(_why(payment), flag=True, small=payment.reason),
            Cell(WORDS["payment"][payment.state]),
            Cell(payment.checkout.email),
            Cell(order.number if order else None, href=place),
            Cell(money(Money(payment.amount, payment.currency), seat), number=True),
        ],
        _buttons(payment) if seat.may("orders.change_transaction") else (),
    )


def _why(payment: Transaction) -> str:
    states = {request.state for request in payment.requests.all()}
    if TransactionRequest.State.REFUSED in states:
        return str(_WHY["refused"])
    if TransactionRequest.State.ASKED in states:
        return str(_WHY["no-answer"])
    held = payment.state in payment_rows.MONEY_HELD
    return str(_WHY["no-order" if held else "open"])


def _buttons(payment: Transaction) -> list[Button]:
    def button(name: str, label: str) -> Button:
        return Button(reverse(f"operator-desk:{name}", args=(payment.reference,)), label)

    found = [button("checkout-settle", _("Ask the provider"))]
    if any(each.state == TransactionRequest.State.ASKED for each in payment.requests.all()):
        found.append(button("checkout-repeat", _("Repeat the request")))
    if payment.state in payment_rows.UNSETTLED:
        found.append(button("checkout-give-up", _("Release")))
    return found


@operator_page("orders.change_transaction", "POST")
def settle(request: HttpRequest, seat: OperatorSeat, reference: uuid.UUID) -> HttpResponse:
    """Ask the provider what became of it: an order is made, or the money goes back."""
    return _act(
        request, seat, reference, "settle",
        Question(
            _("Ask the provider now?"),
            _("What it answers is recorded. Money that is there becomes the order, or goes back"
              " to the shopper where there can be none."),
            _("Ask the provider"), reverse("operator-desk:checkouts"),
        ),
    )  # fmt: skip


@operator_page("orders.change_transaction", "POST")
def give_up(request: HttpRequest, seat: OperatorSeat, reference: uuid.UUID) -> HttpResponse:
    """Release a payment that nobody ends."""
    return _act(
        request, seat, reference, "give-up",
        Question(
            _("Release the payment?"),
            _("The shopper can no longer pay with it, and its pieces go back to stock. If it has"
              " been paid meanwhile, the order is made instead."),
            _("Release"), reverse("operator-desk:checkouts"),
        ),
    )  # fmt: skip


@operator_page("orders.change_transaction", "POST")
def repeat(request: HttpRequest, seat: OperatorSeat, reference: uuid.UUID) -> HttpResponse:
    """Repeat requests that have no answer, under their own idempotency keys."""
    return _act(
        request, seat, reference, "retry-request",
        Question(
            _("Repeat the request?"),
            _("The provider knows it by its key: what it has done already is not done twice."),
            _("Repeat the request"), reverse("operator-desk:checkouts"),
        ),
    )  # fmt: skip


def _act(
    request: HttpRequest, seat: OperatorSeat, reference: uuid.UUID, act: str, question: Question
) -> HttpResponse:
    payment = Transaction.objects.filter(reference=reference).first()
    if payment is None:
        raise Http404(reference)
    if not is_sure(request):
        return ask(request, seat, question)
    before = payment.state
    try:
        _carry_out(payment, act)
    except CommerceError as error:
        messages.error(request, f"{error.message} {error.hint}".strip())
        return redirect("operator-desk:checkouts")
    payment.refresh_from_db()
    record(
        seat, act, "payment", payment.provider_id or str(reference), key=key_of(request),
        before=before, after=payment.state,
    )  # fmt: skip
    messages.success(request, f"{WORDS['act'][act]}. {WORDS['payment'][payment.state]}.")
    return redirect("operator-desk:checkouts")


def _carry_out(payment: Transaction, act: str) -> None:
    desk, reference = wiring.payment_desk(), str(payment.reference)
    if act == "give-up":
        desk.give_up(reference)
    elif act == "retry-request":
        for asked in payment.requests.filter(state=TransactionRequest.State.ASKED):
            desk.carry_out(asked.pk)
    else:
        settle_now(desk, payment)
