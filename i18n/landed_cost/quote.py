"""Calculates a landed cost. Pure: the day, the law and the exchange rates are arguments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from i18n.charge import ROUNDINGS, Charge
from i18n.errors import CurrencyMismatch, SaleRefused
from i18n.landed_cost.model import CostLine, Kind, LandedCost, Parts, Payer, Supply
from i18n.landed_cost.plan import ChargePlan, ChargeStep, plan
from i18n.landed_cost.sharing import Sharing
from i18n.landed_cost.splitting import grouped, split, to_step
from i18n.law import Period, Reliance, State
from i18n.money import Money, minor_unit
from i18n.rulebook.model import Rulebook
from i18n.scope import Valued, rate_of
from i18n.tax.model import Scheme

NO_RATES: Mapping[str, Decimal] = {}
ZERO = Decimal(0)
_ONE = Decimal(1)


def landed_cost(
    supply: Supply,
    rulebook: Rulebook,
    on: date,
    *,
    accept_disputed: Iterable[str] = (),
    rates: Mapping[str, Decimal] = NO_RATES,
) -> LandedCost:
    """The price of a supply with all that the market's law puts on it, line by line.

    `rates` give the market's currency for one unit of another, for thresholds stated in another.
    `accept_disputed` holds rule ids, or "*", that the operator accepts though sources disagree.
    Raises SaleRefused naming the rule that stops the sale, CurrencyMismatch when the supply is not
    in the market's currency, UnknownCode for an unknown market.
    """
    rules = rulebook.market(supply.market)
    currency = rules.market.currency
    if supply.shipping.currency != currency:
        raise CurrencyMismatch(
            f"{supply.market} is calculated in {currency}, not {supply.shipping.currency}"
        )
    reliance = Reliance(accept_disputed)
    calculation = _Calculation(supply, plan(rules.on(on), supply), currency, rates, reliance)
    calculation.refuse_what_is_banned()
    calculation.find_reliefs()
    calculation.charge_duties()
    calculation.charge_the_rest()
    disputed = reliance.disputed
    return LandedCost(
        supply.market,
        on,
        currency,
        "quote-disputed" if disputed else "quote",
        calculation.finished(),
        rulebook.version,
        tuple(f"{period.rule} is disputed: {period.note}" for period in disputed),
    )


class _Due(NamedTuple):
    """What one group of lines owes by a rule; `exact` is before the law's own step."""

    group: tuple[int, ...]
    base: Decimal
    rate: Decimal | None
    exact: Decimal
    amount: Decimal
    payer: Payer


class _Calculation:
    """One quote in the making.

    `parts` holds, by name (goods, shipping, duty, a rule's own name), what each line has gathered;
    `totals` the same for the order. A part that no later step reads line by line is only a total:
    sharing out costs more than all other arithmetic. `sharing` says what each line bears of
    each charge in the end; no charge is calculated from it.
    """

    __slots__ = (
        "charged", "currency", "every", "lines", "parts", "plan", "rates", "reliance", "schemes",
        "sharing", "shown", "supply", "taxed", "totals", "unit", "waived",
    )  # fmt: skip

    def __init__(
        self,
        supply: Supply,
        plan: ChargePlan,
        currency: str,
        rates: Mapping[str, Decimal],
        reliance: Reliance,
    ) -> None:
        self.supply = supply
        self.plan = plan
        self.currency = currency
        self.rates = rates
        self.reliance = reliance
        self.unit = minor_unit(currency)
        self.waived: dict[str, dict[int, Period[Any]]] = {}
        self.shown: set[tuple[str, str, int]] = set()
        self.taxed: set[int] = set()
        self.schemes: list[Period[Scheme] | None] = []
        self.every = tuple(range(len(supply.lines)))
        # For each line of the answer the lines of the order behind it and its number in `sharing`.
        self.charged: list[tuple[tuple[int, ...], int | None]] = []
        self.lines: list[CostLine] = []
        for at, line in enumerate(supply.lines):
            self._append(_given("goods", "Goods", line.goods), (at,))
        goods = [line.value.amount for line in supply.lines]
        self.sharing = Sharing(goods, self.unit, plan.read) if len(goods) > 1 else None
        self.parts: dict[str, list[Decimal]] = {"goods": goods}
        self.totals: dict[str, Decimal] = {"goods": sum(goods, ZERO)}
        given: tuple[tuple[Kind, str, Money], ...] = (
            ("shipping", "Shipping", supply.shipping),
            ("insurance", "Insurance", supply.insurance),
        )
        for kind, label, money in given:
            if money or kind == "shipping":
                number = self._shared(money.amount, self.every, ("goods",), kind)
                self._append(_given(kind, label, money), self.every, number)
            self.totals[kind] = money.amount
            if kind in plan.spread:
                self.parts[kind] = split(money.amount, goods, self.unit)

    def refuse_what_is_banned(self) -> None:
        """Stop at the first restriction that keeps a line out of the market."""
        for ban in self.plan.bans:
            self.reliance.on(ban)
            raise SaleRefused(f"{ban.title}: {ban.terms.because or ban.note}", rule=ban.rule)
        for paper, at in self.plan.papers:
            if self.reliance.on(paper).terms.paper not in self.supply.lines[at].certificates:
                raise SaleRefused(f"{paper.title}: {paper.terms.need}", rule=paper.rule)

    def find_reliefs(self) -> None:
        """Note which kinds of charge each line's value frees it from."""
        for relief, fitting in self.plan.reliefs:
            lines = self._where_it_holds(relief, fitting)
            if lines:
                self.reliance.on(relief)
                for kind in relief.terms.waives:
                    freed = self.waived.setdefault(kind, {})
                    for at in lines:
                        freed.setdefault(at, relief)

    def charge_duties(self) -> None:
        """On each line the first of its competing duties whose threshold holds.

        Lines under one rule are charged together, since a law may round them together.
        """
        chosen: dict[str, tuple[ChargeStep, list[int]]] = {}
        for at, competing in enumerate(self.plan.duties):
            for step in competing:
                if not step.has_threshold or self._where_it_holds(step.period, (at,)):
                    chosen.setdefault(step.period.rule, (step, []))[1].append(at)
                    break
            else:
                line = self.supply.lines[at]
                raise SaleRefused(
                    f"No rule states the duty on HS {line.hs_code} from "
                    f"{line.origin or 'an unstated origin'}",
                    rule=f"{self.supply.market}.customs",
                    hint="Check the HS code and the origin, or add the rule to customs.toml.",
                )
        for step, lines in chosen.values():
            self._charge(step, tuple(lines))

    def charge_the_rest(self) -> None:
        """Add-on duties, fees and taxes, in the order of the files."""
        for step in self.plan.charges:
            lines = step.lines
            if step.has_threshold:
                lines = self._where_it_holds(step.period, lines)
            for rival in step.replaced_by:
                taken = self._where_it_holds(rival.period, rival.lines)
                lines = tuple(at for at in lines if at not in taken)
            if lines:
                self._charge(step, lines)
        if not self.plan.surely_taxed:
            for at, line in enumerate(self.supply.lines):
                if at not in self.taxed:
                    raise SaleRefused(
                        f"No rule states the tax on HS {line.hs_code}",
                        rule=f"{self.supply.market}.tax",
                        hint="A market without a tax states a rate of 0 with its source.",
                    )

    def _charge(self, step: ChargeStep, lines: tuple[int, ...]) -> None:
        kind, terms = step.kind, step.terms
        if kind == "tax" and not self.plan.surely_taxed:
            self.taxed.update(lines)
        freed = self.waived.get(kind) if terms.waivable else None
        if freed:
            for relief, members in grouped(lines, freed.get):
                if relief is not None:
                    self._show_relief(step, relief, members)
            lines = tuple(at for at in lines if at not in freed)
            if not lines:
                return
        if step.period.state is not State.IN_FORCE:
            self.reliance.on(step.period)
        groups: Iterable[tuple[int, ...]]
        if terms.each == "order":
            groups = (lines,)
        elif terms.each in ("hs6", "code"):
            digits = 6 if terms.each == "hs6" else None
            supplied = self.supply.lines
            groups = [g for _, g in grouped(lines, lambda at: supplied[at].hs_code[:digits])]
        else:
            groups = [(at,) for at in lines]
        due_now: list[_Due | None] = []
        for group in groups:
            if kind == "tax" and self.plan.schemes:
                for scheme, members in grouped(group, self._scheme_of().__getitem__):
                    due_now.append(self._due(step, members, scheme))
            else:
                due_now.append(self._due(step, group, None))
        found = [due for due in due_now if due is not None]
        if terms.total_step is not None and self.sharing is None:
            found = [due._replace(amount=_whole(step, found)) for due in found]
        together = None if terms.total_step is None else self._rounded_together(step, found)
        for due in found:
            number = together
            if number is None:
                number = self._shared(due.amount, due.group, terms.base, step.kind, step.name)
            self._write(step, due, number)

    def _due(
        self, step: ChargeStep, group: tuple[int, ...], scheme: Period[Scheme] | None
    ) -> _Due | None:
        """What one group owes; None where nothing of its base is above the free amount."""
        terms, period = step.terms, step.period
        base = self._base(terms.base, group)
        if terms.excess or terms.base_step is not None:
            base = self._reduced(base, terms, period, group)
            if terms.excess and base <= 0:
                return None
        rate = step.rate
        if terms.rates:
            rate = self._rate_by_region(terms, period)
        if rate is None:
            due = self._fixed(terms, period, group)
        elif terms.per == 1:
            due = base * rate
        else:
            assert terms.rate is not None
            due = base * terms.rate / terms.per
        if terms.minimum is not None:
            due = max(due, self._amount(terms.minimum, period))
        if terms.maximum is not None:
            due = min(due, self._amount(terms.maximum, period))
        exact = due = due.quantize(self.unit, step.rounding)
        if terms.step is not None:
            due = to_step(due, terms.step, step.rounding)
        self._gather(step, group, due)
        return _Due(group, base, rate, exact, due, self._payer(terms, scheme))

    def _write(self, step: ChargeStep, due: _Due, number: int | None) -> None:
        """Append the line of one group."""
        period = step.period
        line = CostLine(
            step.kind,
            period.title,
            Money(due.base, self.currency),
            due.rate,
            Money(due.amount, self.currency),
            due.payer,
            period.rule,
            period.state,
            period.source,
        )
        self._append(line, due.group, number)

    def _append(self, line: CostLine, group: tuple[int, ...], number: int | None = None) -> None:
        self.lines.append(line)
        self.charged.append((group, number))

    def _shared(
        self, amount: Decimal, group: tuple[int, ...], base: tuple[str, ...], *names: str
    ) -> int | None:
        if self.sharing is None:
            return None
        weights = [_ONE] if len(group) == 1 else self.sharing.weights(base, group)
        return self.sharing.share(amount, group, weights, *names)

    def _rounded_together(self, step: ChargeStep, found: list[_Due]) -> int | None:
        """Share the sum of a rule's dues, which the law rounds as one, by the exact dues."""
        if self.sharing is None:
            return None
        lines: list[int] = []
        weights: list[Decimal] = []
        for due in found:
            own = self.sharing.weights(step.terms.base, due.group)
            total = sum(own, ZERO)
            lines += due.group
            weights += [due.exact * (each / total if total else _ONE) for each in own]
        return self.sharing.share(_whole(step, found), lines, weights, step.kind, step.name)

    def finished(self) -> tuple[CostLine, ...]:
        """The lines, each with what the lines of the order bear of it."""
        ids = [line.id for line in self.supply.lines]
        if self.sharing is None:
            return tuple(_with_parts(line, ((ids[0], line.amount.amount),)) for line in self.lines)
        self.sharing.settle()
        finished = []
        for line, (group, number) in zip(self.lines, self.charged, strict=True):
            parts = [line.amount.amount] if number is None else self.sharing.parts(number, group)
            if len(parts) < len(group):  # freed by a relief
                parts = [ZERO] * len(group)
            named = tuple(zip([ids[at] for at in group], parts, strict=True))
            borne = parts[0] if len(parts) == 1 else sum(parts, ZERO)
            if borne != line.amount.amount:  # a group's part of a sum that the law rounds as one
                line = line._replace(amount=Money(borne, self.currency))
            finished.append(_with_parts(line, named))
        return tuple(finished)

    def _base(self, names: tuple[str, ...], group: tuple[int, ...]) -> Decimal:
        """What the lines of a group have gathered under these names."""
        base = ZERO
        if len(group) == len(self.supply.lines):
            for name in names:
                base += self.totals.get(name, ZERO)
            return base
        for name in names:
            gathered = self.parts.get(name)
            if gathered is not None:
                for at in group:
                    base += gathered[at]
        return base

    def _gather(self, step: ChargeStep, group: tuple[int, ...], due: Decimal) -> None:
        """Add a charge under its kind and its own name, for the bases that name either."""
        totals = self.totals
        for name in (step.kind, step.name):
            totals[name] = totals.get(name, ZERO) + due
        if not step.spread:
            return
        shares: list[Decimal] = [due]
        if len(group) > 1:
            weights = [self._base(step.terms.base, (at,)) for at in group]
            shares = split(due, weights, self.unit)
        for name in (step.kind, step.name):
            gathered = self.parts.setdefault(name, [ZERO] * len(self.supply.lines))
            for at, share in zip(group, shares, strict=True):
                gathered[at] += share

    def _reduced(
        self, base: Decimal, terms: Charge, period: Period[Any], group: tuple[int, ...]
    ) -> Decimal:
        """The base less the free amount, cut to the law's step."""
        if terms.excess:
            assert terms.over is not None
            times = self._quantity(group) if terms.threshold_per == "item" else 1
            base -= self._amount(terms.over, period) * times
        if terms.base_step is not None:
            base = to_step(base, terms.base_step, ROUNDINGS[terms.base_rounding])
        return base

    def _fixed(self, terms: Charge, period: Period[Any], group: tuple[int, ...]) -> Decimal:
        assert terms.amount is not None
        due = self._amount(terms.amount, period)
        return due * self._quantity(group) if terms.each == "item" else due

    def _quantity(self, group: tuple[int, ...]) -> int:
        return sum(self.supply.lines[at].quantity for at in group)

    def _show_relief(self, step: ChargeStep, relief: Period[Any], freed: tuple[int, ...]) -> None:
        """A charge that falls away is shown as zero, once, with the relief's rule behind it."""
        shown = (step.kind, relief.rule, freed[0])
        if shown in self.shown:
            return
        self.shown.add(shown)
        nothing = CostLine(
            step.kind,
            relief.title,
            Money(self._base(step.terms.base, freed), self.currency),
            ZERO,
            Money(ZERO, self.currency),
            self._payer(step.terms, None),
            relief.rule,
            relief.state,
            relief.source,
        )
        self._append(nothing, freed)

    def _scheme_of(self) -> list[Period[Scheme] | None]:
        """For each line the low-value scheme that its value falls under."""
        if not self.schemes:
            self.schemes = [None] * len(self.supply.lines)
            for scheme, fitting in reversed(self.plan.schemes):
                lines = self._where_it_holds(scheme, fitting)
                if lines:
                    self.reliance.on(scheme)
                    for at in lines:
                        self.schemes[at] = scheme
        return self.schemes

    def _payer(self, terms: Charge, scheme: Period[Scheme] | None) -> Payer:
        if self.supply.terms == "DDP":
            return "seller"
        collects = terms.collect if scheme is None else scheme.terms.collect
        return "seller" if collects == "seller" else "importer"

    def _where_it_holds(self, period: Period[Any], lines: tuple[int, ...]) -> tuple[int, ...]:
        """Those of the lines whose value, or whose order's value, the rule's threshold lets in."""
        terms: Valued = period.terms
        if not terms.has_threshold:
            return lines
        names = ("goods",) if terms.measured == "goods" else ("goods", "shipping", "insurance")
        if terms.threshold_per == "order":
            value = self.totals["goods"]
            for name in names[1:]:
                value += self.totals[name]
            holds = terms.holds(value, self.currency, self.rates, period.rule)
            return lines if holds else ()
        return tuple(
            at
            for at in lines
            if terms.holds(self._item_value(at, names), self.currency, self.rates, period.rule)
        )

    def _item_value(self, at: int, names: tuple[str, ...]) -> Decimal:
        goods = self.parts["goods"]
        value = goods[at]
        for name in names[1:]:
            shares = self.parts.get(name) or split(self.totals[name], goods, self.unit)
            value += shares[at]
        return value / self.supply.lines[at].quantity

    def _rate_by_region(self, terms: Charge, period: Period[Any]) -> Decimal:
        try:
            return terms.rates[self.supply.region]
        except KeyError:
            raise SaleRefused(
                f"{period.title} depends on the region, and "
                f"{self.supply.region or 'none'} is not listed",
                rule=period.rule,
                hint=f"Name one of: {', '.join(terms.rates)}",
            ) from None

    def _amount(self, money: Money, period: Period[Any]) -> Decimal:
        return money.amount * rate_of(money.currency, self.currency, self.rates, period.rule)


def _given(kind: Kind, label: str, amount: Money) -> CostLine:
    return CostLine(kind, label, amount, None, amount, "shopper", "", State.IN_FORCE, None)


def _with_parts(line: CostLine, parts: Parts) -> CostLine:
    # A quarter of the time that _replace takes, for each line of each quote.
    return CostLine._make((*line[:-1], parts))


def _whole(step: ChargeStep, found: list[_Due]) -> Decimal:
    """What the law makes of the sum of a rule's exact dues."""
    assert step.terms.total_step is not None
    exact = sum((due.exact for due in found), ZERO)
    return to_step(exact, step.terms.total_step, step.rounding)
