"""The brand's people: who they are, what they may do, and whom the owners invite."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from storefront_backend import wiring
from storefront_backend.accounts import invitations, people
from storefront_backend.accounts.models import Invitation
from storefront_backend.accounts.rights import Act, allows
from storefront_backend.commerce.errors import CommerceError
from storefront_backend.desk.brand.seat import Seat, brand_page, desk_render
from storefront_backend.desk.languages import DESK_LANGUAGES
from storefront_backend.jobs import people as jobs
from storefront_backend.throttle.errors import TooManyRequests

_ROLES = ("owner", "member", "reader")


@brand_page("GET")
def listed(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Everybody of the brand; owners see whom they invited, too."""
    return _page(request, seat)


@brand_page("POST", act=Act.MANAGE_PEOPLE)
def invite(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Invite an address by mail."""
    language = request.POST.get("language", "")
    email = request.POST.get("email", "")[:254]
    try:
        row = jobs.invite(
            seat.brand,
            email,
            request.POST.get("role", ""),
            language=language if language in DESK_LANGUAGES else seat.language,
            by=seat.user,
        )
    except TooManyRequests:
        raise
    except CommerceError as error:
        return _page(request, seat, _why(error), status=422)
    messages.success(request, _("Invited %(email)s.") % {"email": row.email})
    return _back(seat)


@brand_page("POST", act=Act.MANAGE_PEOPLE)
def send_again(request: HttpRequest, seat: Seat, invitation_id: int) -> HttpResponse:
    """Mail an invitation once more."""
    if not jobs.send_again(seat.brand, invitation_id):
        raise Http404(invitation_id)
    messages.success(request, _("The invitation is sent again. Earlier links no longer work."))
    return _back(seat)


@brand_page("POST", act=Act.MANAGE_PEOPLE)
def revoke(request: HttpRequest, seat: Seat, invitation_id: int) -> HttpResponse:
    """Take an invitation back."""
    if not invitations.revoke(seat.brand.pk, invitation_id, wiring.now()):
        raise Http404(invitation_id)
    messages.success(request, _("The invitation is revoked."))
    return _back(seat)


@brand_page("POST", act=Act.MANAGE_PEOPLE)
def change_role(request: HttpRequest, seat: Seat, user_id: int) -> HttpResponse:
    """Give a person another role."""
    try:
        found = people.change_role(
            seat.brand.pk, user_id, request.POST.get("role", ""), wiring.now()
        )
    except CommerceError as error:
        return _page(request, seat, _why(error), status=422)
    if not found:
        raise Http404(user_id)
    messages.success(request, _("The role is changed."))
    return _back(seat)


@brand_page("POST", act=Act.MANAGE_PEOPLE)
def remove(request: HttpRequest, seat: Seat, user_id: int) -> HttpResponse:
    """Take a person's access away, at once."""
    try:
        found = people.remove(seat.brand.pk, user_id, wiring.now())
    except CommerceError as error:
        return _page(request, seat, _why(error), status=422)
    if not found:
        raise Http404(user_id)
    if user_id == seat.user.pk:
        return redirect("account_login")
    messages.success(request, _("The person no longer has access, and is signed out everywhere."))
    return _back(seat)


def _back(seat: Seat) -> HttpResponse:
    return redirect("brand-desk:people", seat.brand.slug)


def _page(
    request: HttpRequest, seat: Seat, problem: str = "", *, status: int = 200
) -> HttpResponse:
    manages = allows(seat.role, Act.MANAGE_PEOPLE)
    now = wiring.now()
    context: dict[str, Any] = {
        "people": people.people_of(seat.brand.pk),
        "manages": manages,
        "roles": _ROLES,
        "problem": problem,
        "given": request.POST,
    }
    if manages:
        rows = seat.scope.rows(Invitation).filter(accepted_at=None, revoked_at=None)
        context["invitations"] = [
            {"row": row, "expired": row.expires_at <= now} for row in rows.order_by("-created_at")
        ]
    return desk_render(request, seat, "desk/brand/people.html", context, status=status)


def _why(error: CommerceError) -> str:
    known = {
        "already_member": _("This person belongs to the brand already."),
        "too_many_invitations": _("Too many invitations are open. Revoke some first."),
        "last_owner": _("A brand must have an owner. Make somebody else an owner first."),
    }
    by_field = {"role": _("Choose a role.")}
    return known.get(error.code) or by_field.get(error.field) or _("Enter a valid email address.")
