"""The shop's imprint: what shoppers read of the seller."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from storefront_backend.catalog.imprint import imprint, lacking
from storefront_backend.desk.operator.acts import key_of, record
from storefront_backend.desk.operator.imprint_form import ImprintForm
from storefront_backend.desk.operator.seat import OperatorSeat, operator_page, operator_render


@operator_page("catalog.view_imprint", "GET", "POST")
def show(request: HttpRequest, seat: OperatorSeat) -> HttpResponse:
    """Read it, and with the right change it."""
    may = seat.may("catalog.change_imprint")
    if request.method == "POST" and not may:
        return HttpResponse(status=403)
    row = imprint()
    lacks = lacking(row, settings.MARKETS)
    form = ImprintForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        labels = "; ".join(str(form.fields[name].label) for name in form.changed_data)
        with transaction.atomic():
            form.save()
            record(seat, "change", "imprint", row.name, key=key_of(request), after=labels)
        messages.success(request, _("Saved. Shoppers read it within five minutes."))
        return redirect("operator-desk:imprint")
    context = {"form": form, "lacks": lacks, "may": may, "is_closed": bool(lacks)}
    status = 422 if form.errors else 200
    return operator_render(request, seat, "imprint.html", context, status=status)
