"""Who may open pages about partners: marketers and operators all of them, a partner their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, HttpResponseRedirectBase
from django.shortcuts import redirect, render

from storefront_backend.accounts.models import User
from storefront_backend.accounts.rights import markets, operates
from storefront_backend.campaigns.models import Partner
from storefront_backend.commerce.errors import CommerceError
from storefront_backend.desk.languages import language_of
from storefront_backend.desk.marketing.sections import sections_at
from storefront_backend.desk.pages import frame, spoken, turned_away
from storefront_backend.partners.enrolment import application_of
from storefront_backend.partners.models import Application

RIGHT = "campaigns.change_partner"  # lets an operator in who is no marketer


@dataclass(frozen=True, slots=True)
class MarketerSeat:
    """A signed-in marketer, or an operator with the right."""

    user: User
    language: str


@dataclass(frozen=True, slots=True)
class PartnerSeat:
    """A signed-in partner. Rows are those of `partner` and no others."""

    user: User
    language: str
    application: Application
    partner: Partner


type MarketerView = Callable[Concatenate[HttpRequest, MarketerSeat, ...], HttpResponseBase]
type PartnerView = Callable[Concatenate[HttpRequest, PartnerSeat, ...], HttpResponseBase]


def marketer_page(*methods: str) -> Callable[[MarketerView], Callable[..., HttpResponseBase]]:
    """A page for marketers. To anybody else there is no such page: 404."""

    def decorate(view: MarketerView) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def page(request: HttpRequest, **given: Any) -> HttpResponseBase:
            if away := turned_away(request, methods):
                return away
            user = request.user
            assert isinstance(user, User)  # others were turned away
            if not (markets(user) or operates(user, RIGHT)):
                raise Http404(request.path)
            seat = MarketerSeat(user, language_of(request, user))
            return spoken(seat.language, lambda: view(request, seat, **given))

        page.marketers = True  # type: ignore[attr-defined]  # what the walk over all routes looks for
        return page

    return decorate


def partner_page(*methods: str) -> Callable[[PartnerView], Callable[..., HttpResponseBase]]:
    """A partner's own page. To anybody else there is no such page: 404."""

    def decorate(view: PartnerView) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def page(request: HttpRequest, **given: Any) -> HttpResponseBase:
            if away := turned_away(request, methods):
                return away
            user = request.user
            assert isinstance(user, User)  # others were turned away
            found = application_of(user)
            if found is None or found.partner is None:
                raise Http404(request.path)
            seat = PartnerSeat(user, language_of(request, user), found, found.partner)
            return spoken(seat.language, lambda: view(request, seat, **given))

        page.partners = True  # type: ignore[attr-defined]  # as above
        return page

    return decorate


def partners_render(
    request: HttpRequest,
    seat: MarketerSeat | PartnerSeat,
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
