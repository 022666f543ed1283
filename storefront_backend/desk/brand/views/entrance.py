"""/desk/: straight to somebody's only desk, or a choice of several."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from storefront_backend.accounts.models import User
from storefront_backend.accounts.rights import is_operator, markets, memberships
from storefront_backend.desk.languages import DESK_LANGUAGES, language_of
from storefront_backend.partners.enrolment import application_of


@require_safe
@never_cache
@login_required(login_url="account_login")
def choose(request: HttpRequest) -> HttpResponse:
    """The desks of the signed-in person: their brands', and the marketing desk."""
    user = request.user
    assert isinstance(user, User)  # login_required has seen to it
    brands = [each.brand for each in memberships(user).select_related("brand")]
    is_marketer = markets(user)
    if not brands and not is_marketer and application_of(user):
        return redirect("partners-desk:own")
    if is_marketer and not brands and not is_operator(user):
        return redirect("marketing-desk:start")
    if len(brands) == 1 and not is_marketer:
        return redirect("brand-desk:overview", brands[0].slug)
    language = language_of(request, user)
    context = {
        "brands": brands,
        "is_marketer": is_marketer,
        "language": language,
        "direction": "ltr",
        "desk_languages": DESK_LANGUAGES,
    }
    with translation.override(language.lower()):
        return render(request, "desk/brand/entrance.html", context)
