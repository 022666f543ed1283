"""What a request may say: text that a database can keep, and JSON of a bounded shape.

PostgreSQL keeps no NUL and UTF-8 no lone surrogate; both can be written in a query string, a form,
a cookie or JSON, and would be an error 500 wherever they arrive. So they are refused at the door:

| code                  | what came                                               |
|-----------------------|---------------------------------------------------------|
| `invalid_text`        | a NUL character, or half a surrogate pair               |
| `unsupported_charset` | a body or a query in another encoding than UTF-8        |
| `invalid_json`        | no JSON, or NaN and Infinity, which JSON does not have  |
| `json_too_deep`       | lists and objects nested too deep                       |
| `number_too_large`    | a number that no field of ours could hold               |
"""

from __future__ import annotations

import codecs
import json
import math
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, NoReturn

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.http import parse_header_parameters

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication

_MOST_NESTED = 32
_LARGEST = 2**53  # whole numbers up to here are the same in every JSON reader
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_LONGEST_TYPE = 1_000
_UTF_8 = {"utf-8", "ascii"}


class MalformedRequest(ValueError):
    """A stable code, and a sentence of what is wrong where."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def is_plain(text: str) -> bool:
    """Whether a database can keep the text."""
    return "\0" not in text and not any("\ud800" <= each <= "\udfff" for each in text)


def read_json(body: bytes) -> Any:
    """What the JSON says. Raises MalformedRequest."""
    try:
        said = json.loads(body, parse_constant=_no_constant)
    except RecursionError:
        raise _too_deep() from None
    except MalformedRequest:
        raise
    except ValueError as error:
        raise MalformedRequest("invalid_json", f"The body is not JSON: {error}") from None
    _check_values(said)
    return said


def _check_values(said: Any) -> None:
    waiting = [(said, 0)]
    while waiting:
        value, nested = waiting.pop()
        if isinstance(value, str):
            if not is_plain(value):
                raise _not_plain("The JSON")
        elif isinstance(value, int | float):
            if not (math.isfinite(value) and abs(value) <= _LARGEST):
                raise MalformedRequest("number_too_large", f"A number is over {_LARGEST}")
        elif isinstance(value, list | dict):
            if nested == _MOST_NESTED:
                raise _too_deep()
            waiting.extend((each, nested + 1) for each in _parts(value))


def _parts(value: list[Any] | dict[str, Any]) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value.keys()
        yield from value.values()
    else:
        yield from value


def utf_8_only(application: WSGIApplication) -> WSGIApplication:
    """The WSGI application behind an answer 400 to every other charset.

    Before Django, which decodes the query while it makes the request: with a codec that is none
    for text ("hex") that fails where no middleware can answer.
    """

    def checked(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        _, said = parse_header_parameters(environ.get("CONTENT_TYPE", "")[:_LONGEST_TYPE])
        if "charset" not in said or _is_utf_8(said["charset"]):
            return application(environ, start_response)
        error = {"code": "unsupported_charset", "message": "Send text in UTF-8"}
        start_response("400 Bad Request", [("Content-Type", "application/json")])
        return [json.dumps(error).encode()]

    return checked


class PlainTextMiddleware:
    """Answers 400 with a code where address, query, cookies or form hold text that is none.

    Forms are read here, before any view; JSON is read by the views, with `read_json`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            _check_request(request)
        except MalformedRequest as error:
            return JsonResponse({"code": error.code, "message": error.message}, status=400)
        return self.get_response(request)


def _check_request(request: HttpRequest) -> None:
    _check_texts("The address", (request.path_info, *_names_and_values(request.GET.lists())))
    _check_texts("A cookie", (*request.COOKIES.keys(), *request.COOKIES.values()))
    if request.method == "POST" and request.content_type in _FORMS:
        _check_texts("The form", _names_and_values(request.POST.lists()))
        _check_texts("A file's name", _named(request))


def _named(request: HttpRequest) -> Iterator[str]:
    for field, files in request.FILES.lists():
        yield field
        yield from (file.name or "" for file in files)


def _names_and_values(lists: Iterable[tuple[str, list[Any]]]) -> Iterator[str]:
    for name, values in lists:
        yield name
        yield from values


def _check_texts(where: str, texts: Iterable[str]) -> None:
    for text in texts:
        if not is_plain(text):
            raise _not_plain(where)


def _is_utf_8(charset: str) -> bool:
    try:
        return codecs.lookup(charset).name in _UTF_8
    except (LookupError, ValueError):
        return False


def _no_constant(name: str) -> NoReturn:
    raise MalformedRequest("invalid_json", f"The body is not JSON: {name} is no number")


def _not_plain(where: str) -> MalformedRequest:
    return MalformedRequest("invalid_text", f"{where} has a NUL character or half a character")


def _too_deep() -> MalformedRequest:
    return MalformedRequest("json_too_deep", f"The JSON is nested more than {_MOST_NESTED} deep")
