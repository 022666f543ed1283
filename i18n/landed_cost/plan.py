"""Which rules of a day's law fit one description of goods. Found once and kept with the law."""

from __future__ import annotations

from dataclasses import dataclass

from i18n.charge import Charge
from i18n.customs.model import Duty, Fee, Relief
from i18n.landed_cost.model import Supply, SupplyLine
from i18n.law import Period
from i18n.restriction.model import Ban, Paper
from i18n.rulebook.model import Law
from i18n.scope import Scope
from i18n.tax.model import Scheme, Tax

# Descriptions are few in a shop (heading, origin, alloy, region); a bound keeps a flood of made-up
# ones from growing the memory.
_MOST_PLANS = 4096


@dataclass(frozen=True, slots=True)
class Plan:
    """The rules to look at for one description of goods.

    `duties` compete and stand in the order in which they win; the rest all apply. Thresholds are
    not looked at yet, since they depend on the order.
    """

    bans: tuple[Period[Ban], ...]
    papers: tuple[Period[Paper], ...]
    duties: tuple[Period[Duty], ...]
    add_ons: tuple[Period[Duty], ...]
    fees: tuple[Period[Fee], ...]
    reliefs: tuple[Period[Relief], ...]
    taxes: tuple[Period[Tax], ...]
    schemes: tuple[Period[Scheme], ...]


def plan(law: Law, supply: Supply, line: SupplyLine) -> Plan:
    """The plan for a line of a supply."""
    key = (
        line.hs_code, line.origin, supply.ship_from, supply.region, line.metal, line.fineness,
        line.certificates, supply.registrations,
    )  # fmt: skip
    found: Plan | None = law.plans.get(key)
    if found is None:
        if len(law.plans) >= _MOST_PLANS:
            law.plans.clear()
        found = law.plans[key] = _make(law, supply, line)
    return found


def _make(law: Law, supply: Supply, line: SupplyLine) -> Plan:
    def fitting[Terms: Scope](periods: tuple[Period[Terms], ...]) -> tuple[Period[Terms], ...]:
        return tuple(
            period
            for period in periods
            if period.terms.fits(
                line.hs_code, line.origin, supply.ship_from, supply.region, line.metal,
                line.fineness,
            )
        )  # fmt: skip

    def registered(charge: Charge | Scheme) -> bool:
        if isinstance(charge, Charge) and charge.nexus:
            return supply.region in supply.registrations
        return not charge.registration or charge.registration in supply.registrations

    duties = [
        period
        for period in fitting(law.duties)
        if registered(period.terms)
        and (not period.terms.agreement or period.terms.agreement in line.certificates)
    ]
    competing = sorted(
        (period for period in duties if not period.terms.add_on),
        key=lambda period: (
            bool(period.terms.agreement),
            period.terms.precision(line.hs_code),
            period.terms.has_threshold,
        ),
        reverse=True,
    )
    return Plan(
        bans=tuple(period for period in fitting(law.bans) if not period.terms.looks_at_the_piece),
        papers=tuple(
            period
            for period in fitting(law.papers)
            if period.terms.blocking and not (period.terms.stones or period.terms.substances)
        ),
        duties=tuple(competing),
        add_ons=tuple(period for period in duties if period.terms.add_on),
        fees=tuple(p for p in fitting(law.fees) if registered(p.terms)),
        reliefs=tuple(
            p for p in fitting(law.reliefs) if p.terms.unless_registered not in supply.registrations
        ),
        taxes=tuple(p for p in fitting(law.taxes) if registered(p.terms)),
        schemes=tuple(p for p in fitting(law.schemes) if registered(p.terms)),
    )
