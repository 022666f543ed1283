"""The pages of the job queue in the admin, which bring styles and one handler of their own.

The shop's policy refuses both, everywhere. dj_queue's templates give them no nonce, so its pages,
which operators alone see, get a policy that allows inline styles and exactly that one handler.
An id that is no number raises ValidationError in dj_queue's `get_object`, which catches ValueError
only; here it becomes a 404.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override

# templates/admin/dj_queue/dashboard.html: the form that chooses a backend.
_HANDLER = "this.form.submit()"


def policy() -> dict[str, Any]:
    """The shop's policy, with what those pages need besides."""
    digest = base64.b64encode(hashlib.sha256(_HANDLER.encode()).digest()).decode()
    return {
        **settings.SECURE_CSP,
        "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
        "script-src": [CSP.SELF, "'unsafe-hashes'", f"'sha256-{digest}'"],
    }


class QueuePagesMiddleware:
    """Gives the admin's pages of dj_queue their own policy, and a 404 for an id that is none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Call the view under that policy."""
        if not request.path.startswith(f"{reverse('admin:index')}dj_queue/"):
            return None
        try:
            return csp_override(policy())(view)(request, *args, **kwargs)
        except ValidationError as error:
            raise Http404(request.path) from error
