"""Forms of a campaign and of its offer."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from babel import Locale
from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from i18n.locales import LANGUAGES
from i18n.rulebook import Rulebook
from storefront_backend.campaigns.models import Campaign
from storefront_backend.catalog.models import Product
from storefront_backend.orders.models import PromoCode

_NAME, _INTRODUCTION = "name_", "introduction_"


class CampaignForm(forms.ModelForm[Campaign]):
    """Markets, days, pieces and budget; once there are markets, texts in their languages."""

    markets = forms.MultipleChoiceField(
        label=gettext_lazy("Markets"), widget=forms.CheckboxSelectMultiple
    )
    pieces = forms.CharField(
        label=pgettext_lazy("a brand's products", "Pieces"),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        help_text=gettext_lazy("The address of a piece on each line, as in jewellery/moon-ring."),
    )

    class Meta:
        model = Campaign
        fields = ("slug", "markets", "first_day", "last_day", "budget", "budget_currency")
        labels: ClassVar = {
            "slug": gettext_lazy("Address of the page"),
            "first_day": gettext_lazy("First day"),
            "last_day": gettext_lazy("Last day"),
            "budget": gettext_lazy("Budget"),
            "budget_currency": gettext_lazy("Currency of the budget"),
        }
        help_texts: ClassVar = {
            "first_day": gettext_lazy("It begins at midnight by each market's own clock."),
        }
        widgets: ClassVar = {
            "first_day": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "last_day": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, rulebook: Rulebook, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(code, rulebook.market(code).market.name) for code in settings.MARKETS]
        field = self.fields["markets"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = choices
        if self.instance.pk:
            slugs = self.instance.products.order_by("slug").values_list("slug", flat=True)
            self.initial["pieces"] = "\n".join(slugs)
        for language in self._languages(rulebook):
            self._texts(language)

    def _languages(self, rulebook: Rulebook) -> list[str]:
        markets = self.instance.markets if self.instance.pk else ()
        spoken = {each for code in markets for each in rulebook.market(code).market.languages}
        return [code for code in LANGUAGES if code in spoken]

    def _texts(self, language: str) -> None:
        said = Locale.parse(language.replace("-", "_")).get_display_name(_desk_language())
        attributes = {"lang": language, "dir": "auto"}
        self.fields[_NAME + language] = forms.CharField(
            label=_("Name, %(language)s") % {"language": said},
            max_length=120,
            required=False,
            initial=self.instance.names.get(language, ""),
            widget=forms.TextInput(attrs=attributes),
        )
        self.fields[_INTRODUCTION + language] = forms.CharField(
            label=_("Text, %(language)s") % {"language": said},
            max_length=2000,
            required=False,
            initial=self.instance.introductions.get(language, ""),
            widget=forms.Textarea(attrs={**attributes, "rows": 3}),
        )

    def clean_pieces(self) -> list[Product]:
        """The products of the addresses."""
        slugs = [
            line.strip().strip("/").rpartition("/")[2]
            for line in self.cleaned_data["pieces"].splitlines()
            if line.strip()
        ]
        found = {each.slug: each for each in Product.objects.filter(slug__in=slugs)}
        if unknown := [slug for slug in slugs if slug not in found]:
            raise forms.ValidationError(
                _("No such piece: %(names)s") % {"names": ", ".join(unknown)}
            )
        return list(found.values())

    def clean(self) -> dict[str, Any]:
        """Days in order, and a budget with its currency."""
        said = super().clean() or self.cleaned_data
        first, last = said.get("first_day"), said.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day is before the first."))
        said["budget_currency"] = said.get("budget_currency", "").upper()
        if said.get("budget") and said["budget_currency"] not in _CURRENCIES:
            self.add_error("budget_currency", _("An amount needs a currency, as HKD."))
        return said

    def write(self) -> Campaign:
        """Save the campaign with its texts and pieces."""
        campaign = self.instance
        for column, prefix in (("names", _NAME), ("introductions", _INTRODUCTION)):
            texts = dict(getattr(campaign, column))
            for name, value in self.cleaned_data.items():
                if name.startswith(prefix):
                    texts[name.removeprefix(prefix)] = value.strip()
            setattr(campaign, column, {code: text for code, text in texts.items() if text})
        campaign.markets = self.cleaned_data["markets"]
        campaign.save()
        campaign.products.set(self.cleaned_data["pieces"])
        return campaign


class OfferForm(forms.ModelForm[PromoCode]):
    """What a campaign's code takes off, and how often."""

    class Meta:
        model = PromoCode
        fields = ("code", "kind", "value", "currency", "usage_limit", "per_shopper", "is_active")
        labels: ClassVar = {
            "code": gettext_lazy("Code"),
            "kind": gettext_lazy("Kind"),
            "value": gettext_lazy("Percent or amount"),
            "currency": gettext_lazy("Currency of the amount"),
            "usage_limit": gettext_lazy("Orders in all"),
            "per_shopper": gettext_lazy("Orders of one shopper"),
            "is_active": gettext_lazy("Holds"),
        }
        help_texts: ClassVar = {
            "usage_limit": gettext_lazy("Empty: no limit."),
            "per_shopper": gettext_lazy("Counted by the mail address. Empty: no limit."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = [("percentage", _("Percentage")), ("fixed", _("Amount"))]

    def clean_code(self) -> str:
        """Capitals, as it is compared."""
        return str(self.cleaned_data["code"]).strip().upper()

    def clean(self) -> dict[str, Any]:
        """A percentage up to 100, or an amount with its currency."""
        said = super().clean() or self.cleaned_data
        kind, value = said.get("kind"), said.get("value")
        said["currency"] = said.get("currency", "").upper() if kind == "fixed" else ""
        if value is not None and not 0 < value <= (100 if kind == "percentage" else Decimal(10**9)):
            self.add_error("value", _("A percentage is between 0 and 100, an amount above 0."))
        if kind == "fixed" and said["currency"] not in _CURRENCIES:
            self.add_error("currency", _("An amount needs a currency, as HKD."))
        return said


_CURRENCIES = frozenset(Locale("en").currencies)


def _desk_language() -> str:
    from django.utils.translation import get_language, to_locale

    return to_locale(get_language() or "en")
