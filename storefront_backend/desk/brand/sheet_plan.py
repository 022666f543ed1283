"""A page of a run's plan: pieces, what changes of each, and what each market says to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from storefront_backend.catalog.models import ImportPiece, ImportRun
from storefront_backend.desk.brand.sheet_report import Line, lines_of
from storefront_backend.scope.rows import Scope

STOPPED = "stopped"
SHOWN = ("create", "update", "withdraw", STOPPED)
_STOPPING = ("needs", "not-allowed")
_ON_A_PAGE = 25


@dataclass(frozen=True, slots=True)
class Cell:
    """A market's verdict: `state` is open (allowed, not offered), live (allowed) or blocked."""

    market: str
    state: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that stops the piece, with every market that it stops it in."""

    rule: str
    message: str
    need: str
    url: str
    markets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A piece of the plan."""

    code: str
    name: str
    action: str
    is_stopped: bool
    lines: tuple[Line, ...]
    cells: tuple[Cell, ...]
    reasons: tuple[Reason, ...]


def pieces_of(run: ImportRun, scope: Scope, show: str) -> QuerySet[ImportPiece]:
    """The run's pieces, all or those of an action, or those that a market stops."""
    rows: QuerySet[ImportPiece] = scope.rows(ImportPiece).filter(run=run).order_by("position")
    if show == STOPPED:
        return rows.filter(is_stopped=True)
    return rows.filter(action=show) if show in SHOWN else rows


def page_of(pieces: QuerySet[ImportPiece], number: str | None) -> Page[ImportPiece]:
    """Some of them, as many as fit a page."""
    return Paginator(pieces, _ON_A_PAGE).get_page(number)


def rows_of(pieces: Iterable[ImportPiece], markets: Sequence[str]) -> list[Row]:
    """The pieces in the words of the page, cells in the markets' order."""
    return [
        Row(
            code=piece.code,
            name=piece.name,
            action=piece.action,
            is_stopped=piece.is_stopped,
            lines=tuple(lines_of(piece.differences)),
            cells=tuple(
                _cell(market, piece.verdicts[market])
                for market in markets
                if market in piece.verdicts
            ),
            reasons=_reasons(piece.verdicts, markets),
        )
        for piece in pieces
    ]


def _cell(market: str, verdict: Mapping[str, Any]) -> Cell:
    if verdict["outcome"] in _STOPPING:
        return Cell(market, "blocked", " ".join(each["message"] for each in verdict["reasons"]))
    return Cell(market, "live" if verdict["wanted"] else "open")


def _reasons(verdicts: Mapping[str, Any], markets: Sequence[str]) -> tuple[Reason, ...]:
    found: dict[tuple[str, str], tuple[Mapping[str, str], list[str]]] = {}
    for market in markets:
        for reason in verdicts.get(market, {}).get("reasons", ()):
            key = (reason["rule"], reason["message"])
            found.setdefault(key, (reason, []))[1].append(market)
    return tuple(
        Reason(said["rule"], said["message"], said["need"], said["url"], tuple(where))
        for said, where in found.values()
    )
