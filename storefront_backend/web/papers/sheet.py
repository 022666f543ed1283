"""A paper as a PDF on A4, in the shopper's language and direction."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Spacer, Table

from i18n import locales
from i18n.addresses import CheckedAddress
from i18n.money import Money
from storefront_backend.commerce.documents import Paper, PaperKind, PaperLine
from storefront_backend.type_on_paper import Type
from storefront_backend.web import words

_GOLD = colors.HexColor("#8a6a2f")
_INK = colors.HexColor("#22201c")
_MARGIN = 20 * mm
_WIDTH = A4[0] - 2 * _MARGIN


def pdf(paper: Paper, country: str) -> bytes:
    """The file. `country` (ISO 3166 alpha-2) settles how numbers are written."""
    with translation.override(locales.language(paper.language).django):
        return _Sheet(paper, country).file()


class _Sheet:
    """Sets one paper; every text passes through `type`, which knows scripts and directions."""

    def __init__(self, paper: Paper, country: str) -> None:
        self.paper = paper
        self.country = country
        self.type = Type(paper.language)

    def file(self) -> bytes:
        target = io.BytesIO()
        document = BaseDocTemplate(
            target,
            pagesize=A4,
            leftMargin=_MARGIN,
            rightMargin=_MARGIN,
            title=f"{self._title()} {self.paper.number}",
            author=self.paper.seller.legal_name or self.paper.seller.name,
            lang=self.paper.language,
            invariant=1,
        )
        frame = Frame(_MARGIN, 24 * mm, _WIDTH, A4[1] - 44 * mm, 0, 0, 0, 0)
        document.addPageTemplates(PageTemplate(frames=[frame], onPage=self._footer))
        document.build(list(self._story()))
        return target.getvalue()

    def _story(self) -> Iterable[Flowable]:
        yield self._head()
        yield Spacer(1, 7 * mm)
        yield self._parties()
        yield Spacer(1, 6 * mm)
        yield self._lines()
        yield Spacer(1, 4 * mm)
        if self.paper.kind is not PaperKind.PACKING_LIST:
            yield self._totals()
        yield Spacer(1, 6 * mm)
        for note in self._notes():
            yield self.type.paragraph(note, self.type.style(9, _INK), _WIDTH)

    def _title(self) -> str:
        return {
            PaperKind.INVOICE: _("Commercial invoice"),
            PaperKind.PACKING_LIST: _("Packing list"),
            PaperKind.CREDIT_NOTE: _("Credit note"),
        }[self.paper.kind]

    def _head(self) -> Flowable:
        half = _WIDTH / 2
        name = self.type.paragraph(self.paper.seller.name, self.type.style(22, _INK), half)
        title = self.type.paragraph(
            f"{self._title()}\n{self.paper.number}",
            self.type.style(14, _GOLD, end=True),
            half,
        )
        return self._table(
            [[name, title]],
            (half, half),
            [("LINEBELOW", (0, 0), (-1, 0), 0.8, _GOLD), ("VALIGN", (0, 0), (-1, -1), "BOTTOM")],
        )

    def _parties(self) -> Flowable:
        paper, third = self.paper, _WIDTH / 3
        address = CheckedAddress(paper.buyer.country, paper.buyer.to_json(), ()).lines()
        seller = [paper.seller.legal_name or paper.seller.name, paper.seller.address]
        facts = [
            (_("Date"), locales.format_date(paper.dated, paper.language, self.country)),
            (pgettext("paper", "Order"), paper.order),
            (_("Invoice"), paper.refers_to),
            (_("Carrier"), paper.carrier),
            (_("Tracking"), paper.tracking),
            (_("Terms"), "DDP" if paper.kind is PaperKind.INVOICE else ""),
        ]
        cells = (
            (_("Seller"), "\n".join(part for part in seller if part)),
            (_("Sent to"), "\n".join(address)),
            (_("Details"), "\n".join(f"{name}: {value}" for name, value in facts if value)),
        )
        return self._table(
            [
                [self._small(title, third) for title, _text in cells],
                [
                    self.type.paragraph(text, self.type.style(9.5, _INK), third - 8)
                    for _title, text in cells
                ],
            ],
            (third, third, third),
        )

    def _lines(self) -> Flowable:
        packing = self.paper.kind is PaperKind.PACKING_LIST
        heads = [_("Article"), "HS", _("Made in"), _("Pieces")]
        heads += [_("Gross metal weight")] if packing else [_("Unit price"), _("Amount")]
        widths = [_WIDTH * share for share in ((0.5, 0.13, 0.13, 0.09, 0.15) if packing
                  else (0.42, 0.12, 0.12, 0.08, 0.13, 0.13))]  # fmt: skip
        rows = [
            [
                self._small(head, width, end=at > 2)
                for at, (head, width) in enumerate(zip(heads, widths, strict=True))
            ]
        ]
        rows += [self._line(line, widths, packing=packing) for line in self.paper.lines]
        return self._table(
            rows,
            widths,
            [
                ("LINEBELOW", (0, 0), (-1, 0), 0.5, _GOLD),
                ("LINEBELOW", (0, 1), (-1, -1), 0.25, colors.HexColor("#d9cfbc")),
                ("VALIGN", (0, 1), (-1, -1), "TOP"),
            ],
            repeat=1,
        )

    def _line(self, line: PaperLine, widths: Sequence[float], *, packing: bool) -> list[Flowable]:
        passport = line.passport
        origin = (
            locales.country_name(passport.origin, self.paper.language) if passport.origin else "–"
        )
        texts = [self._description(line), passport.hs_code or "–", origin, str(line.quantity)]
        if packing:
            texts.append(self._grams(passport.grams * line.quantity))
        else:
            goods = line.share.goods
            unit = Money(goods.amount / line.quantity, goods.currency).quantized()
            texts += [self._money(unit), self._money(goods)]
        return [
            self.type.paragraph(text, self.type.style(9, _INK, end=at > 2), width - 6)
            for at, (text, width) in enumerate(zip(texts, widths, strict=True))
        ]

    def _description(self, line: PaperLine) -> str:
        passport = line.passport
        kind = words.word(words.KIND, passport.kind)
        said = [line.name, f"{kind} · {line.sku}"]
        for part in passport.metals:
            fineness = f"{part.kind.fineness}/1000"
            alloy = words.word(words.ALLOYS, part.alloy)
            said.append(f"{alloy}, {fineness}, {self._grams(part.grams)}")
        for stone in passport.stones:
            carat = locales.format_number(stone.carat.normalize(), self.paper.language)
            weight = _("%(carat)s ct in all") % {"carat": carat}
            said.append(f"{stone.count} × {words.stone(stone)}, {weight}")
        if passport.hallmarks:
            marks = [words.word(words.HALLMARKS, mark) for mark in passport.hallmarks]
            listed = locales.format_list(marks, self.paper.language)
            said.append(f"{_('Hallmarks')}: {listed}")
        if line.engraving:
            said.append(_("Engraving: %(words)s") % {"words": line.engraving})
        if line.ring_size:
            said.append(_("Ring size: %(size)s") % {"size": line.ring_size})
        if line.serials:
            said.append(_("Serial number: %(serials)s") % {"serials": ", ".join(line.serials)})
        return "\n".join(said)

    def _totals(self) -> Flowable:
        share = self.paper.total
        rows = [
            (_("Goods"), share.goods),
            (_("Shipping"), share.shipping),
            (_("Customs duty and fees"), share.duty),
            (_("Tax"), share.tax),
        ]
        total = _("Credited in all") if self.paper.kind is PaperKind.CREDIT_NOTE else _("Total")
        name, amount = _WIDTH * 0.72, _WIDTH * 0.28
        cells: list[list[Flowable]] = [
            [
                self.type.paragraph(label, self.type.style(9.5, _INK, end=True), name - 6),
                self.type.paragraph(
                    self._money(money), self.type.style(9.5, _INK, end=True), amount - 6
                ),
            ]
            for label, money in rows
            if money
        ]
        cells.append(
            [
                self.type.paragraph(total, self.type.style(12, _INK, end=True), name - 6),
                self.type.paragraph(
                    self._money(share.total), self.type.style(12, _INK, end=True), amount - 6
                ),
            ]
        )
        at = 0 if self.type.is_rtl else 1
        return self._table(cells, (name, amount), [("LINEABOVE", (at, -1), (at, -1), 0.8, _GOLD)])

    def _notes(self) -> Iterable[str]:
        paper = self.paper
        if paper.kind is PaperKind.INVOICE:
            yield _("Duty and tax are paid by the sender: nothing is due on delivery.")
            yield _("Values are as at the time of sale.")
        if paper.kind is PaperKind.PACKING_LIST:
            weight = sum((p.passport.grams * p.quantity for p in paper.lines), Decimal(0))
            yield _("%(pieces)s pieces, %(grams)s of metal") % {
                "pieces": paper.pieces,
                "grams": self._grams(weight),
            }
        if paper.reason:
            yield _("Reason: %(reason)s") % {"reason": paper.reason}
        if paper.duty_note:
            yield _("Duty: %(note)s") % {"note": paper.duty_note}

    def _grams(self, grams: Decimal) -> str:
        shown = locales.format_number(grams.normalize(), self.paper.language, self.country)
        return _("%(grams)s g") % {"grams": shown}

    def _money(self, money: Money) -> str:
        return locales.format_money(money.quantized(), self.paper.language, self.country)

    def _small(self, text: str, width: float, *, end: bool = False) -> Flowable:
        style = self.type.style(8, _GOLD, end=end)
        return self.type.paragraph(text, style, width - 6)

    def _table(
        self,
        rows: Sequence[list[Flowable]],
        widths: Sequence[float],
        style: Sequence[Any] = (),
        repeat: int = 0,
    ) -> Table:
        """Columns run in reading order, so a right-to-left table is turned round."""
        if self.type.is_rtl:
            rows = [row[::-1] for row in rows]
            widths = widths[::-1]
        plain: list[Any] = [
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 6),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ]
        if self.type.is_rtl:
            plain[:2] = [
                ("LEFTPADDING", (0, 0), (-1, -1), 6),
                ("RIGHTPADDING", (0, 0), (-1, -1), 0),
            ]
        return Table(rows, widths, repeatRows=repeat, style=[*plain, *style])

    def _footer(self, canvas: Canvas, document: BaseDocTemplate) -> None:
        text = f"{self._title()} {self.paper.number} · {document.page}"
        line = self.type.paragraph(text, self.type.style(8, _GOLD), _WIDTH)
        _used, height = line.wrap(_WIDTH, 20 * mm)
        line.drawOn(canvas, _MARGIN, 14 * mm - height / 2)
