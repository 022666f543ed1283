"""A partner's payouts, what holds them, and statements as files."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.text import slugify
from django.utils.translation import gettext as _

from i18n.money import Money
from storefront_backend import wiring
from storefront_backend.aftersale import partner_payouts
from storefront_backend.campaigns.models import Partner
from storefront_backend.desk.marketing.seat import MarketingSeat
from storefront_backend.desk.partners.forms import PayForm, ReasonForm
from storefront_backend.desk.partners.seat import done, partners_page, refuse
from storefront_backend.desk.partners.statement_files import csv_of, pdf_of
from storefront_backend.partners.models import PayoutHold
from storefront_backend.partners.reading import PartnerStatement, due, statements

_ONE = "partners-desk:partner"


@partners_page("POST")
def pay(request: HttpRequest, seat: MarketingSeat, partner_id: int) -> HttpResponseBase:
    """Record that the partner was paid."""
    partner = get_object_or_404(Partner, pk=partner_id)
    partner_payouts.refresh(partner.pk, wiring.now())
    form = PayForm(due(partner.pk), request.POST, prefix="pay")
    if not form.is_valid():
        return refuse(request, form, _ONE, partner_id)
    said = form.cleaned_data
    amount = Money(said["amount"], said["currency"])
    return done(
        request,
        lambda: partner_payouts.pay(
            partner.pk, amount, reference=said["reference"], at=wiring.now()
        ),
        _("The payout is booked."),
        _ONE,
        partner_id,
    )


@partners_page("POST")
def release(request: HttpRequest, seat: MarketingSeat, hold_id: int) -> HttpResponseBase:
    """Release a hold, with a reason."""
    hold = get_object_or_404(PayoutHold, pk=hold_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return refuse(request, form, _ONE, hold.partner_id)
    reason = form.cleaned_data["reason"]
    return done(
        request,
        lambda: partner_payouts.release(hold.pk, by=seat.user.pk, reason=reason, at=wiring.now()),
        _("The hold is released."),
        _ONE,
        hold.partner_id,
    )


@partners_page("GET")
def file(
    request: HttpRequest,
    seat: MarketingSeat,
    partner_id: int,
    currency: str,
    payout: int,
    kind: str,
) -> HttpResponse:
    """A statement as CSV or PDF; payout 0 is the open period."""
    partner = get_object_or_404(Partner, pk=partner_id)
    return statement_file(partner, currency, payout, kind, seat.language)


def statement_file(
    partner: Partner, currency: str, payout: int, kind: str, language: str
) -> HttpResponse:
    """The file of one of a partner's statements. Raises Http404."""
    statement = _statement(partner, currency, payout)
    if kind == "csv":
        response = HttpResponse(csv_of(statement), content_type="text/csv; charset=utf-8")
    elif kind == "pdf":
        body = pdf_of(statement, partner.name, language)
        response = HttpResponse(body, content_type="application/pdf")
    else:
        raise Http404(kind)
    name = slugify(statement.reference) or "open"
    response["Content-Disposition"] = f'attachment; filename="{partner.code}-{name}.{kind}"'
    return response


def _statement(partner: Partner, currency: str, payout: int) -> PartnerStatement:
    for each in statements(partner.pk):
        if each.currency == currency and (each.payout_id or 0) == payout:
            return each
    raise Http404(currency)
