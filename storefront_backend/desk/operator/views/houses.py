"""Houses and people: who they are, how they stand, and who may come in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from i18n.locales import text_in
from storefront_backend.accounts.invitations import NotPossible
from storefront_backend.accounts.models import BrandMembership
from storefront_backend.catalog.models import Brand, Listing, Product
from storefront_backend.catalog.suspending import lift, suspend
from storefront_backend.commerce.errors import InvalidRequest
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
from storefront_backend.desk.operator.usage import usage_table
from storefront_backend.desk.pages import filters, paged
from storefront_backend.desk.words import WORDS as DESK_WORDS
from storefront_backend.jobs.people import invite_owner
from storefront_backend.models3d.models import Model

_STATES = {"open": gettext_lazy("Open"), "suspended": gettext_lazy("Suspended")}


class InviteForm(forms.Form):
    """The first owner of a house."""

    email = forms.EmailField(label=gettext_lazy("Owner's mail address"))


@operator_page("catalog.view_brand", "GET")
def listed(request: HttpRequest, seat: OperatorSeat) -> HttpResponse:
    """Every house with its pieces, members and state."""
    wanted = filters(request, "search", "state")
    rows = (
        Brand.objects.select_related("suspension")
        .annotate(pieces=Count("products", distinct=True), people=Count("members", distinct=True))
        .order_by("slug")
    )
    if text := wanted["search"]:
        rows = rows.filter(
            Q(slug__icontains=text) | Q(legal_name__icontains=text)
            | Q(members__user__email__icontains=text)
        ).distinct()  # fmt: skip
    if wanted["state"] in _STATES:
        rows = rows.filter(suspension__isnull=wanted["state"] == "open")
    page = paged(request, rows)
    table = Table(
        _("Houses"),
        [Column(_("House")), Column(_("State")),
         Column(pgettext("a brand's products", "Pieces"), number=True),
         Column(_("Live listings"), number=True), Column(_("People"), number=True),
         Column(_("Since"))],
        [_row(brand, seat) for brand in page],
        _("No houses fit."),
    )  # fmt: skip
    said = [Filter("search", _("House or mail")), Filter("state", _("State"), _STATES)]
    return table_page(request, seat, table, page=page, wanted=wanted, filters=said)


def _row(brand: Brand, seat: OperatorSeat) -> Row:
    live = Listing.objects.filter(variant__brand=brand, is_live=True).count()
    state, flag = _state(brand)
    return Row(
        [
            Cell(
                text_in(brand.names, seat.language) or brand.slug,
                href=reverse("operator-desk:house", args=(brand.slug,)),
                small=brand.slug,
            ),
            Cell(state, flag=flag),
            Cell(getattr(brand, "pieces", 0), number=True),
            Cell(live, number=True),
            Cell(getattr(brand, "people", 0), number=True),
            Cell(brand.created_at),
        ]
    )


def _state(brand: Brand) -> tuple[str, bool]:
    is_suspended = hasattr(brand, "suspension")
    return str(_STATES["suspended" if is_suspended else "open"]), is_suspended


@operator_page("catalog.view_brand", "GET")
def one(request: HttpRequest, seat: OperatorSeat, slug: str) -> HttpResponse:
    """A house: state and limits, its people, and an invitation for the first owner."""
    return _house_page(request, seat, house(slug))


def _house_page(
    request: HttpRequest, seat: OperatorSeat, brand: Brand, form: InviteForm | None = None
) -> HttpResponse:
    state, flag = _state(brand)
    meshes = Model.objects.filter(brand=brand).values_list("source_bytes", flat=True)
    place = reverse("operator-desk:house-suspend", args=(brand.slug,))
    label = _("Lift the suspension") if flag else _("Suspend")
    buttons = [Button(place, label)] if seat.may("catalog.change_brand") else []
    reason = brand.suspension.reason if flag else ""
    table = Table(
        text_in(brand.names, seat.language) or brand.slug,
        [Column(_("House")), Column(_("State")), Column(_("Legal name")),
         Column(pgettext("a brand's products", "Pieces"), number=True),
         Column(_("Meshes, MB"), number=True)],
        [
            Row(
                [
                    Cell(brand.slug),
                    Cell(state, flag=flag, small=reason),
                    Cell(brand.legal_name or _("missing"), flag=not brand.legal_name),
                    Cell(Product.objects.filter(brand=brand).count(), number=True),
                    Cell(sum(meshes) >> 20, number=True),
                ],
                buttons,
            )
        ],
        "",
    )  # fmt: skip
    members = BrandMembership.objects.filter(brand=brand).select_related("user")
    people = Table(
        _("People"),
        [Column(_("Mail")), Column(_("Role")), Column(_("Last seen"))],
        [
            Row([Cell(each.user.email), Cell(DESK_WORDS["role"][each.role]),
                 Cell(each.user.last_login)])
            for each in members
        ],
        _("No people yet. Invite the first owner."),
    )  # fmt: skip
    context: dict[str, Any] = {"back": (reverse("operator-desk:houses"), _("Houses"))}
    if seat.may("catalog.change_brand"):
        context |= {
            "add": (
                reverse("operator-desk:house-limits", args=(brand.slug,)),
                _("Change what this house may use"),
            ),
            "form": form or InviteForm(),
            "form_title": _("Invite an owner"),
            "form_button": _("Go on"),
            "form_action": reverse("operator-desk:house-invite", args=(brand.slug,)),
        }
    status = 422 if form and form.errors else 200
    return table_page(
        request, seat, table, tables=[usage_table(brand), people], status=status, **context
    )


@operator_page("catalog.change_brand", "POST")
def invite(request: HttpRequest, seat: OperatorSeat, slug: str) -> HttpResponse:
    """An owner for a house; the mail tells them how to come in."""
    brand, form = house(slug), InviteForm(request.POST)
    if not form.is_valid():
        return _house_page(request, seat, brand, form)
    email = form.cleaned_data["email"].strip().lower()
    if not is_sure(request):
        question = Question(
            _("Invite this owner?"),
            _("Owners see all of the house's orders and payouts, and invite others."),
            _("Invite"), reverse("operator-desk:house", args=(slug,)),
            ((_("House"), slug), (_("Mail"), email)),
        )  # fmt: skip
        return ask(request, seat, question)
    try:
        invite_owner(brand, email, language=seat.language)
    except NotPossible:
        form.add_error("email", _("Too many invitations of this house are open."))
        return _house_page(request, seat, brand, form)
    except InvalidRequest:
        form.add_error("email", _("Enter a valid email address."))
        return _house_page(request, seat, brand, form)
    record(seat, "invite", "brand", slug, key=key_of(request), after=email)
    messages.success(request, _("The invitation is on its way."))
    return redirect("operator-desk:house", slug)


@operator_page("catalog.change_brand", "POST")
def suspension(request: HttpRequest, seat: OperatorSeat, slug: str) -> HttpResponse:
    """Take a house's pieces off the shop and leave its people reading; or lift that again."""
    brand = house(slug)
    is_suspended = hasattr(brand, "suspension")
    if not is_sure(request):
        question = Question(
            _("Lift the suspension?") if is_suspended else _("Suspend this house?"),
            _("Its pieces come back to the shop with the next sweep.") if is_suspended
            else _("Its pieces leave the shop at once, and its people can read at their desk but"
                   " change nothing. Orders that were paid stay as they are."),
            _("Lift the suspension") if is_suspended else _("Suspend"),
            reverse("operator-desk:house", args=(slug,)),
            ((_("House"), slug),), asks_reason=not is_suspended,
        )  # fmt: skip
        fields = {"was": "suspended" if is_suspended else "open"}
        return ask(request, seat, question, fields)
    # The page that was confirmed says what was meant: sent twice, it does not undo itself.
    lifting, reason = request.POST.get("was") == "suspended", request.POST.get("reason", "")[:200]
    act = "unsuspend" if lifting else "suspend"
    before, _flag = _state(brand)
    with transaction.atomic():
        (lift(brand) if lifting else suspend(brand, reason))
        record(seat, act, "brand", slug, key=key_of(request), before=before, note=reason,
               after=str(_STATES["open" if lifting else "suspended"]))  # fmt: skip
    messages.success(request, _("Done."))
    return redirect("operator-desk:house", slug)


def house(slug: str) -> Brand:
    """The house of that address. Raises Http404."""
    brand = Brand.objects.select_related("suspension").filter(slug=slug).first()
    if brand is None:
        raise Http404(slug)
    return brand
