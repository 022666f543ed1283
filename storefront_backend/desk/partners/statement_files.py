"""A partner's statement as files: CSV for a program, PDF for a person."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from django.utils.translation import gettext as _
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, SimpleDocTemplate, Spacer, Table, TableStyle

from catalog_import.neutral import neutral
from i18n import locales
from i18n.money import Money
from storefront_backend.partners.reading import PartnerStatement
from storefront_backend.type_on_paper import Type

_GOLD, _INK = colors.HexColor("#8a6a2f"), colors.HexColor("#22201c")
_RULE = colors.HexColor("#d9cfbc")
_MARGIN = 18 * mm
_WIDTH = A4[0] - 2 * _MARGIN


def csv_of(statement: PartnerStatement) -> bytes:
    """A row an order; opening, payout and closing have rows too. Column names are codes."""
    target = io.StringIO()
    table = csv.writer(target)
    table.writerow(["date", "movement", "order", "currency", "amount"])

    def put(when: str, kind: str, order: str, amount: Money) -> None:
        # A number needs no apostrophe: a sign and digits run nothing.
        texts = (neutral(text) for text in (when, kind, order))
        table.writerow([*texts, statement.currency, f"{amount.amount:f}"])

    put("", "opening", "", statement.opening)
    for line in statement.lines:
        put(line.at.date().isoformat(), "commission", line.order, line.amount)
    if statement.at:
        put(statement.at.date().isoformat(), "payout", statement.reference, -statement.paid)
    put("", "closing", "", statement.closing)
    return target.getvalue().encode("utf-8-sig")


def pdf_of(statement: PartnerStatement, name: str, language: str) -> bytes:
    """The statement on A4, in the reader's language."""
    target = io.BytesIO()
    title = _("Commission statement")
    document = SimpleDocTemplate(
        target, pagesize=A4, leftMargin=_MARGIN, rightMargin=_MARGIN, topMargin=_MARGIN,
        bottomMargin=_MARGIN, title=f"{title} {statement.reference}".strip(), author=name,
        lang=language, invariant=1,
    )  # fmt: skip
    document.build(list(_story(statement, name, title, language)))
    return target.getvalue()


def _story(statement: PartnerStatement, name: str, title: str, language: str) -> Iterable[Flowable]:
    kind = Type(language)

    def text(words: str, width: float, size: float, *, end: bool = False) -> Flowable:
        return kind.paragraph(words, kind.style(size, _INK, end=end), width - 12)

    def amount(held: Money, width: float, size: float) -> Flowable:
        return text(locales.format_money(held, language), width, size, end=True)

    half = _WIDTH / 2
    heading = [
        text(name, half, 20),
        text(f"{title}\n{statement.reference}".strip(), half, 13, end=True),
    ]
    yield Table([heading], (half, half), style=[("LINEBELOW", (0, 0), (-1, 0), 0.8, _GOLD)])
    yield Spacer(1, 6 * mm)
    widths = [_WIDTH * share for share in (0.3, 0.4, 0.3)]
    heads = [text(_("Date"), widths[0], 8), text(_("Order"), widths[1], 8),
             text(_("Commission"), widths[2], 8, end=True)]  # fmt: skip
    rows = [heads] + [
        [
            text(line.at.date().isoformat(), widths[0], 9),
            text(line.order, widths[1], 9),
            amount(line.amount, widths[2], 9),
        ]
        for line in statement.lines
    ]
    lines = [("LINEBELOW", (0, 0), (-1, 0), 0.5, _GOLD),
             ("LINEBELOW", (0, 1), (-1, -1), 0.25, _RULE)]  # fmt: skip
    yield Table(rows, widths, repeatRows=1, style=TableStyle(lines))
    yield Spacer(1, 5 * mm)
    sums = [
        (_("Carried over from before"), statement.opening),
        (_("Commission of this period"), statement.earned),
        (_("Paid to you"), statement.paid),
        (_("Still due"), statement.closing),
    ]
    left, right = _WIDTH * 0.72, _WIDTH * 0.28
    cells = [[text(label, left, 9.5, end=True), amount(held, right, 9.5)] for label, held in sums]
    yield Table(cells, (left, right))
