"""The first page: what runs, what comes next, what is still a draft."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from storefront_backend import wiring
from storefront_backend.desk.marketing.campaign_list import all_campaigns
from storefront_backend.desk.marketing.seat import MarketingSeat, marketing_page, marketing_render

_STATES = ("live", "scheduled", "draft")


@marketing_page("GET")
def show(request: HttpRequest, seat: MarketingSeat) -> HttpResponse:
    """Campaigns by state, but those that are over."""
    rows = all_campaigns(seat.language, wiring.rulebook(), wiring.now())
    counts = [(state, sum(row.state == state for row in rows)) for state in (*_STATES, "ended")]
    open_now = sorted(
        (row for row in rows if row.state in _STATES), key=lambda row: _STATES.index(row.state)
    )
    return marketing_render(request, seat, "start.html", {"counts": counts, "rows": open_now})
