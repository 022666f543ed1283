"""What every page of one's own has in common: the language, the frame, who may see it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import translation
from django.views.decorators.cache import never_cache

from storefront_backend.accounts.models import User
from storefront_backend.desk.languages import DESK_LANGUAGES, language_of

# The shop's pages may use no passkeys; these may.
_PERMISSIONS = "publickey-credentials-get=(self), publickey-credentials-create=(self)"

type View = Callable[..., HttpResponseBase]


def own_page(view: View, *, signed_in: bool = True) -> View:
    """A page in the reader's language, and in the desk's frame where it answers a template.

    It takes django-allauth's views as well as our own. Forms with errors are answered with 422.
    """

    @never_cache
    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = request.user if isinstance(request.user, User) else None
        if signed_in and user is None:
            return redirect_to_login(request.get_full_path(), "account_login")
        language = language_of(request, user)
        with translation.override(language.lower()):
            response = view(request, *args, **kwargs)
            if isinstance(response, TemplateResponse):
                _frame(response, language, user)
                response.render()
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["Content-Language"] = language
        response.headers["Permissions-Policy"] = _PERMISSIONS
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    return page


def _frame(response: TemplateResponse, language: str, user: User | None) -> None:
    given = response.context_data or {}
    response.context_data = {
        "language": language,
        "direction": "ltr",
        "desk_languages": DESK_LANGUAGES,
        "person": user,
    } | given
    form = given.get("form")
    if form is not None and form.errors and response.status_code == 200:
        response.status_code = 422
