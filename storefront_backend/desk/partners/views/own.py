"""A partner's own page: clicks, orders, commission, statements, loans, briefs, content, terms."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from i18n.locales import text_in
from storefront_backend import wiring
from storefront_backend.desk.partners.forms import ContentForm
from storefront_backend.desk.partners.seat import (
    PartnerSeat,
    done,
    partner_page,
    partners_render,
    refuse,
)
from storefront_backend.desk.partners.views.money import statement_file
from storefront_backend.desk.partners.views.people import figures
from storefront_backend.partners.enrolment import accept
from storefront_backend.partners.models import Brief
from storefront_backend.partners.publishing import hand_in
from storefront_backend.selling.attribution import agreed, terms_now

_OWN = "partners-desk:own"


@partner_page("GET")
def show(request: HttpRequest, seat: PartnerSeat) -> HttpResponse:
    """Everything of the partner's, and nothing of anybody else's."""
    newest = terms_now(wiring.now())
    mine = agreed(seat.partner)
    context = figures(seat.partner) | {
        "briefs": _briefs(seat),
        "form": ContentForm(_briefs(seat)),
        "new_terms": newest if newest and newest != mine else None,
        "terms_text": text_in(newest.texts, seat.language) if newest else "",
        "clicks_by_day": seat.partner.click_days.order_by("-day", "market")[:14],
    }
    return partners_render(request, seat, "own.html", context)


@partner_page("POST")
def content(request: HttpRequest, seat: PartnerSeat) -> HttpResponseBase:
    """Hand in what was published."""
    form = ContentForm(_briefs(seat), request.POST)
    if not form.is_valid():
        return refuse(request, form, _OWN)
    said = form.cleaned_data
    return done(
        request,
        lambda: hand_in(
            seat.partner.pk,
            url=said["url"],
            market=said["market"],
            brief=said["brief"],
            now=wiring.now(),
        ),
        _("Thank you. A person will check it."),
        _OWN,
    )


@partner_page("POST")
def accept_terms(request: HttpRequest, seat: PartnerSeat) -> HttpResponseBase:
    """Agree to the terms of today, if they are those that were shown."""
    newest = terms_now(wiring.now())
    if newest is None or request.POST.get("version") != newest.version:
        return done(request, lambda: None, _("The terms have changed. Read them again."), _OWN)
    return done(
        request,
        lambda: accept(seat.application, newest, seat.language, wiring.now()),
        _("You have accepted the terms."),
        _OWN,
    )


@partner_page("GET")
def file(
    request: HttpRequest, seat: PartnerSeat, currency: str, payout: int, kind: str
) -> HttpResponse:
    """One of the partner's statements."""
    return statement_file(seat.partner, currency, payout, kind, seat.language)


def _briefs(seat: PartnerSeat) -> QuerySet[Brief]:
    return (
        Brief.objects.filter(Q(partners=None) | Q(partners=seat.partner), is_open=True)
        .order_by("-created_at")
        .distinct()
    )
