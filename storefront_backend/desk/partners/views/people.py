"""Who applied, who is a partner, and one partner with everything about them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from storefront_backend import wiring
from storefront_backend.campaigns.models import Partner
from storefront_backend.desk.marketing.seat import MarketingSeat
from storefront_backend.desk.partners.forms import (
    ApproveForm,
    CheckForm,
    LendForm,
    PayForm,
    ReasonForm,
    ReturnForm,
)
from storefront_backend.desk.partners.seat import (
    done,
    partners_page,
    partners_render,
    refuse,
)
from storefront_backend.partners.enrolment import approve, decline
from storefront_backend.partners.models import Application
from storefront_backend.partners.reading import due, statements


@partners_page("GET")
def listed(request: HttpRequest, seat: MarketingSeat) -> HttpResponse:
    """Open applications first, then partners with what they are owed."""
    rows = Partner.objects.filter(application__isnull=False).annotate(
        held=Count("holds", filter=Q(holds__released_at=None), distinct=True),
        sales=Count("attributions", filter=Q(attributions__refusal=""), distinct=True),
    )
    context = {
        "applications": [
            {"row": row, "form": ApproveForm(prefix=f"a{row.pk}")}
            for row in Application.objects.filter(state=Application.State.OPEN)
        ],
        "partners": [{"row": row, "due": due(row.pk)} for row in rows.order_by("code")],
        "reason": ReasonForm(),
        "here": "people",
    }
    return partners_render(request, seat, "listed.html", context)


@partners_page("GET")
def one(request: HttpRequest, seat: MarketingSeat, partner_id: int) -> HttpResponse:
    """One partner: figures, holds, money, loans, content."""
    partner = get_object_or_404(Partner, pk=partner_id, application__isnull=False)
    context = figures(partner) | {
        "here": "people",
        "holds": partner.holds.select_related("released_by").order_by("-released_at", "pk"),
        "is_held": partner.holds.filter(released_at=None).exists(),
        "pay": PayForm(due(partner.pk), prefix="pay"),
        "lend": LendForm(prefix="lend"),
        "end_loan": ReturnForm(),
        "check": CheckForm(),
        "reason": ReasonForm(),
    }
    return partners_render(request, seat, "one.html", context)


@partners_page("POST")
def decide(request: HttpRequest, seat: MarketingSeat, application_id: int) -> HttpResponseBase:
    """Approve an application under a code, or decline it with a reason."""
    row = get_object_or_404(Application, pk=application_id)
    back, now, by = "partners-desk:partners", wiring.now(), seat.user.pk
    if "decline" in request.POST:
        reason = ReasonForm(request.POST)
        if not reason.is_valid():
            return refuse(request, reason, back)
        said = reason.cleaned_data["reason"]
        return done(
            request,
            lambda: decline(row.pk, reason=said, by=by, now=now),
            _("The application is declined."),
            back,
        )
    form = ApproveForm(request.POST, prefix=f"a{row.pk}")
    if not form.is_valid():
        return refuse(request, form, back)
    code = form.cleaned_data["code"]
    return done(
        request,
        lambda: approve(row.pk, code=code, by=by, now=now),
        _("The partner is approved."),
        back,
    )


@partners_page("POST")
def activity(request: HttpRequest, seat: MarketingSeat, partner_id: int) -> HttpResponseBase:
    """End a partner's code, or let it count again."""
    partner = get_object_or_404(Partner, pk=partner_id, application__isnull=False)
    partner.is_active = request.POST.get("active") == "1"
    partner.save(update_fields=("is_active",))
    said = _("The code counts again.") if partner.is_active else _("The code counts no longer.")
    return done(request, lambda: None, said, "partners-desk:partner", partner_id)


def figures(partner: Partner) -> dict[str, Any]:
    """What a partner and a marketer both see. Of shoppers there is nothing in it."""
    clicks = partner.click_days.aggregate(sum=Sum("clicks"))["sum"] or 0
    return {
        "partner": partner,
        "application": partner.application,
        "link": f"{settings.PUBLIC_URL.rstrip('/')}/r/{partner.code}",
        "clicks": clicks,
        "orders": partner.attributions.filter(refusal="").count(),
        "due": due(partner.pk),
        "statements": statements(partner.pk),
        "loans": partner.loans.select_related("variant__product").order_by("returned_at", "due_on"),
        "content": partner.content.select_related("brief"),
        "today": wiring.now().date(),
    }
