"""Who changed what at this brand."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware

from storefront_backend.accounts.models import BrandMembership
from storefront_backend.audit.reading import changes, event_models
from storefront_backend.desk.brand.seat import Seat, brand_page, desk_render
from storefront_backend.desk.changes import THINGS, shown
from storefront_backend.scope.paths import BRAND_PATHS

_ON_A_PAGE = 50


@brand_page("GET")
def listed(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Newest first; `?thing=`, `?person=` choose, `?before=` goes on to older ones."""
    models = {
        model.pgh_tracked_model._meta.model_name: model  # type: ignore[attr-defined] # pghistory's
        for model in event_models()
        if model._meta.label_lower in BRAND_PATHS
    }
    thing = request.GET.get("thing", "")
    person = request.GET.get("person", "")
    found = changes(
        [models[thing]] if thing in models else models.values(),
        seat.scope.rows,
        before=_moment(request.GET.get("before", "")),
        person=int(person) if person.isascii() and person.isdigit() and len(person) < 10 else None,
        limit=_ON_A_PAGE + 1,
    )
    page = found[:_ON_A_PAGE]
    members = seat.scope.rows(BrandMembership).select_related("user").order_by("user__email")
    context = {
        "changes": shown(page),
        "things": {name: THINGS[name] for name in sorted(models)},
        "people": [each.user for each in members],
        "thing": thing,
        "person": person,
        "next": page[-1].at.isoformat() if len(found) > len(page) else "",
    }
    return desk_render(request, seat, "desk/brand/history.html", context)


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text[:40].replace(" ", "+"))
    except ValueError:
        return None
    return moment if moment is not None and is_aware(moment) else None
