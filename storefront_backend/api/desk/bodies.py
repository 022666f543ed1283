"""A file as the body of a request, streamed to the disk."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

from django.http import HttpRequest
from django.http.request import UnreadablePostError

from storefront_backend.api.desk.access import Refused
from storefront_backend.commerce.errors import InvalidRequest

_CHUNK = 1 << 20


@contextmanager
def file_of(request: HttpRequest, most_bytes: int, hint: str) -> Iterator[BinaryIO]:
    """The body as a file, rewound. Raises Refused, InvalidRequest."""
    size = _length(request, most_bytes, hint)
    with tempfile.TemporaryFile() as file:
        came = 0
        try:
            while chunk := request.read(min(_CHUNK, size - came)):
                file.write(chunk)
                came += len(chunk)
        except UnreadablePostError:
            came = -1
        if came != size:
            raise InvalidRequest("The connection was lost", hint="Send the file again.")
        file.seek(0)
        yield cast(BinaryIO, file)


def _length(request: HttpRequest, most_bytes: int, hint: str) -> int:
    if request.content_type in ("multipart/form-data", "application/x-www-form-urlencoded"):
        raise Refused(
            415, "not_a_file", "The body must be the file itself",
            hint="Send it as application/octet-stream.",
        )  # fmt: skip
    length = request.headers.get("Content-Length", "")
    if not length.isdecimal():
        raise Refused(411, "length_required", "Content-Length must be stated")
    if int(length) > most_bytes:
        raise Refused(413, "too_large", f"A file may have {most_bytes >> 20} MB", hint=hint)
    if int(length) == 0:
        raise InvalidRequest("The file is empty")
    return int(length)
