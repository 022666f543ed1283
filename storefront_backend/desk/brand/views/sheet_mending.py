"""A checked sheet: what its columns mean, its cells mended in the browser, the marked workbook."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from catalog_import import Problem, Recognition, marked
from catalog_import.corrections import Corrections
from catalog_import.errors import CatalogImportError
from catalog_import.mending import MendRow, MendSheet, to_mend
from catalog_import.texts import text
from i18n.locales import LANGUAGES
from storefront_backend.catalog.models import ImportRun
from storefront_backend.commerce.errors import BrandLimitReached, CommerceError, InvalidRequest
from storefront_backend.desk.brand.mapping import answers_of, choices, questions
from storefront_backend.desk.brand.seat import Seat, brand_page, desk_render
from storefront_backend.desk.refusals import why_refused
from storefront_backend.jobs.sheet_imports import answer, mend, sheet_file
from storefront_backend.pricing.sheet_import import ImportOptions

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_BYTES = 16 << 20  # of a file that is read again for a page
_MOST_ROWS = 200  # in the grid at once


@brand_page("GET", "POST")
def columns(request: HttpRequest, seat: Seat, run_id: UUID) -> HttpResponse:
    """What each column means; POST answers, and has the sheet checked again."""
    run = _run(seat, run_id)
    sheets = [Recognition.from_json(each) for each in run.report.get("recognition", ())]
    problem = ""
    if request.method == "POST":
        try:
            answer(run, answers_of(request.POST, sheets), by=seat.user)
            return redirect("brand-desk:sheet", seat.brand.slug, run.pk)
        except BrandLimitReached as error:
            problem = why_refused(error)
        except InvalidRequest:
            problem = _("The sheet is being checked or is applied already.")
    given = ImportOptions.from_json(run.options).answers
    context = {
        "run": run,
        "sheets": [questions(sheet, given) for sheet in sheets],
        "choices": choices(seat.language),
        "languages": {code: each.name for code, each in LANGUAGES.items()},
        "name_language": given.name_language,
        "problem": problem,
    }
    status = 409 if problem else 200
    return desk_render(request, seat, "desk/brand/sheet_columns.html", context, status=status)


@brand_page("GET", "POST")
def cells(request: HttpRequest, seat: Seat, run_id: UUID) -> HttpResponse:
    """The rows with problems as a grid; POST mends cells, and has the sheet checked again."""
    run = _run(seat, run_id)
    problem = ""
    if request.method == "POST":
        try:
            mend(run, _corrections(request))
            return redirect("brand-desk:sheet", seat.brand.slug, run.pk)
        except InvalidRequest as error:
            problem = why_refused(error)
    status = 422 if problem else 200
    context: dict[str, Any] = {"run": run, "problem": problem, "sheets": [], "too_large": False}
    if run.bytes > _MOST_BYTES:
        context["too_large"] = True
    else:
        try:
            context["sheets"] = [_shown(each, seat.language) for each in _to_mend(run)]
        except CatalogImportError as error:
            context |= {"problem": _why(error, seat.language), "unread": True}
    return desk_render(request, seat, "desk/brand/sheet_cells.html", context, status=status)


@brand_page("GET")
def workbook(request: HttpRequest, seat: Seat, run_id: UUID) -> HttpResponse:
    """The sheet with its problems in it."""
    run = _run(seat, run_id)
    if run.bytes > _MOST_BYTES:
        raise Http404("too large to be marked")
    out = io.BytesIO()
    titles = (_("Sheet"), _("Cell"), _("Column"), _("Value"), _("Problem"), _("What to do"))
    try:
        with sheet_file(run) as path:
            marked.write(
                path,
                _problems(run),
                out,
                language=seat.language,
                titles=titles,
                corrections=ImportOptions.from_json(run.options).corrections,
            )
    except CatalogImportError as error:
        messages.error(request, _why(error, seat.language))
        return redirect("brand-desk:sheet", seat.brand.slug, run.pk)
    except CommerceError as error:
        raise Http404(error.code) from error
    response = HttpResponse(out.getvalue(), content_type=_XLSX)
    stem = run.name.rpartition(".")[0] or run.name
    name = "".join(each for each in stem if each.isalnum() or each in " -_")[:80] or "sheet"
    response.headers["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=f"{name}-marked.xlsx") or ""
    )
    return response


def _run(seat: Seat, run_id: UUID) -> ImportRun:
    run = seat.scope.rows(ImportRun).select_related("brand").filter(pk=run_id).first()
    if run is None:
        raise Http404(run_id)
    return run


def _problems(run: ImportRun) -> list[Problem]:
    return [Problem.from_json(each) for each in run.report.get("problems", ())]


def _to_mend(run: ImportRun) -> tuple[MendSheet, ...]:
    recognition = [Recognition.from_json(each) for each in run.report.get("recognition", ())]
    try:
        with sheet_file(run) as path:
            return to_mend(
                path,
                _problems(run),
                recognition,
                corrections=ImportOptions.from_json(run.options).corrections,
                most=_MOST_ROWS,
            )
    except CommerceError:  # no longer kept
        return ()


def _why(error: CatalogImportError, language: str) -> str:
    """What is wrong with the file, or with reading it just now, and what to do."""
    if error.retry:
        return _("The file could not be read just now. Try again in a minute.")
    lines = (text(error.message, language), text(error.hint, language))
    return " → ".join(filter(None, lines))


def _shown(sheet: MendSheet, language: str) -> dict[str, Any]:
    """A sheet for the page: plain values for the grid, and its rows for readers without script."""
    rows = [_row(row, sheet.columns, language) for row in sheet.rows]
    return {
        "name": sheet.name,
        "columns": [{"letter": letter, "header": name} for letter, name in sheet.columns.items()],
        "rows": rows,
        "more": sheet.more,
    }


def _row(row: MendRow, columns: Mapping[str, str], language: str) -> dict[str, Any]:
    faults = {}
    for letter, found in row.problems.items():
        first = found[0]
        said = [" → ".join(filter(None, each.text(language))) for each in found]
        faults[letter] = {
            "severity": first.severity.value,
            "text": "\n".join(said),
            "guess": next((each.guess for each in found if each.guess), ""),
        }
    return {
        "number": row.number,
        "cells": {letter: row.cells.get(letter, "") for letter in columns},
        "faults": faults,
        "to_fill": [
            {"letter": letter, "value": row.cells.get(letter, ""), **faults[letter]}
            for letter in faults
        ],
    }


def _corrections(request: HttpRequest) -> Corrections:
    """By the grid one field of JSON, {"Rings": {"D7": "12800"}}; without script a field a cell."""
    given = request.POST.get("cells", "")
    found: dict[str, dict[str, str]] = {}
    if given:
        try:
            raw = json.loads(given)
            for sheet, mended in raw.items():
                for cell, text in mended.items():
                    found.setdefault(str(sheet)[:200], {})[str(cell)] = str(text)
        except (ValueError, AttributeError) as error:
            raise InvalidRequest("The cells could not be read", field="cells") from error
        return found
    for name, text in request.POST.items():
        kind, _colon, place = name.partition(":")
        sheet, _mark, cell = place.rpartition("!")
        before = request.POST.get(f"was:{place}")
        if kind == "cell" and sheet and text != before:
            found.setdefault(sheet, {})[cell] = str(text)
    return found
