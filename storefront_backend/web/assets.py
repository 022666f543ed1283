"""Assets of the local store over HTTP: typed, immutable, in ranges. An S3 store serves its own."""

from __future__ import annotations

import re
from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from storefront_backend import wiring
from storefront_backend.commerce.errors import InvalidRequest
from storefront_backend.storage.keys import cache_control, is_public, media_type
from storefront_backend.web.parts import FilePart

_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


@require_safe
def asset(request: HttpRequest, key: str) -> HttpResponseBase:
    """One asset. A private one only by an address that the store has signed."""
    store = wiring.local_assets()
    try:
        kind = media_type(key)
        path = store.path(key)
    except InvalidRequest:
        raise Http404(key) from None
    if not store.may_read(key, request.GET.get("until", ""), request.GET.get("signature", "")):
        return HttpResponse("This address has run out\n", status=403, content_type="text/plain")
    if not path.is_file():
        raise Http404(key)
    response = _whole_or_part(request, path, kind)
    response["Accept-Ranges"] = "bytes"
    # The key is the content's digest, so the content under it can never change.
    response["Cache-Control"] = cache_control(key)
    response["ETag"] = f'"{path.stem}"'
    if not is_public(key):
        response["Content-Disposition"] = "attachment"
    return response


def _whole_or_part(request: HttpRequest, path: Path, kind: str) -> HttpResponseBase:
    size = path.stat().st_size
    match = _RANGE.fullmatch(request.headers.get("Range", ""))
    if request.headers.get("If-None-Match") == f'"{path.stem}"':
        return HttpResponse(status=304)
    if match is None or match[0] == "bytes=-":
        return FileResponse(path.open("rb"), content_type=kind)
    first, last = _bounds(match[1], match[2], size)
    if first > last or first >= size:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    response = FileResponse(FilePart(path, first, last), status=206, content_type=kind)
    response["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    """First and last byte, inclusive; `-500` asks for the last 500."""
    if not first:
        return max(0, size - int(last)), size - 1
    return int(first), min(int(last), size - 1) if last else size - 1
