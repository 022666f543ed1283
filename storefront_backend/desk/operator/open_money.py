"""The operator's page for money that is not allocated yet: which lines bear it, or the shop."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.crypto import get_random_string

from i18n.money import Money
from storefront_backend import wiring
from storefront_backend.aftersale import payment_rows
from storefront_backend.aftersale.allocations import Allocation
from storefront_backend.commerce.errors import CommerceError, InvalidRequest
from storefront_backend.commerce.ledger import OPEN_ACCOUNTS, Account
from storefront_backend.commerce.orders import Order
from storefront_backend.commerce.shares import PARTS
from storefront_backend.orders.models import OpenMoney, Refund
from storefront_backend.selling.ledger import Open, open_money

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_LOSS = "loss"
_KINDS = (
    (Refund.Kind.RETURN, "The pieces came back"),
    (Refund.Kind.CANCELLATION, "The pieces never left"),
    (Refund.Kind.ALLOWANCE, "The shopper keeps the pieces"),
    (_LOSS, "The shop bears it; no pieces"),
)


class AllocationForm(forms.Form):
    """Whose it was. `key` comes with the page, so a form that is sent twice counts once."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=100)
    source = forms.ChoiceField(label="Money from")
    kind = forms.ChoiceField(label="What happened", choices=_KINDS)
    amount = forms.DecimalField(
        label="Amount", required=False, help_text="Empty: all that the pieces cost, or all of it."
    )
    parts = forms.MultipleChoiceField(
        label="Parts of the price",
        choices=[(part, part) for part in sorted(PARTS)],
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(max_length=200, help_text="The shopper reads it on the credit note.")
    duty_note = forms.CharField(label="Note on duty", max_length=300, required=False)

    def __init__(self, order: Order, balances: list[Open], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order = order
        source = self.fields["source"]
        assert isinstance(source, forms.ChoiceField)
        source.choices = [(each.account, f"{each.account}: {each.amount}") for each in balances]
        for line in order.lines:
            label: StrOrPromise = f"{line.brand} · {line.sku} · {line.name}"
            self.fields[f"pieces_{line.id}"] = forms.IntegerField(
                label=label, required=False, min_value=0, max_value=line.quantity,
                help_text=f"of {line.quantity}",
            )  # fmt: skip

    def carry_out(self) -> str:
        """Allocate or write off; a sentence. Raises CommerceError."""
        said, desk = self.cleaned_data, wiring.allocations()
        amount: Decimal | None = said["amount"]
        money = None if amount is None else Money(amount, self.order.paid.currency)
        source = Account(said["source"])
        pieces = {
            line.id: said[f"pieces_{line.id}"]
            for line in self.order.lines
            if said[f"pieces_{line.id}"]
        }
        if said["kind"] == _LOSS:
            if pieces:
                raise InvalidRequest("A loss of the shop's names no pieces", field="pieces")
            booked = desk.write_off(
                self.order.number, key=said["key"], reason=said["reason"], amount=money,
                source=source,
            )  # fmt: skip
            return f"{booked} is the shop's loss."
        brands = {line.brand for line in self.order.lines if line.id in pieces}
        if len(brands) != 1:
            raise InvalidRequest("Name pieces of one brand", field="pieces")
        order = desk.allocate(
            self.order.number,
            Allocation(
                key=said["key"], brand=brands.pop(), pieces=pieces, kind=said["kind"],
                amount=money, source=source, reason=said["reason"],
                parts=frozenset(said["parts"]), duty_note=said["duty_note"],
            ),
        )  # fmt: skip
        refund = max(order.refunds, key=lambda refund: refund.created_at)
        return f"{refund.amount} is borne by {refund.brand}: credit note {refund.number}."


class OpenMoneyAdmin(admin.ModelAdmin[OpenMoney]):
    """Orders with open money; each has a page on which it is allocated."""

    list_display = ("number", "flag", "open_accounts", "market", "email", "created_at")
    actions = ("mark_checked",)
    search_fields = ("number", "email")

    def get_queryset(self, request: HttpRequest) -> QuerySet[OpenMoney]:
        """Those of which something is open, or of whose money an event does not fit."""
        numbers = {each.order for each in open_money()}
        unfit = Q(flag=OpenMoney.Flag.MISMATCH)
        return super().get_queryset(request).filter(Q(number__in=numbers) | unfit)

    @admin.action(description="I have checked the events that do not fit: let the order go on")
    def mark_checked(self, request: HttpRequest, orders: QuerySet[OpenMoney]) -> None:
        """Take the hold off that an event in another currency, or of no amount, has put on."""
        for order in orders:
            payment_rows.check_events(order.number, wiring.now())

    @admin.display(description="open")
    def open_accounts(self, row: OpenMoney) -> str:
        """By account."""
        return ", ".join(f"{each.account} {each.amount}" for each in open_money(row.number))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The provider's events make these rows."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: OpenMoney | None = None) -> bool:
        """They are never deleted."""
        return False

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show what is open, and record who bears it."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        row = OpenMoney.objects.filter(pk=object_id).first()
        if row is None:
            raise Http404(object_id)
        order, balances = wiring.orders().get(row.number), open_money(row.number)
        start = {"key": f"admin-{get_random_string(12)}", "parts": sorted(PARTS)}
        form = AllocationForm(order, balances, request.POST or None, initial=start)
        if request.method == "POST" and form.is_valid():
            try:
                said = form.carry_out()
            except CommerceError as error:
                form.add_error(None, f"{error.message} {error.hint}".strip())
            else:
                self.message_user(request, said, messages.SUCCESS)
                rest = open_money(row.number)
                return HttpResponseRedirect(request.path if rest else "../../")
        context = {
            **self.admin_site.each_context(request),
            **(extra_context or {}),
            "title": f"Open money of order {row.number}",
            "opts": self.opts,
            "order": order,
            "lies": balances,
            "accounts": OPEN_ACCOUNTS,
            "form": form,
        }
        return TemplateResponse(request, "admin/open_money.html", context)
