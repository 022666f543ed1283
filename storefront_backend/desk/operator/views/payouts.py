"""Payouts: what each house is owed, what it was paid, and its statement."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from i18n.money import Money
from storefront_backend import wiring
from storefront_backend.catalog.models import Brand
from storefront_backend.commerce.errors import CommerceError
from storefront_backend.desk.operator.acts import key_of, record
from storefront_backend.desk.operator.asking import Question, ask, is_sure
from storefront_backend.desk.operator.seat import OperatorSeat, operator_page
from storefront_backend.desk.operator.tables import (
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
from storefront_backend.orders.models import LedgerMovement
from storefront_backend.selling.ledger import Due, balances, dues, pay_out
from storefront_backend.selling.statements import Line, statement

_OWN = ("commission", "commission-tax", "provider-fees", "loss", "unallocated", "disputed")


class PayoutForm(forms.Form):
    """What was paid to the house, by the bank's own reference."""

    amount = forms.DecimalField(label=gettext_lazy("Amount"), min_value=0)
    currency = forms.ChoiceField(label=gettext_lazy("Currency"))
    reference = forms.RegexField(
        r"^[\w .:/+-]+$",
        label=gettext_lazy("The bank's reference"),
        max_length=80,
        help_text=gettext_lazy("A payout is booked once by its reference."),
    )

    def __init__(self, found: list[Due], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["currency"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(each.due.currency, each.due.currency) for each in found]


@operator_page("orders.view_ledgermovement", "GET")
def listed(request: HttpRequest, seat: OperatorSeat) -> HttpResponse:
    """What every house is owed and what is not due yet; the payouts made; the shop's own."""
    wanted = filters(request, "search")
    found = [due for due in dues() if wanted["search"].lower() in due.brand]
    page = paged(request, found)
    table = Table(
        _("Payouts"),
        [Column(_("House")), Column(_("Due"), number=True), Column(_("Not due yet"), number=True)],
        [
            Row(
                [
                    Cell(due.brand, href=reverse("operator-desk:payout", args=(due.brand,))),
                    Cell(money(due.due, seat), number=True, flag=due.due.amount < 0),
                    Cell(money(due.held, seat), number=True),
                ]
            )
            for due in page
        ],
        _("No house has sold anything yet."),
    )
    paid = LedgerMovement.objects.filter(kind="payout").order_by("-booked_at")
    made = paid.select_related("brand").prefetch_related("entries")[:30]
    tables = [_made(list(made), seat), _own(seat)]
    said = [Filter("search", _("House"))]
    return table_page(request, seat, table, page=page, wanted=wanted, filters=said, tables=tables)


def _made(rows: list[LedgerMovement], seat: OperatorSeat) -> Table:
    def row(movement: LedgerMovement) -> Row:
        paid = next(each for each in movement.entries.all() if each.account == "brand-payable")
        return Row(
            [
                Cell(movement.key.removeprefix("payout ")),
                Cell(movement.brand.slug if movement.brand else None),
                Cell(movement.booked_at),
                Cell(money(Money(paid.amount, paid.currency), seat), number=True),
            ]
        )

    head = [Column(_("The bank's reference")), Column(_("House")), Column(_("When")),
            Column(_("Amount"), number=True)]  # fmt: skip
    return Table(_("Paid last"), head, [row(each) for each in rows], _("Nothing was paid yet."))


def _own(seat: OperatorSeat) -> Table:
    rows = [
        Row([Cell(WORDS["account"][account]), Cell(_own_money(account, held, currency, seat))])
        for currency, accounts in sorted(balances().items())
        for account in _OWN
        if (held := accounts.get(account))
    ]
    head = [Column(_("Account")), Column(_("Balance"))]
    return Table(_("The shop's own accounts"), head, rows, _("Nothing is booked yet."))


def _own_money(account: str, held: Decimal, currency: str, seat: OperatorSeat) -> str:
    """Commission is the other side of what the ledger owes; the others are read as they are."""
    shown = -held if account.startswith("commission") else held
    return money(Money(shown, currency).quantized(), seat)


@operator_page("orders.view_ledgermovement", "GET")
def one(request: HttpRequest, seat: OperatorSeat, slug: str) -> HttpResponse:
    """A house's statement, and a form to book a payout."""
    return _page(request, seat, _brand(slug), None)


@operator_page("orders.add_ledgermovement", "POST")
def pay(request: HttpRequest, seat: OperatorSeat, slug: str) -> HttpResponse:
    """Book that a house was paid; the same reference again changes nothing."""
    brand, found = _brand(slug), dues(slug)
    form = PayoutForm(found, request.POST)
    if not form.is_valid():
        return _page(request, seat, brand, form)
    said = form.cleaned_data
    amount = Money(said["amount"], said["currency"])
    if not is_sure(request):
        due = next(each.due for each in found if each.due.currency == amount.currency)
        facts = ((_("House"), slug), (_("Due"), due), (_("Amount"), amount),
                 (_("The bank's reference"), said["reference"]))  # fmt: skip
        question = Question(
            _("Book the payout?"),
            _("Book it when the bank has paid: the ledger keeps it for good."),
            _("Book the payout"), reverse("operator-desk:payout", args=(slug,)), facts,
        )  # fmt: skip
        return ask(request, seat, question)
    try:
        with transaction.atomic():
            new = pay_out(slug, amount, reference=said["reference"], at=wiring.now())
            if new:
                record(
                    seat, "payout", "brand", slug, key=key_of(request), after=str(amount),
                    note=said["reference"],
                )  # fmt: skip
    except CommerceError as error:
        form.add_error(None, error.message)
        return _page(request, seat, brand, form)
    messages.success(
        request, _("The payout is booked.") if new else _("That payout was booked already.")
    )
    return redirect("operator-desk:payout", slug)


def _brand(slug: str) -> Brand:
    brand = Brand.objects.filter(slug=slug).first()
    if brand is None:
        raise Http404(slug)
    return brand


def _page(
    request: HttpRequest, seat: OperatorSeat, brand: Brand, form: PayoutForm | None
) -> HttpResponse:
    found = dues(brand.slug)
    lines = statement(brand.pk)
    page = paged(request, lines)
    head = [Column(_("When")), Column(_("Movement")), Column(_("Order")),
            Column(_("Not due yet"), number=True), Column(_("Due"), number=True)]  # fmt: skip
    table = Table(
        _("Statement of %(house)s") % {"house": brand.slug},
        head,
        [_line(line, seat) for line in page],
        _("Nothing was sold yet."),
        " · ".join(
            _("due %(due)s, not due yet %(held)s")
            % {"due": money(each.due, seat), "held": money(each.held, seat)}
            for each in found
        ),
    )
    context: dict[str, Any] = {"back": (reverse("operator-desk:payouts"), _("Payouts"))}
    if found and seat.may("orders.add_ledgermovement"):
        context |= {
            "form": form or PayoutForm(found),
            "form_title": _("Book a payout"),
            "form_button": _("Go on"),
            "form_action": reverse("operator-desk:payout-pay", args=(brand.slug,)),
        }
    status = 422 if form and form.errors else 200
    wanted = filters(request)
    return table_page(request, seat, table, page=page, wanted=wanted, status=status, **context)


def _line(line: Line, seat: OperatorSeat) -> Row:
    number = line.order
    place = reverse("operator-desk:order", args=(number,)) if number else ""
    return Row(
        [
            Cell(line.at),
            Cell(WORDS["movement"].get(line.kind, line.kind), small=line.note),
            Cell(number or None, href=place),
            Cell(money(line.held, seat) if line.held else "", number=True),
            Cell(money(line.due, seat) if line.due else "", number=True),
        ]
    )
