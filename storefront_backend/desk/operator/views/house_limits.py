"""What one house may use, where it is not what every house may."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.validators import MinValueValidator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from storefront_backend.catalog.models import Brand
from storefront_backend.desk.operator.acts import key_of, record
from storefront_backend.desk.operator.asking import Question, ask, is_sure
from storefront_backend.desk.operator.seat import OperatorSeat, operator_page
from storefront_backend.desk.operator.tables import table_page
from storefront_backend.desk.operator.usage import limits_in_words, usage_table
from storefront_backend.desk.operator.views.houses import house


class LimitsForm(forms.ModelForm[Brand]):
    """An empty field is the limit that holds for every house."""

    class Meta:
        model = Brand
        fields = ("most_variants", "most_storage_gb", "most_sheets")
        labels: ClassVar = {
            "most_variants": gettext_lazy("Most variants on sale"),
            "most_storage_gb": gettext_lazy("Most storage, GB"),
            "most_sheets": gettext_lazy("Most sheets at once"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.help_text = _("Empty: as for every house.")
            field.validators.append(MinValueValidator(1))


@operator_page("catalog.change_brand", "GET", "POST")
def limits(request: HttpRequest, seat: OperatorSeat, slug: str) -> HttpResponse:
    """Variants, storage and sheets at once; confirmed before they change."""
    brand = house(slug)
    before, usage = limits_in_words(brand), usage_table(brand)
    form = LimitsForm(request.POST if request.method == "POST" else None, instance=brand)
    place = reverse("operator-desk:house", args=(slug,))
    if not form.is_valid():
        return table_page(
            request, seat, usage, status=422 if form.errors else 200, back=(place, slug),
            form=form, form_title=_("Change what this house may use"), form_button=_("Go on"),
            form_action=request.path,
        )  # fmt: skip
    after = limits_in_words(form.instance)
    if not is_sure(request):
        question = Question(
            _("Change what this house may use?"),
            _("What the house has already stays, also where it is more."),
            _("Change"), place, ((_("House"), slug), (_("Before"), before), (_("After"), after)),
        )  # fmt: skip
        return ask(request, seat, question)
    with transaction.atomic():
        form.save()
        record(seat, "limits", "brand", slug, key=key_of(request), before=before, after=after)
    messages.success(request, _("Done."))
    return redirect("operator-desk:house", slug)
