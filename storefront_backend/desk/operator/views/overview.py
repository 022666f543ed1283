"""The first page: what waits for a person, and what was done last."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from storefront_backend.desk.operator.models import OperatorAct
from storefront_backend.desk.operator.seat import OperatorSeat, operator_page, operator_render
from storefront_backend.desk.operator.waiting import counts

_LAST = 10


@operator_page("", "GET")
def show(request: HttpRequest, seat: OperatorSeat) -> HttpResponse:
    """Counts with links, by what this operator may open."""
    acts = OperatorAct.objects.all()
    context = {
        "counts": counts(seat),
        "acts": acts[:_LAST] if seat.may("operator_desk.view_operatoract") else (),
    }
    return operator_render(request, seat, "overview.html", context)
