"""3D builds of all houses: looked at, stopped, tried again, shown to shoppers again."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from storefront_backend.commerce.errors import CommerceError
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
from storefront_backend.desk.operator.words import WORDS
from storefront_backend.desk.pages import filters, paged
from storefront_backend.desk.words import WORDS as DESK_WORDS
from storefront_backend.jobs.builds import build_desk
from storefront_backend.models3d.builds import cancel_build, show_build
from storefront_backend.models3d.models import Build

_OVER = (Build.State.FAILED, Build.State.CANCELED, Build.State.REFUSED)
_OPEN = (Build.State.QUEUED, Build.State.RUNNING)
_ACTS = ("build-retry", "build-stop", "build-show")


@operator_page("models3d.view_build", "GET")
def listed(request: HttpRequest, seat: OperatorSeat) -> HttpResponse:
    """Newest first, by piece, file, house and state."""
    wanted = filters(request, "search", "state")
    rows = Build.objects.select_related("model__product__brand")
    if text := wanted["search"]:
        rows = rows.filter(
            Q(source_name__icontains=text) | Q(model__product__code__icontains=text)
            | Q(model__brand__slug__icontains=text)
        )  # fmt: skip
    if wanted["state"]:
        rows = rows.filter(state=wanted["state"])
    page = paged(request, rows)
    table = Table(
        _("Builds"),
        [Column(_("Piece")), Column(_("House")), Column(_("State")), Column(_("Stage")),
         Column(_("Attempts"), number=True), Column(_("Begun")), Column(_("Ended"))],
        [_row(build, seat) for build in page],
        _("No builds fit."),
    )  # fmt: skip
    said = [Filter("search", _("Piece, file or house")),
            Filter("state", _("State"), DESK_WORDS["build"])]  # fmt: skip
    return table_page(request, seat, table, page=page, wanted=wanted, filters=said)


def _row(build: Build, seat: OperatorSeat) -> Row:
    product = build.model.product
    is_shown = build.model.current_build_id == build.pk
    bad = build.state in (Build.State.FAILED, Build.State.REFUSED)
    problems = "; ".join(each.get("message", "") for each in build.report.get("problems", ())[:2])
    return Row(
        [
            Cell(product.code, small=build.source_name),
            Cell(product.brand.slug),
            Cell(DESK_WORDS["build"][build.state], flag=bad, good=is_shown,
                 small=_("Shown to shoppers") if is_shown else problems),
            Cell(build.stage),
            Cell(build.attempts, number=True),
            Cell(build.started_at or build.created_at),
            Cell(build.finished_at or ""),
        ],
        _buttons(build, is_shown) if seat.may("models3d.change_build") else (),
    )  # fmt: skip


def _buttons(build: Build, is_shown: bool) -> list[Button]:
    place = reverse("operator-desk:build", args=(build.pk,))
    if build.state in _OVER:
        return [Button(place, _("Try again"), {"do": "build-retry"})]
    if build.state in _OPEN:
        return [Button(place, _("Stop"), {"do": "build-stop"})]
    return [] if is_shown else [Button(place, _("Show this one"), {"do": "build-show"})]


@operator_page("models3d.change_build", "POST")
def decide(request: HttpRequest, seat: OperatorSeat, build_id: int) -> HttpResponse:
    """Try again, stop, or show."""
    build = Build.objects.select_related("model__product__brand").filter(pk=build_id).first()
    if build is None:
        raise Http404(build_id)
    act = request.POST.get("do", "")
    if act not in _ACTS:
        messages.error(request, _("Choose what to do."))
        return redirect("operator-desk:builds")
    titles = {
        "build-retry": (_("Try it again?"), _("Try again")),
        "build-stop": (_("Stop this build?"), _("Stop")),
        "build-show": (_("Show shoppers this build?"), _("Show this one")),
    }
    subject = f"{build.model.brand_id}/{build.model.product.code} {build.pk}"
    if not is_sure(request):
        title, button = titles[act]
        facts = ((_("Piece"), build.model.product.code), (_("File"), build.source_name),
                 (_("State"), DESK_WORDS["build"][build.state]))  # fmt: skip
        back = reverse("operator-desk:builds")
        return ask(request, seat, Question(title, "", button, back, facts))
    before = build.state
    try:
        if act == "build-retry":
            build_desk().retry(build)
        elif act == "build-stop":
            cancel_build(build)
        else:
            show_build(build)
    except CommerceError as error:
        messages.error(request, error.message)
        return redirect("operator-desk:builds")
    build.refresh_from_db()
    record(seat, act, "build", subject, key=key_of(request), before=before, after=build.state)
    messages.success(request, str(WORDS["act"][act]))
    return redirect("operator-desk:builds")
