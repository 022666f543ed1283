"""What a marketer and a partner can send."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from i18n.money import Money
from storefront_backend.campaigns.models import Campaign, Partner
from storefront_backend.catalog.models import Brand
from storefront_backend.commerce.commissions import Bearer
from storefront_backend.partners.models import Brief, CommissionRule

_DATE = forms.DateInput(attrs={"type": "date"})


def _rows(count: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": count})


def _markets() -> list[tuple[str, str]]:
    return [(code, code.upper()) for code in settings.MARKETS]


class ApproveForm(forms.Form):
    """The code that the new partner gets."""

    code = forms.SlugField(label=pgettext_lazy("of a partner", "Code"), max_length=40)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class PayForm(forms.Form):
    """What was paid, by the bank's own reference."""

    amount = forms.DecimalField(
        label=_("Amount"), max_digits=14, decimal_places=3, min_value=Decimal("0.001")
    )
    currency = forms.ChoiceField(label=_("Currency"))
    reference = forms.CharField(label=_("Bank reference"), max_length=80)

    def __init__(self, due: list[Money], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        currency = self.fields["currency"]
        assert isinstance(currency, forms.ChoiceField)
        currency.choices = [(each.currency, each.currency) for each in due]


class LendForm(forms.Form):
    """Which piece is lent."""

    sku = forms.CharField(label="SKU", max_length=80)
    serial = forms.CharField(label=_("Serial number"), max_length=40)
    due_on = forms.DateField(label=_("Due back on"), widget=_DATE)
    insured = forms.DecimalField(
        label=_("Insured for"), max_digits=14, decimal_places=3, min_value=Decimal("0.01")
    )
    currency = forms.RegexField(r"^[A-Z]{3}$", label=_("Currency"), initial="CNY")


class ReturnForm(forms.Form):
    """How it came back."""

    condition = forms.CharField(label=_("Condition"), max_length=300)
    to_stock = forms.BooleanField(label=_("It may be sold again"), required=False)


class CheckForm(forms.Form):
    """What the marketer found in the content."""

    has_disclosure = forms.BooleanField(
        label=_("The paid partnership is disclosed (#ad, 広告 …)"), required=False
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)


class RuleForm(forms.ModelForm[CommissionRule]):
    """A rate in percent, for a campaign, a brand and a kind."""

    percent = forms.DecimalField(
        label=_("Commission, %"),
        max_digits=5,
        decimal_places=2,
        min_value=Decimal("0.01"),
        max_value=Decimal("99.99"),
    )

    class Meta:
        model = CommissionRule
        fields = ("campaign", "brand", "kind", "borne_by")
        labels = {  # noqa: RUF012 - as Django declares it
            "campaign": _("Campaign"),
            "brand": _("Brand"),
            "kind": _("Kind"),
            "borne_by": _("Borne by"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("campaign", Campaign.objects.all()), ("brand", Brand.objects.all())):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset, field.empty_label = rows, str(_("Every"))
        for name, choices in (
            ("kind", (("", _("Every")), *Partner.Kind.choices)),
            ("borne_by", ((Bearer.SHOP, _("Shop")), (Bearer.BRAND, _("Brand")))),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = list(choices)

    def clean(self) -> dict[str, Any]:
        """The rate, and that a brand is named where a brand bears it."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("borne_by") == Bearer.BRAND and not said.get("brand"):
            self.add_error("brand", _("Name the brand that bears it."))
        if said.get("percent") is not None:
            self.instance.rate = said["percent"] / 100
        return said


class TermsForm(forms.Form):
    """A new version of the terms."""

    version = forms.CharField(label=_("Version"), max_length=20)
    window_days = forms.IntegerField(
        label=_("A link counts, days"), min_value=1, max_value=90, initial=30
    )
    final_after_days = forms.IntegerField(
        label=_("A sale is final after, days"), min_value=0, max_value=180, initial=30
    )
    text_en = forms.CharField(label=_("Text in English"), widget=_rows(8))
    text_hant = forms.CharField(label="繁體中文", widget=_rows(5), required=False)
    text_hans = forms.CharField(label="简体中文", widget=_rows(5), required=False)

    @property
    def texts(self) -> dict[str, str]:
        """By language."""
        named = {"en": "text_en", "zh-Hant": "text_hant", "zh-Hans": "text_hans"}
        return {code: self.cleaned_data[name] for code, name in named.items()
                if self.cleaned_data[name]}  # fmt: skip


class BriefForm(forms.Form):
    """What partners are invited to show, with a line of claims for each market."""

    title = forms.CharField(label=_("Title"), max_length=120)
    text = forms.CharField(label=_("What to show"), max_length=4000, widget=_rows(5))
    claims = forms.CharField(
        label=_("Allowed claims, a line each: market: text"),
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": "jp: K18"}),
        required=False,
    )
    partners = forms.ModelMultipleChoiceField(
        Partner.objects.filter(is_active=True), label=_("For (none: every partner)"), required=False
    )

    def clean_claims(self) -> dict[str, list[str]]:
        """By market; a market that the shop does not sell in is a mistake."""
        found: dict[str, list[str]] = {}
        for line in filter(None, map(str.strip, self.cleaned_data["claims"].splitlines())):
            market, colon, text = line.partition(":")
            code = market.strip().lower()
            if not colon or code not in settings.MARKETS or not text.strip():
                raise forms.ValidationError(
                    _("“%(line)s” is not a market and a text."), params={"line": line[:60]}
                )
            found.setdefault(code, []).append(text.strip())
        return found


class ContentForm(forms.Form):
    """A link to what a partner published."""

    url = forms.URLField(label=_("Address of what you published"), max_length=500,
                         assume_scheme="https")  # fmt: skip
    market = forms.ChoiceField(label=_("Market"), choices=_markets)
    brief = forms.ModelChoiceField(Brief.objects.none(), label=_("Brief"), required=False)

    def __init__(self, briefs: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["brief"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = briefs
