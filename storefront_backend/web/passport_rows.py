"""The passport as a table: each fact in the trade's words, with how far it can be trusted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from i18n import locales
from i18n.passport import Passport, Stone
from storefront_backend.web import words


@dataclass(frozen=True, slots=True)
class PassportRow:
    """One fact; `state` is verified, declared or unknown."""

    label: str
    value: str
    state: str
    state_label: str


def passport_rows(passport: Passport, language: str) -> tuple[PassportRow, ...]:
    """Every fact of the passport that there is; a law's question left open is shown as open."""

    def row(label: str, value: str, state: str) -> PassportRow:
        return PassportRow(label, value, state, words.word(words.FACT_STATES, state))

    def number(value: Decimal) -> str:
        return locales.format_number(value.normalize(), language)

    def rows() -> Iterator[PassportRow]:
        for part in passport.metals:
            grams = _("%(grams)s g") % {"grams": number(part.grams)}
            name = words.word(words.ALLOYS, part.alloy)
            yield row(_("Metal"), f"{name}, {grams}", part.state.value)
        for stone in passport.stones:
            yield row(_("Stones"), _stone(stone, number(stone.carat), language), stone.state.value)
        if passport.plating:
            plating = words.word(words.PLATINGS, passport.plating)
            yield row(_("Plating"), plating, passport.state_of("plating").value)
        yield row(
            _("Finish"),
            words.word(words.FINISHES, passport.finish),
            passport.state_of("finish").value,
        )
        struck = [words.word(words.HALLMARKS, mark) for mark in passport.hallmarks]
        marks = locales.format_list(struck, language) if struck else "–"
        yield row(_("Hallmarks"), marks, passport.state_of("hallmarks").value)
        origin = locales.country_name(passport.origin, language) if passport.origin else "–"
        yield row(_("Made in"), origin, passport.state_of("origin").value)
        yield row(
            _("Customs code (HS)"), passport.hs_code or "–", passport.state_of("hs_code").value
        )
        if passport.ring_size_mm is not None:
            size = _("%(size)s mm around the inside") % {"size": number(passport.ring_size_mm)}
            yield row(_("Ring size (ISO 8653)"), size, passport.state_of("ring_size_mm").value)
        for side, length in passport.dimensions_mm.items():
            yield row(
                words.word(words.DIMENSIONS, side),
                _("%(length)s mm") % {"length": number(length)},
                passport.state_of("dimensions_mm").value,
            )
        for certificate in passport.certificates:
            yield row(_("Certificate"), certificate, passport.state_of("certificates").value)

    return tuple(rows())


def _stone(stone: Stone, carat: str, language: str) -> str:
    facts = [
        f"{stone.count} × {words.stone(stone)}",
        _("%(carat)s ct in all") % {"carat": carat},
        words.word(words.TREATMENTS, stone.treatment),
    ]
    if stone.cut:
        cut = str(words.CUTS.get(stone.cut.lower(), stone.cut))
        facts.append(_("cut: %(cut)s") % {"cut": cut})
    if stone.report:
        facts.append(_("report %(report)s") % {"report": stone.report})
    if stone.country:
        facts.append(locales.country_name(stone.country, language))
    separator = "، " if locales.language(language).script == "Arab" else ", "
    return separator.join(facts)
