"""Forms of the shop's own settings: a field for each language in the place of JSON."""

from __future__ import annotations

from typing import Any, ClassVar

from babel import Locale
from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from i18n.locales import LANGUAGES
from storefront_backend import wiring
from storefront_backend.catalog.models import ShippingMethod, Warehouse

_NAME = "name_"
# ISO 3166 alpha-2; CLDR's list holds regions of three digits, too, and
# its unions and pseudo-regions are no place for a warehouse.
_NO_COUNTRIES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}
COUNTRIES = {code for code in map(str, Locale("en").territories) if len(code) == 2} - _NO_COUNTRIES


class DeliveryForm(forms.ModelForm[ShippingMethod]):
    """A way to bring parcels into a market."""

    class Meta:
        model = ShippingMethod
        fields = ("market", "slug", "carrier", "price", "insured_up_to", "min_days", "max_days",
                  "is_active")  # fmt: skip
        labels: ClassVar = {
            "market": gettext_lazy("Market"),
            "slug": gettext_lazy("Short name"),
            "carrier": gettext_lazy("Carrier"),
            "price": gettext_lazy("Price, in the market's currency"),
            "insured_up_to": gettext_lazy("Insured up to, in the market's currency"),
            "min_days": gettext_lazy("Days, at least"),
            "max_days": gettext_lazy("Days, at most"),
            "is_active": gettext_lazy("Offered to shoppers"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {each.code: each.name for each in wiring.rulebook().markets}
        self.fields["market"] = forms.ChoiceField(
            label=gettext_lazy("Market"),
            choices=[(code, names[code]) for code in settings.MARKETS],
        )
        for code, language in LANGUAGES.items():
            self.fields[_NAME + code] = forms.CharField(
                label=_("Name in %(language)s") % {"language": language.name},
                initial=self.instance.names.get(code, ""),
                required=code == "en",
                max_length=80,
            )

    def clean(self) -> dict[str, Any]:
        """At most is no less than at least."""
        said = super().clean() or self.cleaned_data
        least, most = said.get("min_days"), said.get("max_days")
        if least is not None and most is not None and most < least:
            self.add_error("max_days", _("At most must not be less than at least."))
        return said

    def save(self, commit: bool = True) -> ShippingMethod:
        """With the names, and the market's currency."""
        said = self.cleaned_data
        self.instance.names = {
            code: said[_NAME + code] for code in LANGUAGES if said.get(_NAME + code)
        }
        self.instance.currency = wiring.rulebook().market(said["market"]).market.currency
        return super().save(commit)


class WarehouseForm(forms.ModelForm[Warehouse]):
    """A place that pieces are sent from."""

    class Meta:
        model = Warehouse
        fields = ("slug", "name", "country", "is_bonded")
        labels: ClassVar = {
            "slug": gettext_lazy("Short name"),
            "name": gettext_lazy("Name"),
            "country": gettext_lazy("Country"),
            "is_bonded": gettext_lazy("Bonded: its country's duty is not paid yet"),
        }

    def clean_country(self) -> str:
        """ISO 3166 alpha-2."""
        country: str = self.cleaned_data["country"].upper()
        if country not in COUNTRIES:
            raise forms.ValidationError(_("Enter the country's two letters, as CN or HK."))
        return country
