"""Which rules of a day's law fit the lines of an order. Calculated once per kind of order.

A shop sells few kinds of orders (headings, origins, alloys, a region), so the plan is cached with
the law and a quote only calculates. What depends on values (thresholds) is left to the quote.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from i18n.charge import ROUNDINGS, Charge
from i18n.customs.model import Duty, Relief
from i18n.landed_cost.model import Kind, Supply, SupplyLine
from i18n.law import Period
from i18n.restriction.model import Ban, Paper
from i18n.rulebook.model import Law
from i18n.scope import Scope
from i18n.tax.model import Scheme

_SHOWN = Decimal("0.000001")

# A bound keeps a flood of made-up orders from growing the memory.
_MOST_PLANS = 4096


@dataclass(slots=True, eq=False)
class ChargeStep:
    """One charge and the lines, by position, that it fits.

    `spread` says that a later step takes a part of this charge line by line, so it must be shared
    out; `replaced_by` are steps that replace this one where their thresholds hold.
    """

    kind: Kind
    period: Period[Any]
    lines: tuple[int, ...]
    whole: bool
    spread: bool = True
    replaced_by: tuple[ChargeStep, ...] = ()
    terms: Charge = field(init=False)
    name: str = field(init=False)
    rounding: str = field(init=False)
    has_threshold: bool = field(init=False)
    rate: Decimal | None = field(init=False)

    def __post_init__(self) -> None:
        self.terms = self.period.terms
        self.name = _name(self.period)
        self.rounding = ROUNDINGS[self.terms.rounding]
        self.has_threshold = self.terms.has_threshold and not self.terms.excess
        rate, per = self.terms.rate, self.terms.per
        # Shown only; the quote divides by `per` last, so that nothing is lost.
        self.rate = rate if rate is None or per == 1 else (rate / per).quantize(_SHOWN)


@dataclass(frozen=True, slots=True)
class ChargePlan:
    """The rules to look at for one kind of order, in the order in which they are calculated.

    `duties` holds for each line its competing duties, best first; the quote takes the first whose
    threshold holds. `spread` names the parts of freight that some step takes line by line.
    `read` names all that any step takes as its base. `surely_taxed` says that every line has a tax
    whatever its value.
    """

    bans: tuple[Period[Ban], ...]
    papers: tuple[tuple[Period[Paper], int], ...]
    reliefs: tuple[tuple[Period[Relief], tuple[int, ...]], ...]
    duties: tuple[tuple[ChargeStep, ...], ...]
    charges: tuple[ChargeStep, ...]
    schemes: tuple[tuple[Period[Scheme], tuple[int, ...]], ...]
    spread: frozenset[str]
    read: frozenset[str]
    surely_taxed: bool


def plan(law: Law, supply: Supply) -> ChargePlan:
    """The plan for a supply under a law."""
    lines = supply.lines
    key = (
        supply.ship_from,
        supply.region,
        supply.registrations,
        *[
            (line.hs_code, line.origin, line.metal, line.fineness, line.certificates)
            for line in lines
        ],
    )
    found: ChargePlan | None = law.plans.get(key)
    if found is None:
        if len(law.plans) >= _MOST_PLANS:
            law.plans.clear()
        found = law.plans[key] = _make(law, supply)
    return found


def _make(law: Law, supply: Supply) -> ChargePlan:
    lines = supply.lines
    every = tuple(range(len(lines)))

    def fitting[Terms: Scope](period: Period[Terms]) -> tuple[int, ...]:
        return tuple(at for at in every if _fits(period.terms, supply, lines[at]))

    def steps(kind: Kind, periods: Iterable[Period[Any]]) -> list[ChargeStep]:
        return [
            ChargeStep(kind, period, at, at == every and period.terms.each == "order")
            for period in periods
            if _registered(period.terms, supply) and (at := fitting(period))
        ]

    duties = tuple(_competing(law, supply, line, at) for at, line in enumerate(lines))
    add_ons = [
        period
        for period in law.duties
        if period.terms.add_on
        and all(
            not period.terms.agreement or period.terms.agreement in line.certificates
            for line in lines
        )
    ]
    taxes = _without_replaced(steps("tax", law.taxes))
    charges = [
        *_without_replaced(steps("duty", add_ons)),
        *_without_replaced(steps("fee", law.fees)),
        *taxes,
    ]
    by_line = _read_line_by_line([*[step for each in duties for step in each], *charges])
    for step in [*[step for each in duties for step in each], *charges]:
        step.spread = step.kind in by_line or step.name in by_line
    return ChargePlan(
        bans=tuple(p for p in law.bans if not p.terms.looks_at_the_piece and fitting(p)),
        papers=tuple(
            (p, at)
            for p in law.papers
            if p.terms.blocking and not (p.terms.stones or p.terms.substances)
            for at in fitting(p)
        ),
        reliefs=tuple(
            (p, at)
            for p in law.reliefs
            if p.terms.unless_registered not in supply.registrations and (at := fitting(p))
        ),
        duties=duties,
        charges=tuple(charges),
        schemes=tuple(
            (p, at)
            for p in law.schemes
            if _registered(p.terms, supply) and (at := fitting(p))
        ),
        spread=frozenset(by_line & {"shipping", "insurance"}),
        read=frozenset(
            name
            for step in [*[step for each in duties for step in each], *charges]
            for name in step.terms.base
        ),
        surely_taxed=all(
            any(at in t.lines and not (t.has_threshold or t.terms.excess or t.replaced_by)
                for t in taxes)
            for at in every
        ),
    )  # fmt: skip


def _competing(law: Law, supply: Supply, line: SupplyLine, at: int) -> tuple[ChargeStep, ...]:
    """The duties that fit a line, best first, up to the first that needs no threshold."""
    fitting: list[Period[Duty]] = [
        period
        for period in law.duties
        if not period.terms.add_on
        and _fits(period.terms, supply, line)
        and _registered(period.terms, supply)
        and (not period.terms.agreement or period.terms.agreement in line.certificates)
    ]
    fitting.sort(
        key=lambda period: (
            bool(period.terms.agreement),
            period.terms.precision(line.hs_code),
            period.terms.has_threshold,
        ),
        reverse=True,
    )
    steps: list[ChargeStep] = []
    for period in fitting:
        steps.append(ChargeStep("duty", period, (at,), False))
        if not steps[-1].has_threshold:
            break
    return tuple(steps)


def _without_replaced(steps: list[ChargeStep]) -> list[ChargeStep]:
    """Take out of each step the lines on which another one surely replaces it."""
    kept = []
    for step in steps:
        rivals = [other for other in steps if step.name in other.terms.instead_of]
        sure = {at for rival in rivals if not rival.has_threshold for at in rival.lines}
        step.replaced_by = tuple(rival for rival in rivals if rival.has_threshold)
        if sure:
            step.lines = tuple(at for at in step.lines if at not in sure)
            step.whole = False
        if step.lines:
            kept.append(step)
    return kept


def _read_line_by_line(steps: list[ChargeStep]) -> set[str]:
    """The parts that some step takes of single lines and not of the order as a whole."""
    return {
        name
        for step in steps
        if not step.whole or step.has_threshold or step.replaced_by
        for name in step.terms.base
    }


def _fits(scope: Scope, supply: Supply, line: SupplyLine) -> bool:
    return scope.fits(
        line.hs_code, line.origin, supply.ship_from, supply.region, line.metal, line.fineness
    )


def _registered(terms: Charge | Scheme, supply: Supply) -> bool:
    if isinstance(terms, Charge) and terms.nexus:
        return supply.region in supply.registrations
    return not terms.registration or terms.registration in supply.registrations


def _name(period: Period[Any]) -> str:
    return period.rule.rpartition(".")[2]
