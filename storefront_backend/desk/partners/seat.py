"""Who may open pages about partners: marketers and operators all of them, a partner their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, HttpResponseRedirectBase
from django.shortcuts import redirect, render

from storefront_backend.accounts.models import User
from storefront_backend.campaigns.models import Partner
from storefront_backend.commerce.errors import CommerceError
from storefront_backend.desk.marketing.seat import MarketingSeat, marketing_page
from storefront_backend.desk.marketing.sections import sections_at
from storefront_backend.desk.pages import SeatedView, frame, seated
from storefront_backend.partners.enrolment import application_of
from storefront_backend.partners.models import Application


@dataclass(frozen=True, slots=True)
class PartnerSeat:
    """A signed-in partner. Rows are those of `partner` and no others."""

    user: User
    language: str
    application: Application
    partner: Partner


# Pages about all partners.
partners_page = partial(marketing_page, right="campaigns.change_partner")


def partner_page(
    *methods: str,
) -> Callable[[SeatedView[PartnerSeat]], Callable[..., HttpResponseBase]]:
    """A partner's own page. To anybody else there is no such page: 404."""

    def seat_of(user: User, language: str) -> PartnerSeat | None:
        found = application_of(user)
        if found is None or found.partner is None:
            return None
        return PartnerSeat(user, language, found, found.partner)

    return seated("partners", methods, seat_of)


def partners_render(
    request: HttpRequest,
    seat: MarketingSeat | PartnerSeat,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """A page with what the frame shows."""
    common = frame(seat.language) | {"seat": seat, "sections": sections_at("partners")}
    return render(request, f"desk/partners/{template}", common | context, status=status)


def done(
    request: HttpRequest, act: Callable[[], object], said: str, to: str, *args: Any
) -> HttpResponseRedirectBase:
    """Do it, say that it is done or why not, and go back to the page it came from."""
    try:
        act()
    except CommerceError as error:
        messages.error(request, f"{error.message}. {error.hint}".strip())
    else:
        messages.success(request, said)
    return redirect(to, *args)


def refuse(request: HttpRequest, form: Any, to: str, *args: Any) -> HttpResponseRedirectBase:
    """Say what is wrong with a form, field by field, and go back."""
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        messages.error(request, f"{label}: {' '.join(errors)}" if label else " ".join(errors))
    return redirect(to, *args)
