"""Mutations that are limited by client."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from storefront_backend.api.errors import errors_of
from storefront_backend.throttle.errors import TooManyRequests
from storefront_backend.throttle.limiter import limited

Resolver = Callable[..., dict[str, Any]]


def throttled(kind: str) -> Callable[[Resolver], Resolver]:
    """Counts each call against the limit `kind`; over it the payload's `errors` say so.

    Each alias of a request counts, since each runs the resolver.
    """

    def decorate(resolver: Resolver) -> Resolver:
        @wraps(resolver)
        def counted(root: Any, info: Any, **given: Any) -> dict[str, Any]:
            try:
                limited(info.context, kind)
            except TooManyRequests as error:
                return {"errors": errors_of(error)}
            return resolver(root, info, **given)

        return counted

    return decorate
