"""People: found, suspended, and made marketers."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from storefront_backend.accounts.models import BrandMembership, User
from storefront_backend.desk.operator.acts import key_of, record
from storefront_backend.desk.operator.asking import Question, ask, is_sure
from storefront_backend.desk.operator.seat import OperatorSeat, operator_page
from storefront_backend.desk.operator.tables import (
    Button,
    Cell,
    Column,
    Filter,
    Row,
    Table,
    table_page,
)
from storefront_backend.desk.pages import filters, paged
from storefront_backend.desk.words import WORDS as DESK_WORDS

_STATES = {"open": gettext_lazy("Open"), "suspended": gettext_lazy("Suspended")}


@operator_page("accounts.view_user", "GET")
def listed(request: HttpRequest, seat: OperatorSeat) -> HttpResponse:
    """Accounts: of houses, operators, marketers and shoppers."""
    wanted = filters(request, "search", "kind", "state")
    rows = User.objects.prefetch_related("memberships__brand").order_by("email")
    if wanted["search"]:
        rows = rows.filter(email__icontains=wanted["search"])
    if wanted["kind"] == "operator":
        rows = rows.filter(is_staff=True)
    elif wanted["kind"] == "marketer":
        rows = rows.filter(is_marketer=True)
    elif wanted["kind"]:
        of_house = Exists(BrandMembership.objects.filter(user=OuterRef("pk")))
        rows = rows.filter(of_house if wanted["kind"] == "house" else ~of_house, is_staff=False)
    if wanted["state"] in _STATES:
        rows = rows.filter(is_active=wanted["state"] == "open")
    page = paged(request, rows)
    table = Table(
        _("People"),
        [Column(_("Mail")), Column(_("State")), Column(_("Houses")), Column(_("Last seen"))],
        [_person(user, seat) for user in page],
        _("No accounts fit."),
    )
    kinds = {
        "house": _("A house's people"),
        "operator": _("Operators"),
        "marketer": _("Marketers"),
        "shopper": _("Shoppers"),
    }
    said = [Filter("search", _("Mail")), Filter("kind", _("Kind"), kinds),
            Filter("state", _("State"), _STATES)]  # fmt: skip
    return table_page(request, seat, table, page=page, wanted=wanted, filters=said)


def _person(user: User, seat: OperatorSeat) -> Row:
    roles = DESK_WORDS["role"]
    houses = ", ".join(f"{each.brand.slug} ({roles[each.role]})" for each in user.memberships.all())
    state = str(_STATES["open" if user.is_active else "suspended"])
    label = _("Suspend") if user.is_active else _("Lift the suspension")
    place = reverse("operator-desk:person-suspend", args=(user.pk,))
    office = reverse("operator-desk:person-marketer", args=(user.pk,))
    to_office = _("No longer a marketer") if user.is_marketer else _("Make a marketer")
    may = seat.may("accounts.change_user") and user != seat.user
    return Row(
        [
            Cell(user.email, small=", ".join(_offices(user))),
            Cell(state, flag=not user.is_active),
            Cell(houses),
            Cell(user.last_login),
        ],
        [Button(place, label), Button(office, to_office)] if may else (),
    )


def _offices(user: User) -> list[str]:
    """What the account does for the shop itself."""
    found = [_("Operator")] if user.is_staff else []
    return [*found, _("Marketer")] if user.is_marketer else found


@operator_page("accounts.change_user", "POST")
def suspension(request: HttpRequest, seat: OperatorSeat, user_id: int) -> HttpResponse:
    """Close an account, whose sessions end with the next request; or open it again."""
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise Http404(user_id)
    if user == seat.user or (user.is_superuser and not seat.user.is_superuser):
        messages.error(request, _("You cannot suspend this account."))
        return redirect("operator-desk:people")
    if not is_sure(request):
        question = Question(
            _("Suspend this person?") if user.is_active else _("Lift the suspension?"),
            _("They are signed out with their next click and cannot sign in.")
            if user.is_active else _("They can sign in again."),
            _("Suspend") if user.is_active else _("Lift the suspension"),
            reverse("operator-desk:people"), ((_("Mail"), user.email),),
            asks_reason=user.is_active,
        )  # fmt: skip
        return ask(request, seat, question, {"was": "open" if user.is_active else "suspended"})
    opens, reason = request.POST.get("was") == "suspended", request.POST.get("reason", "")[:200]
    before = str(_STATES["open" if user.is_active else "suspended"])
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(is_active=opens)
        record(seat, "unsuspend" if opens else "suspend", "person", user.email,
               key=key_of(request), before=before, note=reason,
               after=str(_STATES["open" if opens else "suspended"]))  # fmt: skip
    messages.success(request, _("Done."))
    return redirect("operator-desk:people")


@operator_page("accounts.change_user", "POST")
def marketer(request: HttpRequest, seat: OperatorSeat, user_id: int) -> HttpResponse:
    """Give somebody the marketer's right, or take it back."""
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise Http404(user_id)
    if not is_sure(request):
        question = Question(
            _("Take the marketer's right back?") if user.is_marketer
            else _("Make this person a marketer?"),
            "" if user.is_marketer
            else _("They reach the marketing desk, after adding a second factor."),
            _("No longer a marketer") if user.is_marketer else _("Make a marketer"),
            reverse("operator-desk:people"), ((_("Mail"), user.email),),
        )  # fmt: skip
        return ask(request, seat, question, {"was": "on" if user.is_marketer else "off"})
    gives = request.POST.get("was") == "off"
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(is_marketer=gives)
        record(seat, "marketer" if gives else "no-marketer", "person", user.email,
               key=key_of(request))  # fmt: skip
    messages.success(request, _("Done."))
    return redirect("operator-desk:people")
