"""Loans, content and briefs, by a marketer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from i18n.money import Money
from storefront_backend import wiring
from storefront_backend.campaigns.models import Partner
from storefront_backend.desk.marketing.seat import MarketingSeat
from storefront_backend.desk.partners.forms import BriefForm, CheckForm, LendForm, ReturnForm
from storefront_backend.desk.partners.seat import (
    done,
    partners_page,
    partners_render,
    refuse,
)
from storefront_backend.partners.loans import Lending, end_loan, lend
from storefront_backend.partners.models import Brief, Content, Loan
from storefront_backend.partners.publishing import check

_ONE = "partners-desk:partner"


@partners_page("POST")
def lend_piece(request: HttpRequest, seat: MarketingSeat, partner_id: int) -> HttpResponseBase:
    """Lend a piece."""
    partner = get_object_or_404(Partner, pk=partner_id, application__isnull=False)
    form = LendForm(request.POST, prefix="lend")
    if not form.is_valid():
        return refuse(request, form, _ONE, partner_id)
    said = form.cleaned_data
    insured = Money(said["insured"], said["currency"])
    lending = Lending(said["sku"], said["serial"], said["due_on"], insured)
    return done(
        request,
        lambda: lend(partner.pk, lending, wiring.now().date()),
        _("The piece is lent, and out of stock."),
        _ONE,
        partner_id,
    )


@partners_page("POST")
def take_back(request: HttpRequest, seat: MarketingSeat, loan_id: int) -> HttpResponseBase:
    """The piece came back."""
    loan = get_object_or_404(Loan, pk=loan_id)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return refuse(request, form, _ONE, loan.partner_id)
    said = form.cleaned_data
    return done(
        request,
        lambda: end_loan(
            loan.pk,
            condition=said["condition"],
            at=wiring.now(),
            to_stock=said["to_stock"],
        ),
        _("The piece is back."),
        _ONE,
        loan.partner_id,
    )


@partners_page("POST")
def check_content(request: HttpRequest, seat: MarketingSeat, content_id: int) -> HttpResponseBase:
    """Accept content that discloses the partnership, or refuse it with a note."""
    row = get_object_or_404(Content, pk=content_id)
    form = CheckForm(request.POST)
    if not form.is_valid():
        return refuse(request, form, _ONE, row.partner_id)
    said = form.cleaned_data
    return done(
        request,
        lambda: check(
            row.pk,
            accepted="accept" in request.POST,
            has_disclosure=said["has_disclosure"],
            note=said["note"],
            by=seat.user.pk,
            now=wiring.now(),
        ),
        _("The check is kept."),
        _ONE,
        row.partner_id,
    )


@partners_page("GET", "POST")
def briefs(request: HttpRequest, seat: MarketingSeat) -> HttpResponse:
    """All briefs, and a new one."""
    form = BriefForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        row = Brief.objects.create(
            title=said["title"], text=said["text"], claims=said["claims"], created_at=wiring.now()
        )
        row.partners.set(said["partners"])
        form = BriefForm()
    context = {
        "form": form,
        "briefs": Brief.objects.prefetch_related("partners"),
        "here": "briefs",
    }
    status = 422 if form.errors else 200
    return partners_render(request, seat, "briefs.html", context, status=status)


@partners_page("POST")
def close_brief(request: HttpRequest, seat: MarketingSeat, brief_id: int) -> HttpResponseBase:
    """The brief is over."""
    row = get_object_or_404(Brief, pk=brief_id)
    row.is_open = False
    row.save(update_fields=("is_open",))
    return done(request, lambda: None, _("The brief is closed."), "partners-desk:partner-briefs")
