"""The programme: rates and terms."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from storefront_backend import wiring
from storefront_backend.desk.marketing.seat import MarketingSeat
from storefront_backend.desk.partners.forms import RuleForm, TermsForm
from storefront_backend.desk.partners.seat import (
    done,
    partners_page,
    partners_render,
)
from storefront_backend.partners.models import CommissionRule, Terms


@partners_page("GET", "POST")
def rules(request: HttpRequest, seat: MarketingSeat) -> HttpResponse:
    """The rates that hold, and a new one. A rate is ended, never changed: orders keep theirs."""
    form = RuleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                form.save()
        except IntegrityError:
            form.add_error(None, _("There is a rule for that case. End it first."))
        else:
            form = RuleForm()
    rows = CommissionRule.objects.filter(is_active=True).select_related("campaign", "brand")
    context = {
        "form": form,
        "rules": [{"row": row, "percent": (row.rate * 100).normalize()} for row in rows],
        "here": "rules",
    }
    status = 422 if form.errors else 200
    return partners_render(request, seat, "rules.html", context, status=status)


@partners_page("POST")
def end_rule(request: HttpRequest, seat: MarketingSeat, rule_id: int) -> HttpResponseBase:
    """The rate holds for no further order."""
    row = get_object_or_404(CommissionRule, pk=rule_id)
    row.is_active = False
    row.save(update_fields=("is_active",))
    return done(request, lambda: None, _("The rule is ended."), "partners-desk:partner-rules")


@partners_page("GET", "POST")
def terms(request: HttpRequest, seat: MarketingSeat) -> HttpResponse:
    """All versions, and a new one, which holds from now on."""
    form = TermsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        _row, new = Terms.objects.get_or_create(
            version=said["version"],
            defaults={
                "texts": form.texts,
                "window_days": said["window_days"],
                "final_after_days": said["final_after_days"],
                "published_at": wiring.now(),
            },
        )
        if new:
            form = TermsForm()
        else:
            form.add_error("version", _("That version is published already."))
    context = {"form": form, "terms": Terms.objects.all(), "here": "terms"}
    status = 422 if form.errors else 200
    return partners_render(request, seat, "terms.html", context, status=status)
