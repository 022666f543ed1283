"""What every page of the desk has in common, for brands, operators, marketers and partners."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Concatenate

from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.utils import translation

from storefront_backend.accounts.models import User
from storefront_backend.desk.languages import DESK_LANGUAGES, language_of

ON_A_PAGE = 30

type SeatedView[Seat] = Callable[Concatenate[HttpRequest, Seat, ...], HttpResponseBase]


def turned_away(request: HttpRequest, methods: Sequence[str]) -> HttpResponseBase | None:
    """405, or the way to sign in; None where the request may go on."""
    if request.method not in methods and request.method != "HEAD":
        return HttpResponseNotAllowed(methods)
    if not isinstance(request.user, User):
        return redirect_to_login(request.get_full_path(), "account_login")
    return None


def seated[Seat](
    kind: str, methods: Sequence[str], seat_of: Callable[[User, str], Seat | None]
) -> Callable[[SeatedView[Seat]], Callable[..., HttpResponseBase]]:
    """A page for those whom `seat_of` gives a seat, in their language; to anybody else 404.

    The page carries `kind`, by which the walk over all routes knows whom it lets in.
    """

    def decorate(view: SeatedView[Seat]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def page(request: HttpRequest, **given: Any) -> HttpResponseBase:
            if away := turned_away(request, methods):
                return away
            assert isinstance(request.user, User)  # others were turned away
            language = language_of(request, request.user)
            seat = seat_of(request.user, language)
            if seat is None:
                raise Http404(request.path)
            return spoken(language, lambda: view(request, seat, **given))

        setattr(page, kind, True)
        return page

    return decorate


def spoken(language: str, view: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """The view's answer in that language, which no cache keeps."""
    with translation.override(language.lower()):
        response = view()
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Language"] = language
    return response


def frame(language: str) -> dict[str, Any]:
    """What the frame of every page shows."""
    return {"language": language, "direction": "ltr", "desk_languages": DESK_LANGUAGES}


def paged(
    request: HttpRequest, rows: QuerySet[Any] | Sequence[Any], size: int = ON_A_PAGE
) -> Page[Any]:
    """The page that the address names; a number that is none is the first, too high the last."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


def filters(request: HttpRequest, *names: str) -> dict[str, str]:
    """What the address filters by, each at most 80 characters; `query` keeps it for other pages."""
    chosen = {name: request.GET.get(name, "").strip()[:80] for name in names}
    kept = request.GET.copy()
    for name in [name for name in kept if name not in names]:
        del kept[name]
    return {**chosen, "query": kept.urlencode()}
