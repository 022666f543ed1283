"""The brand's sheets: handed in, read with their problems and their plan, applied.

Every page works without JavaScript: a run that is under way reloads itself.
"""

from __future__ import annotations

import hashlib
import io
import tempfile
from typing import Any, BinaryIO, cast
from uuid import UUID

import structlog
from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import F
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog_import import template as workbook
from catalog_import.export import Format
from storefront_backend import wiring
from storefront_backend.catalog.models import ImportRun, Product, Warehouse
from storefront_backend.commerce.errors import BrandLimitReached, InvalidRequest
from storefront_backend.desk.brand.seat import Seat, brand_page, desk_render
from storefront_backend.desk.brand.sheet_plan import SHOWN, page_of, pieces_of, rows_of
from storefront_backend.desk.brand.sheet_report import report_of
from storefront_backend.desk.refusals import why_refused
from storefront_backend.jobs.sheet_imports import (
    Consent,
    ask_to_apply,
    ask_to_undo,
    file_name,
    hand_in,
)
from storefront_backend.jobs.sheet_undo import may_be_undone
from storefront_backend.pricing.sheet_export import export_to
from storefront_backend.pricing.sheet_import import ImportOptions
from storefront_backend.pricing.undo import EVERY_CONFLICT

log = structlog.get_logger(__name__)

_ON_A_PAGE = 25
_MOST_IGNORED = 100
_CHUNK = 1 << 20
# A form has at most 1,000 fields (DATA_UPLOAD_MAX_NUMBER_FIELDS); the rest follows when applied.
_MOST_MOVES = 500
# Percent of what is on sale: from here on the number of pieces that go is typed, not ticked.
_TYPED_FROM = 20
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@brand_page("GET", "POST")
def listed(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The sheets, newest first; POST hands one in."""
    if request.method != "POST":
        return _list_page(request, seat)
    file = request.FILES.get("file")
    if file is None and _length(request) > settings.IMPORT_MAX_BYTES:
        return _list_page(request, seat, _too_large(), status=413)  # upload_limit dropped it
    if file is None or file.file is None:
        return _list_page(request, seat, _("Choose a file."), status=422)
    if not file.size:
        return _list_page(request, seat, _("The file is empty."), status=422)
    content = cast(BinaryIO, file.file)  # an upload's bytes, in memory or on the disk
    try:
        run = hand_in(
            seat.brand,
            content,
            name=file_name(file.name or ""),
            digest=_digest(content),
            size=file.size,
            options=_options(request),
            by=seat.user,
        )
    except InvalidRequest as error:
        return _list_page(request, seat, _why_not_taken(error), status=422)
    log.info("sheet handed in", run=str(run.pk), brand=seat.brand.slug, user=seat.user.pk)
    return redirect("brand-desk:sheet", seat.brand.slug, run.pk)


@brand_page("GET")
def one(request: HttpRequest, seat: Seat, run_id: UUID) -> HttpResponse:
    """How far a sheet is, its problems, and what it would change."""
    return _run_page(request, seat, _run(seat, run_id))


@brand_page("POST")
def apply(request: HttpRequest, seat: Seat, run_id: UUID) -> HttpResponse:
    """Write it, in the background; price moves only where their box was ticked."""
    run = _run(seat, run_id)
    shown = {move["sku"] for move in run.report.get("moves", ())}
    wanted = set(request.POST.getlist("accept"))
    accepted = shown if "all" in request.POST.getlist("accept-all") else wanted & shown
    try:
        asked = ask_to_apply(run, _consent(request, frozenset(accepted)))
    except InvalidRequest as error:
        return _run_page(request, seat, _run(seat, run_id), _why_not_applied(error), status=422)
    if asked:
        log.info("sheet applied", run=str(run.pk), brand=seat.brand.slug, user=seat.user.pk)
    return redirect("brand-desk:sheet", seat.brand.slug, run.pk)


@brand_page("POST")
def undo(request: HttpRequest, seat: Seat, run_id: UUID) -> HttpResponse:
    """Have it planned how a sheet is undone; the plan's page."""
    run = _run(seat, run_id)
    try:
        planned = ask_to_undo(run, seat.user)
    except BrandLimitReached as error:
        return _run_page(request, seat, run, why_refused(error), status=422)
    except InvalidRequest:
        return _run_page(request, seat, run, _("This sheet cannot be undone."), status=422)
    log.info("undo planned", run=str(run.pk), brand=seat.brand.slug, user=seat.user.pk)
    return redirect("brand-desk:sheet", seat.brand.slug, planned.pk)


@brand_page("GET")
def template(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """An empty workbook with every column, its note and its drop-down, in the desk's language."""
    book = io.BytesIO()
    workbook.write(book, seat.language)
    book.seek(0)
    return FileResponse(
        book, as_attachment=True, filename="pavilion-template.xlsx", content_type=_XLSX
    )


@brand_page("GET")
def export(request: HttpRequest, seat: Seat, kind: str) -> HttpResponseBase:
    """The whole catalogue in the columns of the import; imported again, it changes nothing."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    export_to(file, seat.scope.rows(Product), Format(kind), seat.language)
    file.seek(0)
    log.info("catalogue exported", brand=seat.brand.slug, user=seat.user.pk, kind=kind)
    return FileResponse(
        file,
        as_attachment=True,
        filename=f"{seat.brand.slug}-catalogue.{kind}",
        content_type=_XLSX if kind == Format.XLSX else "text/csv; charset=utf-8",
    )


def _consent(request: HttpRequest, moves: frozenset[str]) -> Consent:
    retire = request.POST.get("retire", "").strip()
    every = "all" in request.POST.getlist("confirm-all")
    return Consent(
        only_valid="only-valid" in request.POST,
        moves=moves,
        retire=int(retire) if retire.isdecimal() and len(retire) < 9 else 0,
        conflicts=frozenset({EVERY_CONFLICT} if every else request.POST.getlist("confirm")),
    )


def _run(seat: Seat, run_id: UUID) -> ImportRun:
    # `by` is joined: it may not read the row of a colleague who has left the brand.
    run = seat.scope.rows(ImportRun).select_related("brand", "by").filter(pk=run_id).first()
    if run is None:
        raise Http404(run_id)
    return run


def _digest(content: BinaryIO) -> str:
    digest = hashlib.sha256()
    while chunk := content.read(_CHUNK):
        digest.update(chunk)
    content.seek(0)
    return digest.hexdigest()


def _length(request: HttpRequest) -> int:
    said = request.headers.get("Content-Length", "")
    return int(said) if said.isdecimal() and len(said) < 20 else 0


def _options(request: HttpRequest) -> dict[str, Any]:
    lines = (line.strip()[:200] for line in request.POST.get("ignore", "").splitlines())
    options = ImportOptions(
        retire_missing="retire-missing" in request.POST,
        metal_value="metal-value" in request.POST,
        set_stock="set-stock" in request.POST,
        ignored=tuple(line for line in lines if line)[:_MOST_IGNORED],
    )
    return {**options.to_json(), "warehouse": request.POST.get("warehouse", "")[:40]}


def _list_page(
    request: HttpRequest, seat: Seat, problem: str = "", *, status: int = 200
) -> HttpResponse:
    rows = seat.scope.rows(ImportRun).select_related("by").annotate(counts=F("report__counts"))
    warehouses = list(Warehouse.objects.order_by("name"))
    context = {
        "page": Paginator(rows.defer("report"), _ON_A_PAGE).get_page(request.GET.get("page")),
        "warehouses": warehouses if len(warehouses) > 1 else (),
        "problem": problem,
        "given": request.POST,
        "most_mb": settings.IMPORT_MAX_BYTES >> 20,
    }
    return desk_render(request, seat, "desk/brand/sheets.html", context, status=status)


def _run_page(
    request: HttpRequest, seat: Seat, run: ImportRun, problem: str = "", *, status: int = 200
) -> HttpResponse:
    if run.undoes_id:
        return _undo_page(request, seat, run, problem, status=status)
    report = report_of(run.report, get_language() or "en")
    show = request.GET.get("show", "")
    pieces = page_of(pieces_of(run, seat.scope, show), request.GET.get("page"))
    later = seat.scope.rows(ImportRun).filter(
        created_at__gt=run.created_at, state=ImportRun.State.DONE
    )
    moves = report.moves if report else ()
    context = {
        "run": run,
        "under_way": run.state in ImportRun.UNDER_WAY,
        "broke_off": run.report.get("problem"),
        "report": report,
        "moves": moves[:_MOST_MOVES],
        "more_moves": len(moves) > _MOST_MOVES,
        "to_apply": seat.may_write and _can_be_applied(run),
        "overtaken": later.exists(),
        "page": pieces,
        "rows": rows_of(pieces, settings.MARKETS),
        "markets": [wiring.rulebook().market(code).market for code in settings.MARKETS],
        "show": show if show in SHOWN else "",
        "shown": SHOWN,
        "typed": report is not None and run.report.get("retiredShare", 0) >= _TYPED_FROM,
        "may_be_undone": seat.may_write and may_be_undone(run),
        "undo_days": settings.IMPORT_UNDO_DAYS,
        "undone_by": seat.scope.rows(ImportRun).filter(undoes=run).first(),
        "problem": problem,
    }
    return desk_render(request, seat, "desk/brand/sheet.html", context, status=status)


def _undo_page(
    request: HttpRequest, seat: Seat, run: ImportRun, problem: str, *, status: int
) -> HttpResponse:
    pieces = pieces_of(run, seat.scope, "")
    page = page_of(pieces, request.GET.get("page"))
    context = {
        "run": run,
        "under_way": run.state in ImportRun.UNDER_WAY,
        "broke_off": run.report.get("problem"),
        "counts": run.report.get("undo"),
        "skipped": run.report.get("skipped", ()),
        "conflicts": pieces.filter(is_stopped=True)[:_MOST_MOVES],
        "to_apply": seat.may_write and run.state == ImportRun.State.CHECKED,
        "page": page,
        "rows": rows_of(page, ()),
        "problem": problem,
    }
    return desk_render(request, seat, "desk/brand/sheet_undo.html", context, status=status)


def _can_be_applied(run: ImportRun) -> bool:
    """Whether there is something left to write; after DONE, only prices that were held."""
    report = report_of(run.report, get_language() or "en")
    if report is None:
        return False
    if run.state == ImportRun.State.DONE:
        return bool(report.moves)
    stock = run.options["set_stock"] and report.counts["unchanged"] > 0
    return run.state == ImportRun.State.CHECKED and bool(
        report.changes_anything or report.moves or stock
    )


def _too_large() -> str:
    most = settings.IMPORT_MAX_BYTES >> 20
    return _("The file is larger than %(mb)s MB. Remove pictures, or split the sheet.") % {
        "mb": most
    }


def _why_not_taken(error: InvalidRequest) -> str:
    if error.field == "warehouse":
        return _("Choose the warehouse in which the pieces are.")
    if error.field == "name":
        return _("Give the file a shorter and simpler name.")
    return why_refused(error)


def _why_not_applied(error: InvalidRequest) -> str:
    if error.field == "onlyValid":
        return _(
            "The sheet has errors. Correct them and upload it again, or leave those pieces out."
        )
    if error.field == "confirmRetire":
        return _("The sheet takes pieces out of sale. Confirm how many before it is applied.")
    if isinstance(error, BrandLimitReached):
        return why_refused(error)
    return _("This sheet cannot be applied now.")
