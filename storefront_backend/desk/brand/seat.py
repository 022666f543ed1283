"""Who sits at the desk of which brand, and what every page of it has in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from i18n.locales import text_in
from storefront_backend.accounts.models import User
from storefront_backend.accounts.rights import Act, allows, memberships
from storefront_backend.catalog.models import Brand
from storefront_backend.desk.languages import language_of
from storefront_backend.desk.pages import frame, spoken, turned_away
from storefront_backend.scope.rows import Scope


@dataclass(frozen=True, slots=True)
class Seat:
    """A signed-in person at a brand's desk. Rows come from `scope` and from nowhere else."""

    user: User
    brand: Brand
    role: str
    language: str
    is_suspended: bool = False

    @property
    def scope(self) -> Scope:
        """The brand's rows."""
        return Scope(frozenset({self.brand.pk}))

    def may(self, act: Act) -> bool:
        """Whether the person's role allows it."""
        return allows(self.role, act)

    @property
    def may_write(self) -> bool:
        """Readers look and change nothing; nor does anybody of a suspended house."""
        return (
            not self.is_suspended
            and allows(self.role, Act.EDIT_CATALOGUE)
            and allows(self.role, Act.EDIT_ORDERS)
        )


type SeatView = Callable[Concatenate[HttpRequest, Seat, ...], HttpResponseBase]


def brand_page(
    *methods: str, act: Act | None = None
) -> Callable[[SeatView], Callable[..., HttpResponseBase]]:
    """A page of a brand's desk: members only, in their language, with the brand's rows alone.

    To anybody else the brand has no desk: 404. Whose role does not allow `act` gets 403, and
    without one readers do where something would be changed.
    """

    def decorate(view: SeatView) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def page(request: HttpRequest, brand: str, **given: Any) -> HttpResponseBase:
            if away := turned_away(request, methods):
                return away
            assert isinstance(request.user, User)  # others were turned away
            seat = _seat(request, request.user, brand)
            if not seat.may(act) if act else request.method == "POST" and not seat.may_write:
                return HttpResponse(status=403)
            with seat.scope.entered():
                return spoken(seat.language, lambda: view(request, seat, **given))

        page.act = act  # type: ignore[attr-defined]  # as below
        page.scoped = True  # type: ignore[attr-defined]  # what the walk over all routes looks for
        return page

    return decorate


def desk_render(
    request: HttpRequest, seat: Seat, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page with what the frame shows: the brand, the way around, the languages."""
    common = frame(seat.language) | {
        "seat": seat,
        "brand_name": text_in(seat.brand.names, seat.language) or seat.brand.slug,
    }
    return render(request, template, common | context, status=status)


def _seat(request: HttpRequest, user: User, slug: str) -> Seat:
    found = memberships(user).select_related("brand__suspension").filter(brand__slug=slug).first()
    if found is None:
        raise Http404(slug)
    is_suspended = hasattr(found.brand, "suspension")
    return Seat(user, found.brand, found.role, language_of(request, user), is_suspended)
