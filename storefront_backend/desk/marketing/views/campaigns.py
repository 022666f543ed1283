"""Campaigns: listed, planned, checked, scheduled, and their offer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from storefront_backend import wiring
from storefront_backend.campaigns import planning
from storefront_backend.campaigns.claims import findings
from storefront_backend.campaigns.models import Campaign
from storefront_backend.commerce.errors import InvalidRequest
from storefront_backend.desk.marketing.campaign_forms import CampaignForm, OfferForm
from storefront_backend.desk.marketing.campaign_list import all_campaigns, by_market
from storefront_backend.desk.marketing.seat import MarketingSeat, marketing_page, marketing_render
from storefront_backend.orders.models import PromoCode


@marketing_page("GET")
def listed(request: HttpRequest, seat: MarketingSeat) -> HttpResponse:
    """Every campaign."""
    rows = all_campaigns(seat.language, wiring.rulebook(), wiring.now())
    return marketing_render(request, seat, "campaigns.html", {"rows": rows})


@marketing_page("GET", "POST")
def new(request: HttpRequest, seat: MarketingSeat) -> HttpResponse:
    """A draft, whose texts come once its markets are known."""
    form = CampaignForm(wiring.rulebook(), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            campaign = form.write()
        return redirect("marketing-desk:campaign", campaign.pk)
    status = 422 if form.errors else 200
    return marketing_render(request, seat, "campaign_new.html", {"form": form}, status=status)


@marketing_page("GET", "POST")
def one(request: HttpRequest, seat: MarketingSeat, campaign_id: int) -> HttpResponse:
    """A campaign: its plan and texts, what stops it, its markets, its offer."""
    campaign = _campaign(campaign_id)
    posted = request.POST if request.method == "POST" else None
    form = CampaignForm(wiring.rulebook(), posted, instance=campaign)
    if request.method == "POST" and form.is_valid():
        was_scheduled = campaign.scheduled_at is not None
        with transaction.atomic():
            planning.keep_lawful(form.write(), wiring.rulebook(), wiring.now())
        if was_scheduled and campaign.scheduled_at is None:
            messages.warning(request, _("A text is forbidden: the campaign is a draft again."))
        else:
            messages.success(request, _("Saved."))
        return redirect("marketing-desk:campaign", campaign.pk)
    return _page(request, seat, campaign_id, form=form)


@marketing_page("POST")
def schedule(request: HttpRequest, seat: MarketingSeat, campaign_id: int) -> HttpResponse:
    """Schedule a draft, or make a scheduled campaign a draft again."""
    campaign = _campaign(campaign_id)
    if request.POST.get("do") == "draft":
        planning.unschedule(campaign)
        messages.success(request, _("The campaign is a draft."))
        return redirect("marketing-desk:campaign", campaign.pk)
    try:
        planning.schedule(campaign, wiring.rulebook(), wiring.now())
    except InvalidRequest as refusal:
        messages.error(request, _REFUSED.get(refusal.field, _NOT_SCHEDULED))
        return redirect("marketing-desk:campaign", campaign.pk)
    messages.success(request, _("Scheduled. Each market begins by its own clock."))
    return redirect("marketing-desk:campaign", campaign.pk)


@marketing_page("POST")
def offer(request: HttpRequest, seat: MarketingSeat, campaign_id: int) -> HttpResponse:
    """Write the campaign's offer."""
    campaign = _campaign(campaign_id)
    form = OfferForm(request.POST, instance=_offer_of(campaign))
    if not form.is_valid():
        return _page(request, seat, campaign_id, offer_form=form)
    row = form.save(commit=False)
    row.campaign = campaign
    row.save()
    messages.success(request, _("Saved."))
    return redirect("marketing-desk:campaign", campaign.pk)


_NOT_SCHEDULED = gettext_lazy("Not scheduled.")
_REFUSED = {
    "markets": gettext_lazy("Not scheduled: choose a market."),
    "names": gettext_lazy("Not scheduled: the name is missing in a market's first language."),
    "claims": gettext_lazy("Not scheduled: mend the claims below."),
}


def _page(
    request: HttpRequest,
    seat: MarketingSeat,
    campaign_id: int,
    *,
    form: CampaignForm | None = None,
    offer_form: OfferForm | None = None,
) -> HttpResponse:
    campaign, rulebook = _campaign(campaign_id), wiring.rulebook()
    context: dict[str, Any] = {
        "campaign": campaign,
        "form": form or CampaignForm(rulebook, instance=campaign),
        "offer_form": offer_form or OfferForm(instance=_offer_of(campaign)),
        "offer": _offer_of(campaign),
        "claims": findings(campaign, rulebook, wiring.now().date()),
        "lacking": planning.missing_texts(campaign, rulebook),
        "markets": by_market(campaign, rulebook, wiring.now()),
    }
    wrong = any(each is not None and each.errors for each in (form, offer_form))
    return marketing_render(request, seat, "campaign.html", context, status=422 if wrong else 200)


def _offer_of(campaign: Campaign) -> PromoCode | None:
    return PromoCode.objects.filter(campaign=campaign).first()


def _campaign(campaign_id: int) -> Campaign:
    found = Campaign.objects.filter(pk=campaign_id).first()
    if found is None:
        raise Http404(campaign_id)
    return found
