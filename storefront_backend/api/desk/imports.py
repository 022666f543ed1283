"""A brand's sheets: uploaded, checked, applied.

POST brands/<brand>/imports/?name=rings.xlsx   the file itself as the body: checking begins
GET  brands/<brand>/imports/                   the newest, without their reports
GET  imports/<id>/                             state and report; ask again while it is under way
GET  imports/<id>/pieces/?page=2&show=stopped   the plan with each market's verdict
POST imports/<id>/apply/  {onlyValid?, acceptPriceMoves?, confirmRetire?, confirmConflicts?}
POST imports/<id>/undo/   plan how it is undone: a run of its own, to be applied

Options go with the file, in the address: `retireMissing=1` withdraws what the sheet lacks,
`metalValue=1` says that rows without a price are meant, `setStock=1` makes the stock what the sheet
says, `ignore=<header>` leaves a column out (any number of times), `warehouse=<slug>`.
`acceptPriceMoves` is true, or a list of SKUs. `confirmRetire` is the report's `counts.retire`, and
needed where that is not 0. `confirmConflicts` is true, or codes of pieces that an undo puts back
although they were changed since. The same file again while it is open is the same run.

| status | code                                                                            |
|--------|---------------------------------------------------------------------------------|
| 403    | forbidden: a mere reader                                                        |
| 404    | not_found: no such run, or not your brand                                       |
| 411    | length_required: the request does not state the file's length                   |
| 413    | too_large: more than IMPORT_MAX_MB                                              |
| 415    | not_a_file: a form instead of the file                                          |
| 422    | invalid; `field` says what                                                      |
"""

from __future__ import annotations

import hashlib
import tempfile
from typing import Any, BinaryIO
from uuid import UUID

import structlog
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.request import UnreadablePostError

from storefront_backend.accounts.models import User
from storefront_backend.accounts.rights import Act
from storefront_backend.api.desk.access import Answer, Refused, body, brand_of, desk
from storefront_backend.catalog.models import ImportPiece, ImportRun
from storefront_backend.commerce.errors import InvalidRequest, NotFound
from storefront_backend.jobs.sheet_imports import (
    Consent,
    ask_to_apply,
    ask_to_undo,
    file_name,
    hand_in,
)
from storefront_backend.pricing.sheet_import import ImportOptions

log = structlog.get_logger(__name__)

_NEWEST = 50
_CHUNK = 1 << 20
_PIECES_A_PAGE = 50
_MOST_IGNORED = 100
_MOST_MOVES = 5_000
_FLAGS = ("retireMissing", "metalValue", "setStock")


@desk("GET", "POST")
def imports(request: HttpRequest, user: User, *, brand: str) -> Answer:
    """Hand one in, or list the newest."""
    owner = brand_of(user, brand, _act(writing=request.method == "POST"))
    if request.method == "GET":
        rows = ImportRun.objects.filter(brand=owner).select_related("brand").defer("report")
        return [_brief(row) for row in rows[:_NEWEST]]
    name, options = file_name(request.GET.get("name", "")), _options(request)
    size = _length(request)
    with tempfile.TemporaryFile() as file:
        digest = _take(request, file, size)
        file.seek(0)
        row = hand_in(owner, file, name=name, digest=digest, size=size, options=options, by=user)
    log.info("sheet uploaded", run=str(row.pk), brand=owner.slug, user=user.pk)
    return _plain(row)


@desk("GET")
def run(request: HttpRequest, user: User, *, run_id: UUID) -> Answer:
    """How far it is, and what was found."""
    return _plain(_run(user, run_id, writing=False))


@desk("POST")
def apply(request: HttpRequest, user: User, *, run_id: UUID) -> Answer:
    """Write it, in the background. Idempotent."""
    row = _run(user, run_id, writing=True)
    said = body(request)
    only_valid = said.get("onlyValid", False)
    if type(only_valid) is not bool:
        raise InvalidRequest("onlyValid must be true or false", field="onlyValid")
    retire = said.get("confirmRetire", 0)
    if type(retire) is not int or retire < 0:
        raise InvalidRequest("confirmRetire must be a number", field="confirmRetire")
    consent = Consent(only_valid, _accepted(said), retire, _codes(said, "confirmConflicts"))
    requested = ask_to_apply(row, consent)
    if requested:
        log.info("sheet applied", run=str(row.pk), brand=row.brand.slug, user=user.pk)
    row.refresh_from_db()
    return _plain(row)


@desk("POST")
def undo(request: HttpRequest, user: User, *, run_id: UUID) -> Answer:
    """Plan how it is undone; the run that does it, to be applied in its turn. Idempotent."""
    row = _run(user, run_id, writing=True)
    planned = ask_to_undo(row, user)
    log.info("undo planned", run=str(row.pk), brand=row.brand.slug, user=user.pk)
    planned.refresh_from_db()
    return _plain(planned)


@desk("GET")
def pieces(request: HttpRequest, user: User, *, run_id: UUID) -> Answer:
    """The plan, a page of pieces at a time: what changes, and each market's verdict."""
    row = _run(user, run_id, writing=False)
    number = request.GET.get("page", "1")
    if not number.isdecimal() or not 0 < int(number[:9]) < 1_000_000:
        raise InvalidRequest("page must be a number from 1", field="page")
    found = row.pieces.order_by("position")
    if request.GET.get("show") == "stopped":
        found = found.filter(is_stopped=True)
    page = Paginator(found, _PIECES_A_PAGE).get_page(number)
    return {
        "count": page.paginator.count,
        "page": page.number,
        "pages": page.paginator.num_pages,
        "pieces": [_piece(each) for each in page],
    }


def _piece(row: ImportPiece) -> dict[str, Any]:
    return {
        "product": row.code,
        "name": row.name,
        "action": row.action,
        "stopped": row.is_stopped,
        "differences": [
            {"field": field, "before": before, "after": after}
            for field, before, after in row.differences
        ],
        "verdicts": row.verdicts,
    }


def _run(user: User, run_id: UUID, *, writing: bool) -> ImportRun:
    row = ImportRun.objects.select_related("brand", "by").filter(pk=run_id).first()
    if row is None:
        raise NotFound("Not found, or not yours")
    brand_of(user, row.brand.slug, _act(writing=writing))
    return row


def _options(request: HttpRequest) -> dict[str, Any]:
    flags: dict[str, bool] = {}
    for field in _FLAGS:
        value = request.GET.get(field, "0")
        if value not in ("0", "1"):
            raise InvalidRequest(f"{field} must be 0 or 1", field=field)
        flags[field] = value == "1"
    ignored = tuple(header[:200] for header in request.GET.getlist("ignore"))
    if len(ignored) > _MOST_IGNORED:
        raise InvalidRequest(f"At most {_MOST_IGNORED} columns are ignored", field="ignore")
    options = ImportOptions(
        retire_missing=flags["retireMissing"],
        metal_value=flags["metalValue"],
        set_stock=flags["setStock"],
        ignored=ignored,
    )
    return {**options.to_json(), "warehouse": request.GET.get("warehouse", "")[:40]}


def _accepted(said: dict[str, Any]) -> frozenset[str]:
    return _codes(said, "acceptPriceMoves")


def _codes(said: dict[str, Any], field: str) -> frozenset[str]:
    """A list of codes, or true for all."""
    codes = said.get(field, False)
    if codes is True:
        return frozenset({"*"})
    if not codes:
        return frozenset()
    listed = isinstance(codes, list) and all(isinstance(code, str) for code in codes)
    if not listed or len(codes) > _MOST_MOVES:
        raise InvalidRequest(f"{field} must be true, or up to {_MOST_MOVES} codes", field=field)
    return frozenset(codes)


def _length(request: HttpRequest) -> int:
    if request.content_type in ("multipart/form-data", "application/x-www-form-urlencoded"):
        raise Refused(
            415, "not_a_file", "The body must be the file itself",
            hint="Send it as application/octet-stream.",
        )  # fmt: skip
    length = request.headers.get("Content-Length", "")
    if not length.isdecimal():
        raise Refused(411, "length_required", "Content-Length must be stated")
    if int(length) > settings.IMPORT_MAX_BYTES:
        raise Refused(
            413, "too_large", f"A sheet may have {settings.IMPORT_MAX_BYTES >> 20} MB",
            hint="Remove pictures, or split the sheet.",
        )  # fmt: skip
    if int(length) == 0:
        raise InvalidRequest("The file is empty")
    return int(length)


def _take(request: HttpRequest, file: BinaryIO, size: int) -> str:
    """The body into the file; returns its SHA-256. A cut line is the sender's to repeat."""
    digest, came = hashlib.sha256(), 0
    try:
        while chunk := request.read(min(_CHUNK, size - came)):
            file.write(chunk)
            digest.update(chunk)
            came += len(chunk)
    except UnreadablePostError:
        came = -1
    if came != size:
        raise InvalidRequest("The connection was lost", hint="Send the file again.")
    return digest.hexdigest()


def _brief(row: ImportRun) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "brand": row.brand.slug,
        "name": row.name,
        "bytes": row.bytes,
        "sha256": row.sha256,
        "state": row.state,
        "undoes": str(row.undoes_id) if row.undoes_id else None,
        "phase": row.phase or None,
        "rowsDone": row.rows_done,
        "rowsOf": row.rows_of,
        "productsFailed": row.products_failed,
        "createdAt": row.created_at.isoformat(),
        "finishedAt": row.finished_at.isoformat() if row.finished_at else None,
    }


def _plain(row: ImportRun) -> dict[str, Any]:
    by = row.by.email if row.by else ""
    return {**_brief(row), "by": by, "options": row.options, "report": row.report or None}


def _act(*, writing: bool) -> Act:
    return Act.EDIT_CATALOGUE if writing else Act.READ_CATALOGUE
