"""A payout's statement as files: CSV for a ledger, PDF for a person."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, SimpleDocTemplate, Spacer, Table, TableStyle

from catalog_import.neutral import neutral
from i18n import locales
from i18n.money import Money
from storefront_backend.desk import words
from storefront_backend.selling.payout_statements import PayoutStatement
from storefront_backend.type_on_paper import Type

_COLUMNS = ("goods", "refunded", "commission", "tax", "partners", "net")
_GOLD, _INK = colors.HexColor("#8a6a2f"), colors.HexColor("#22201c")
_RULE = colors.HexColor("#d9cfbc")
_MARGIN = 18 * mm
_WIDTH = A4[0] - 2 * _MARGIN


def csv_of(statement: PayoutStatement) -> bytes:
    """A row an order line, amounts as plain numbers; opening, payout and closing have rows too.

    The column names are codes in English, so that a program reads every brand's file.
    """
    target = io.StringIO()
    table = csv.writer(target)
    table.writerow(["date", "movement", "order", "currency", *_COLUMNS])

    def put(when: str, kind: str, order: str, amounts: Sequence[Money | None]) -> None:
        texts = (neutral(text) for text in (when, kind, order))
        # A number needs no apostrophe: a sign and digits run nothing.
        numbers = ("" if amount is None else f"{amount.amount:f}" for amount in amounts)
        table.writerow([*texts, statement.currency, *numbers])

    blank = [None] * (len(_COLUMNS) - 1)
    put("", "opening", "", [*blank, statement.opening])
    for line in statement.lines:
        amounts = [getattr(line, name) for name in _COLUMNS]
        put(line.at.date().isoformat(), line.kind, line.order, amounts)
    if statement.at:
        paid = [*blank, -statement.paid]
        put(statement.at.date().isoformat(), "payout", statement.reference, paid)
    put("", "closing", "", [*blank, statement.closing])
    return target.getvalue().encode("utf-8-sig")


def pdf_of(statement: PayoutStatement, house: str, language: str) -> bytes:
    """The statement on A4, in the reader's language."""
    target = io.BytesIO()
    title = _("Payout statement")
    document = SimpleDocTemplate(
        target, pagesize=A4, leftMargin=_MARGIN, rightMargin=_MARGIN, topMargin=_MARGIN,
        bottomMargin=_MARGIN, title=f"{title} {statement.reference}", author=house, lang=language,
        invariant=1,
    )  # fmt: skip
    document.build(list(_Page(statement, house, language).story(title)))
    return target.getvalue()


class _Page:
    """Sets one statement."""

    def __init__(self, statement: PayoutStatement, house: str, language: str) -> None:
        self.statement, self.house, self.language = statement, house, language
        self.type = Type(language)

    def story(self, title: str) -> Iterable[Flowable]:
        half = _WIDTH / 2
        named = self._text(self.house, half, 20)
        reference = self._text(
            f"{title}\n{self.statement.reference}", half, 13, end=True, gold=True
        )
        yield Table(
            [[named, reference]], (half, half), style=[("LINEBELOW", (0, 0), (-1, 0), 0.8, _GOLD)]
        )
        yield Spacer(1, 6 * mm)
        yield self._lines()
        yield Spacer(1, 5 * mm)
        yield self._sums()

    def _lines(self) -> Flowable:
        widths = [_WIDTH * share for share in (0.11, 0.13, 0.11, 0.12, 0.11, 0.11, 0.1, 0.1, 0.11)]
        heads = [
            _("Date"), _("Movement"), _("Order"), pgettext("of a payout", "Goods"),
            pgettext("of a payout", "Returned"), _("Commission"), _("Tax on it"),
            _("Partners"), _("Net"),
        ]  # fmt: skip
        rows = [[self._text(head, width, 7.5, end=at > 2, gold=True)
                 for at, (head, width) in enumerate(zip(heads, widths, strict=True))]]  # fmt: skip
        for line in self.statement.lines:
            kind = str(words.WORDS["movement"].get(line.kind, line.kind))
            texts = [line.at.date().isoformat(), kind, line.order]
            rows.append(self._row([*texts, *(getattr(line, name) for name in _COLUMNS)], widths))
        sums = [self.statement.total(name) for name in _COLUMNS]
        rows.append(self._row([_("Together"), "", "", *sums], widths))
        style = TableStyle(
            [
                ("LINEBELOW", (0, 0), (-1, 0), 0.5, _GOLD),
                ("LINEBELOW", (0, 1), (-1, -2), 0.25, _RULE),
                ("LINEABOVE", (0, -1), (-1, -1), 0.5, _GOLD),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ]
        )
        return Table(rows, widths, repeatRows=1, style=style)

    def _row(self, cells: Sequence[str | Money], widths: Sequence[float]) -> list[Flowable]:
        return [
            self._text(self._money(cell) if isinstance(cell, Money) else cell, width, 8, end=at > 2)
            for at, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ]

    def _sums(self) -> Flowable:
        name, amount = _WIDTH * 0.72, _WIDTH * 0.28
        rows = [
            (_("Carried over from before"), self.statement.opening),
            (_("Orders of this period"), self.statement.net),
            (_("Paid to you"), self.statement.paid),
            (_("Still due"), self.statement.closing),
        ]
        cells = [
            [
                self._text(label, name, 9.5, end=True),
                self._text(self._money(held), amount, 9.5, end=True),
            ]
            for label, held in rows
        ]
        return Table(cells, (name, amount))

    def _money(self, amount: Money) -> str:
        return locales.format_money(amount, self.language)

    def _text(
        self, text: str, width: float, size: float, *, end: bool = False, gold: bool = False
    ) -> Flowable:
        style = self.type.style(size, _GOLD if gold else _INK, end=end)
        return self.type.paragraph(text, style, width - 12)
