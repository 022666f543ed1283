"""What signing in means for every request: the second factor, the list of sessions, the device."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import cast

from allauth.usersessions.models import UserSession
from asgiref.sync import sync_to_async
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from storefront_backend.accounts.models import User
from storefront_backend.accounts.second_factor import is_proved
from storefront_backend.accounts.sign_in import remember_device

type Answer = Callable[[HttpRequest], HttpResponse]

_SEEN = "seen-at"
_SEEN_EVERY = 300  # seconds: the list of sessions need not cost a write a page


class SecondFactorMiddleware:
    """A session that has not proved the account's second factor is nobody's.

    It holds for every door: pages, JSON, the API, the admin, and doors yet to be built. The user
    stays lazy, so that pages which ask for nobody do not vary by the session's cookie.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        found = request.user

        def proved() -> User | AnonymousUser:
            if isinstance(found, User) and is_proved(request, found):
                return found
            return AnonymousUser()

        user = SimpleLazyObject(proved)
        request.user = cast(User, user)

        async def later() -> User | AnonymousUser:
            return await sync_to_async(proved)()

        request.auser = later
        return self.get_response(request)


class SessionListMiddleware:
    """Keeps the list of a person's sessions, and when each was last used."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Only where the view looked at the session: others stay free of its cookie.
        if request.session.accessed and isinstance(request.user, User):
            self._note(request)
        return response

    def _note(self, request: HttpRequest) -> None:
        now = int(time.time())
        seen = request.session.get(_SEEN)
        if isinstance(seen, int) and now - seen < _SEEN_EVERY:
            return
        request.session[_SEEN] = now
        UserSession.objects.create_from_request(request)


class KnownDeviceMiddleware:
    """Gives a device that has just signed in the cookie by which it is known."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        remember_device(request, response)
        return response
