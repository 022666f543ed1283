"""Who did what."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse

from storefront_backend.desk.operator.models import OperatorAct
from storefront_backend.desk.operator.seat import OperatorSeat, operator_page, operator_render
from storefront_backend.desk.operator.words import ACTS
from storefront_backend.desk.pages import filters, paged


@operator_page("operator_desk.view_operatoract", "GET")
def listed(request: HttpRequest, seat: OperatorSeat) -> HttpResponse:
    """Every act, newest first, by person, act, subject and day."""
    wanted = filters(request, "by", "act", "subject", "day")
    rows = OperatorAct.objects.all()
    if wanted["by"]:
        rows = rows.filter(by_name__icontains=wanted["by"])
    if wanted["act"] in ACTS:
        rows = rows.filter(act=wanted["act"])
    if wanted["subject"]:
        rows = rows.filter(subject__icontains=wanted["subject"])
    if wanted["day"]:
        rows = rows.filter(at__date=wanted["day"]) if _is_day(wanted["day"]) else rows.none()
    context = {"page": paged(request, rows), "wanted": wanted, "acts": ACTS}
    return operator_render(request, seat, "acts.html", context)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
