"""Where the local store takes the parts of an upload. An S3 store takes its own."""

from __future__ import annotations

from typing import BinaryIO, cast
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from storefront_backend import wiring
from storefront_backend.commerce.errors import ChecksumMismatch, InvalidRequest, NotFound


# The signed address is the right to write, and no cookie is looked at: nothing to forge.
@csrf_exempt
@require_http_methods(["PUT"])
def part(request: HttpRequest, upload_id: UUID, number: int) -> HttpResponse:
    """Take one part: 204, or why not. The answer to a cut line is to send the part again."""
    if settings.ASSET_STORE != "local":
        raise Http404
    size = request.GET.get("bytes", "")
    # A length that is not stated would let a sender hold a thread without a timeout.
    if request.headers.get("Content-Length") != size:
        return _answer(411, "length_required", f"Content-Length must be {size or 'stated'}")
    body = cast(BinaryIO, request)  # HttpRequest reads like a file
    try:
        wiring.local_uploads().receive(str(upload_id), number, request.GET.dict(), body)
    except NotFound as error:
        return _answer(404, error.code, error.message)
    except ChecksumMismatch as error:
        return _answer(400, error.code, error.message)
    except InvalidRequest as error:
        return _answer(403, error.code, error.message)
    except UnreadablePostError:
        return _answer(400, "line_cut", "The connection was lost; send the part again")
    return HttpResponse(status=204)


def _answer(status: int, code: str, message: str) -> JsonResponse:
    return JsonResponse({"code": code, "message": message}, status=status)
