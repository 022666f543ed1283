"""The imprint's form: plain fields, and its texts with a field for each language."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from i18n.locales import LANGUAGES
from storefront_backend.catalog.imprint import REQUIRED, TEXTS, Imprint, lacking
from storefront_backend.desk.operator.shop_forms import COUNTRIES

_TEXT_LABELS = {
    "addresses": gettext_lazy("Address in other scripts"),
    "extra_costs": gettext_lazy("Costs beside the price"),
    "payment": gettext_lazy("Payment: ways and time"),
    "delivery": gettext_lazy("Time of delivery"),
    "returns": gettext_lazy("Returns and exchange"),
}


class ImprintForm(forms.ModelForm[Imprint]):
    """What the law asks a shop to say of itself."""

    class Meta:
        model = Imprint
        fields = ("name", "representative", "address", "country", "register", "vat_number",
                  "other_registrations", "email", "phone")  # fmt: skip
        labels: ClassVar = {
            "name": gettext_lazy("Name of the seller, as registered"),
            "representative": gettext_lazy("Represented by"),
            "address": gettext_lazy("Address"),
            "country": gettext_lazy("Country"),
            "register": gettext_lazy("Register and number"),
            "vat_number": gettext_lazy("VAT number"),
            "other_registrations": gettext_lazy("Other registrations"),
            "email": gettext_lazy("Email"),
            "phone": gettext_lazy("Phone"),
        }
        widgets: ClassVar = {"address": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in REQUIRED:
            self.fields[name].required = True
        for name, most in TEXTS.items():
            for code, language in LANGUAGES.items():
                self.fields[f"{name}_{code}"] = forms.CharField(
                    label=f"{_TEXT_LABELS[name]} · {language.name}",
                    initial=getattr(self.instance, name).get(code, ""),
                    required=False,
                    max_length=most,
                    widget=forms.Textarea(
                        attrs={"rows": 3, "lang": code, "dir": language.direction}
                    ),
                )

    def plain(self) -> list[forms.BoundField]:
        """The fields without a language."""
        return [self[name] for name in self.Meta.fields]

    def by_language(self) -> list[dict[str, Any]]:
        """The texts of each language; those with something in them are shown open."""
        found = []
        for code, language in LANGUAGES.items():
            fields = [self[f"{name}_{code}"] for name in TEXTS]
            is_open = any(field.value() or field.errors for field in fields)
            found.append({"code": code, "name": language.name, "fields": fields, "open": is_open})
        return found

    def clean_country(self) -> str:
        """ISO 3166 alpha-2."""
        country: str = self.cleaned_data["country"].upper()
        if country not in COUNTRIES:
            raise forms.ValidationError(_("Enter the country's two letters, as CN or HK."))
        return country

    def clean(self) -> dict[str, Any]:
        """What a market's law asks for is there."""
        said = super().clean() or self.cleaned_data
        self._put_texts(said)
        for name in lacking(self.instance, settings.MARKETS):
            field = name.replace(".", "_")
            if "." in name:
                self.add_error(field, _("The law of a market that the shop sells in asks for it."))
        return said

    def save(self, commit: bool = True) -> Imprint:
        """With the texts."""
        self._put_texts(self.cleaned_data)
        self.instance.pk = 1
        return super().save(commit)

    def _put_texts(self, said: dict[str, Any]) -> None:
        for name in TEXTS:
            texts = {code: said.get(f"{name}_{code}", "").strip() for code in LANGUAGES}
            setattr(self.instance, name, {code: text for code, text in texts.items() if text})
