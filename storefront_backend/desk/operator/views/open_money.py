"""Money that is not allocated yet: which lines bear it, or the shop."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from storefront_backend import wiring
from storefront_backend.aftersale.allocations import Allocation
from storefront_backend.commerce.errors import CommerceError, InvalidRequest
from storefront_backend.commerce.ledger import Account
from storefront_backend.commerce.orders import Order
from storefront_backend.desk.operator.acts import acts_of, key_of, record
from storefront_backend.desk.operator.asking import Question, ask, is_sure
from storefront_backend.desk.operator.piece_forms import START, PiecesForm
from storefront_backend.desk.operator.seat import OperatorSeat, operator_page, operator_render
from storefront_backend.desk.operator.tables import (
    Cell,
    Column,
    Filter,
    Row,
    Table,
    money,
    table_page,
)
from storefront_backend.desk.operator.views.orders import order_row
from storefront_backend.desk.operator.words import WORDS
from storefront_backend.desk.pages import filters, paged
from storefront_backend.orders.models import Order as OrderRow
from storefront_backend.selling.ledger import Open, open_money

_LOSS = "loss"


class AllocationForm(PiecesForm):
    """Whose the money was."""

    source = forms.ChoiceField(label=gettext_lazy("Money from"))
    field_order = ("source", "kind")

    def __init__(self, order: Order, balances: list[Open], *args: Any, **kwargs: Any) -> None:
        super().__init__(order, *args, **kwargs)
        words = WORDS["account"]
        self._choices(
            "source",
            [(each.account.value, f"{words[each.account]}: {each.amount}") for each in balances],
        )

    def kinds(self) -> list[tuple[str, str]]:
        """As for a refund; or the shop bears it."""
        return [*super().kinds(), (_LOSS, _("The shop bears it; no pieces"))]

    @property
    def source_account(self) -> Account:
        """Where the money is now."""
        return Account(self.cleaned_data["source"])

    def check(self) -> None:
        """Raises InvalidRequest where pieces and kind do not fit."""
        if self.cleaned_data["kind"] != _LOSS and self.brand:
            return
        if self.pieces:
            raise InvalidRequest(_("A loss of the shop names no pieces."), field="pieces")

    def carry_out(self, key: str) -> tuple[str, str]:
        """Allocate or write off; the act, and what it came to. Raises CommerceError."""
        said, desk = self.cleaned_data, wiring.allocations()
        if said["kind"] == _LOSS:
            booked = desk.write_off(
                self.order.number, key=key, reason=said["reason"], amount=self.money,
                source=self.source_account,
            )  # fmt: skip
            return "write-off", str(booked)
        asked = Allocation(**self.asked(key), kind=said["kind"], source=self.source_account)
        order = desk.allocate(self.order.number, asked)
        made = max(order.refunds, key=lambda refund: refund.created_at)
        return "allocate", f"{made.number} {made.amount} {made.brand}"


@operator_page("orders.view_openmoney", "GET")
def listed(request: HttpRequest, seat: OperatorSeat) -> HttpResponse:
    """Orders with open money, or with payment events that do not fit."""
    wanted = filters(request, "search")
    found: dict[str, list[Open]] = {}
    for each in open_money():
        found.setdefault(each.order, []).append(each)
    unfit = Q(flag=OrderRow.Flag.MISMATCH)
    rows = OrderRow.objects.filter(Q(number__in=found) | unfit).order_by("-created_at")
    if text := wanted["search"]:
        rows = rows.filter(Q(number__startswith=text) | Q(email__icontains=text))
    page = paged(request, rows)
    table = Table(
        _("Money to allocate"),
        [Column(_("Order")), Column(_("State")), Column(_("Shopper")), Column(_("Open"))],
        [_row(row, found.get(row.number, []), seat) for row in page],
        _("No money is open."),
        _("Money that was refunded at the provider's own page, or that a shopper's bank has taken"
          " back. Say which pieces bear it, or that the shop does."),
    )  # fmt: skip
    said = [Filter("search", _("Order or mail"))]
    return table_page(request, seat, table, page=page, wanted=wanted, filters=said)


def _row(row: OrderRow, balances: list[Open], seat: OperatorSeat) -> Row:
    name = "open-money-order" if balances else "order"
    words = WORDS["account"]
    amounts = ", ".join(f"{words[each.account]} {money(each.amount, seat)}" for each in balances)
    return Row(
        [
            Cell(row.number, href=reverse(f"operator-desk:{name}", args=(row.number,))),
            Cell(WORDS["flag"].get(row.flag, ""), flag=bool(row.flag)),
            Cell(row.email),
            Cell(amounts),
        ]
    )


@operator_page("orders.change_openmoney", "GET", "POST")
def one(request: HttpRequest, seat: OperatorSeat, number: str) -> HttpResponse:
    """What is open of an order, and who bears it."""
    row = order_row(number)
    order, balances = wiring.orders().get(number), open_money(number)
    form = AllocationForm(order, balances, request.POST or None, initial=START)
    if request.method == "POST" and _is_done_already(request, number):
        return redirect("operator-desk:open-money")
    if request.method == "POST" and form.is_valid():
        try:
            form.check()
            return _allocate(request, seat, form, number)
        except CommerceError as error:
            form.add_error(None, f"{error.message} {error.hint}".strip())
    words = WORDS["account"]
    context = {
        "title": _("Money to allocate of order %(number)s") % {"number": row.number},
        "back": (reverse("operator-desk:open-money"), _("Money to allocate")),
        "notes": [f"{words[each.account]}: {money(each.amount, seat)}" for each in balances],
        "form": form,
        "button": _("Go on"),
    }
    status = 422 if form.errors else 200
    return operator_render(request, seat, "form.html", context, status=status)


def _is_done_already(request: HttpRequest, number: str) -> bool:
    """Whether this very form has allocated all there was: then nothing is left to choose from."""
    key = request.POST.get("key", "")
    return bool(key) and acts_of("order", number).filter(key__startswith=f"{key} ").exists()


def _allocate(
    request: HttpRequest, seat: OperatorSeat, form: AllocationForm, number: str
) -> HttpResponse:
    said = form.cleaned_data
    if not is_sure(request):
        kinds = dict(form.kinds())
        facts = (
            (_("Order"), number),
            (_("Money from"), WORDS["account"][form.source_account]),
            (_("What happened"), kinds[said["kind"]]),
            (_("Amount"), form.money or _("All that the pieces cost, or all of it")),
            (_("Reason"), said["reason"]),
        )
        question = Question(
            _("Allocate the money?"),
            _("It is booked in the ledger, where nothing is changed afterwards. No money moves at"
              " the provider."),
            _("Allocate"), reverse("operator-desk:open-money-order", args=(number,)), facts,
        )  # fmt: skip
        return ask(request, seat, question)
    act, after = form.carry_out(key_of(request))
    record(
        seat, act, "order", number, key=key_of(request), after=after, note=said["reason"],
        before=form.source_account.value,
    )  # fmt: skip
    messages.success(request, f"{WORDS['act'][act]}: {after}")
    rest = open_money(number)
    return (
        redirect("operator-desk:open-money-order", number)
        if rest
        else redirect("operator-desk:open-money")
    )
