"""How requests to the desk are read and answered; accounts.rights says who may do what."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.http import HttpRequest, HttpResponse, JsonResponse

from storefront_backend.accounts.models import User
from storefront_backend.accounts.rights import Act, Forbidden, memberships, operates, require
from storefront_backend.catalog.models import Brand
from storefront_backend.commerce.errors import (
    CommerceError,
    InvalidRequest,
    KeyReused,
    NoSuchPieces,
    NotFound,
    OrderOnHold,
    PaymentDeclined,
    ProviderError,
    UploadIncomplete,
)
from storefront_backend.request_text import MalformedRequest, read_json
from storefront_backend.scope.rows import Scope
from storefront_backend.throttle.errors import TooManyRequests

_MOST_BYTES = 2 * 1024 * 1024  # of a request: the digests of 10,000 parts fit
Answer = dict[str, Any] | list[dict[str, Any]]
View = Callable[..., HttpResponse]


class Refused(CommerceError):
    """A request that is refused before it is read, with a status of HTTP's own."""

    def __init__(self, status: int, code: str, message: str, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.code = code


class Malformed(CommerceError):
    """JSON that says what no field can hold: a NUL, half a character, too deep, too large."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def desk(
    *methods: str,
) -> Callable[[Callable[Concatenate[HttpRequest, User, ...], Answer]], View]:
    """A view of the desk: signed-in people only, plain values out, errors in one form.

    The database shows it rows of the person's own brands only, and to an operator with a right to
    orders those of the brand that the address names.
    """

    def decorate(function: Callable[Concatenate[HttpRequest, User, ...], Answer]) -> View:
        @wraps(function)
        def view(request: HttpRequest, **given: Any) -> HttpResponse:
            if request.method not in methods:
                return _wrong(405, "method_not_allowed", "Not that way", headers=", ".join(methods))
            user = request.user
            if not isinstance(user, User):
                return _wrong(401, "not_signed_in", "Sign in first")
            try:
                with _scope_of(user, given.get("brand", "")).entered():
                    answer = function(request, user, **given)
            except CommerceError as error:
                return _wrong(_status(error), error.code, error.message, error.field, error.hint)
            response = JsonResponse(answer, safe=False)
            response["Cache-Control"] = "private, no-store"
            return response

        view.scoped = True  # type: ignore[attr-defined]  # what the walk over all routes looks for
        return view

    return decorate


def _scope_of(user: User, slug: str) -> Scope:
    own = memberships(user).values_list("brand", flat=True)
    named = Brand.objects.filter(slug=slug) if operates(user, "orders.view_order") else ()
    return Scope(frozenset([*own, *(brand.pk for brand in named)]))


def brand_of(user: User, slug: str, act: Act) -> Brand:
    """The brand, where the user may do that. Raises NotFound, Forbidden."""
    require(user, slug, act)
    brand = Brand.objects.filter(slug=slug).first()
    if brand is None:
        raise NotFound("Not found, or not yours")
    return brand


def body(request: HttpRequest) -> dict[str, Any]:
    """The JSON object in the request, or InvalidRequest."""
    try:
        if int(request.headers.get("Content-Length") or 0) > _MOST_BYTES:
            raise InvalidRequest("The request is too long")
        said = read_json(request.body)
    except MalformedRequest as error:
        if error.code == "invalid_json":
            raise InvalidRequest("The request is not JSON") from None
        raise Malformed(error.code, error.message) from None
    except ValueError:
        raise InvalidRequest("Content-Length is not a number") from None
    if not isinstance(said, dict):
        raise InvalidRequest("The request is not a JSON object")
    return said


def text(said: dict[str, Any], field: str) -> str:
    """A string of the request, or InvalidRequest."""
    value = said.get(field)
    if not isinstance(value, str):
        raise InvalidRequest(f"{field} must be a text", field=field)
    return value


def words(said: dict[str, Any], field: str, *, most: int, needed: bool = True) -> str:
    """A text of 1 to `most` characters, or of none where it is not needed; or InvalidRequest."""
    value = text(said, field).strip() if needed or field in said else ""
    if len(value) > most or (needed and not value):
        raise InvalidRequest(f"{field} must be a text of 1 to {most} characters", field=field)
    if any(ord(each) < 32 for each in value):
        raise InvalidRequest(f"{field} must be one line", field=field)
    return value


def digests(said: dict[str, Any]) -> dict[int, str]:
    """`{"parts": [{"number": 1, "sha256": "…"}]}` by number, or InvalidRequest."""
    parts = said.get("parts")
    try:
        found = {part["number"]: part["sha256"] for part in parts or ()}
    except (TypeError, KeyError):
        found = {}
    if not found or not all(
        type(number) is int and isinstance(digest, str) for number, digest in found.items()
    ):
        raise InvalidRequest("parts must list number and sha256 of each", field="parts")
    return found


def _status(error: CommerceError) -> int:
    if isinstance(error, Refused):
        return error.status
    if isinstance(error, NotFound):
        return 404
    if isinstance(error, Forbidden):
        return 403
    if isinstance(error, TooManyRequests):
        return 429
    if isinstance(error, UploadIncomplete | KeyReused | OrderOnHold | NoSuchPieces):
        return 409
    if isinstance(error, PaymentDeclined):
        return 402
    if isinstance(error, InvalidRequest):
        return 422
    return 503 if isinstance(error, ProviderError) else 400


def _wrong(
    status: int, code: str, message: str, field: str = "", hint: str = "", headers: str = ""
) -> JsonResponse:
    said = {"code": code, "message": message, "field": field, "hint": hint}
    return JsonResponse(said, status=status, headers={"Allow": headers} if headers else None)
