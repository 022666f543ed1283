"""A form over an order's lines: which pieces, which parts of their price, how much and why."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from i18n.money import Money
from storefront_backend.aftersale.refunds import RefundRequest
from storefront_backend.commerce.errors import InvalidRequest
from storefront_backend.commerce.orders import Order
from storefront_backend.commerce.shares import PARTS
from storefront_backend.desk.operator.words import WORDS


class PiecesForm(forms.Form):
    """Pieces of one brand with what becomes of their money."""

    kind = forms.ChoiceField(label=gettext_lazy("What happened"))
    amount = forms.DecimalField(
        label=gettext_lazy("Amount"),
        required=False,
        min_value=Decimal("0.001"),
        help_text=gettext_lazy("Empty: all that the chosen parts of the pieces cost."),
    )
    parts = forms.MultipleChoiceField(
        label=gettext_lazy("Parts of the price"), widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        help_text=gettext_lazy("The shopper reads it on the credit note."),
    )
    duty_note = forms.CharField(label=gettext_lazy("Note on duty"), max_length=300, required=False)

    def __init__(self, order: Order, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order = order
        self._choices("kind", self.kinds())
        self._choices("parts", [(part, str(WORDS["part"][part])) for part in _PARTS])
        for line in order.lines:
            self.fields[f"pieces_{line.id}"] = forms.IntegerField(
                label=f"{line.brand} · {line.sku} · {line.name}",
                required=False,
                min_value=0,
                max_value=line.quantity,
                help_text=_("of %(count)s") % {"count": line.quantity},
            )

    def kinds(self) -> list[tuple[str, str]]:
        """What may have happened to the pieces."""
        return [(code, str(word)) for code, word in WORDS["refund"].items()]

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, (forms.ChoiceField, forms.MultipleChoiceField))
        field.choices = choices

    @property
    def money(self) -> Money | None:
        """The amount named, in the order's currency."""
        amount: Decimal | None = self.cleaned_data["amount"]
        return None if amount is None else Money(amount, self.order.paid.currency)

    @property
    def pieces(self) -> dict[str, int]:
        """Counts by line."""
        said = self.cleaned_data
        return {
            line.id: said[f"pieces_{line.id}"]
            for line in self.order.lines
            if said[f"pieces_{line.id}"]
        }

    @property
    def brand(self) -> str:
        """The brand of the pieces. Raises InvalidRequest where they are of none or of several."""
        chosen = self.pieces
        brands = {line.brand for line in self.order.lines if line.id in chosen}
        if len(brands) != 1:
            raise InvalidRequest(_("Choose pieces of one house."), field="pieces")
        return brands.pop()

    def asked(self, key: str) -> dict[str, Any]:
        """The fields of a RefundRequest. Raises InvalidRequest."""
        said = self.cleaned_data
        return {
            "key": key,
            "brand": self.brand,
            "pieces": self.pieces,
            "reason": said["reason"],
            "parts": frozenset(said["parts"]),
            "amount": self.money,
            "duty_note": said["duty_note"],
        }

    def request(self, key: str) -> RefundRequest:
        """What to refund. Raises InvalidRequest."""
        return RefundRequest(**self.asked(key))


_PARTS = tuple(part for part in ("goods", "shipping", "duty", "tax") if part in PARTS)
START = {"parts": _PARTS}
