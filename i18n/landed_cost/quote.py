"""Reckons a landed cost. Pure: the day, the law and the exchange rates are arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from i18n.charge import ROUNDINGS, Charge
from i18n.errors import CurrencyMismatch, SaleRefused
from i18n.landed_cost.model import CostLine, Kind, LandedCost, Payer, Supply, SupplyLine
from i18n.landed_cost.plan import Plan, plan
from i18n.law import Period, Reliance, State
from i18n.money import Money, minor_unit
from i18n.rulebook.model import Rulebook
from i18n.scope import Valued, rate_of
from i18n.tax.model import Scheme

NO_RATES: Mapping[str, Decimal] = {}
ZERO = Decimal(0)
_PARTS: Mapping[str, tuple[str, ...]] = {
    "goods": ("goods",),
    "cif": ("goods", "shipping", "insurance"),
}


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
            f"{supply.market} is reckoned in {currency}, not {supply.shipping.currency}"
        )
    law = rules.on(on)
    reckoning = _Reckoning(supply, currency, rates, Reliance(accept_disputed))
    for line in supply.lines:
        reckoning.add(line, plan(law, supply, line))
    reckoning.share_freight()
    reckoning.find_reliefs()
    reckoning.charge_duties()
    reckoning.charge_all("fee", lambda p: p.fees)
    reckoning.charge_all("tax", lambda p: p.taxes)
    disputed = reckoning.reliance.disputed
    return LandedCost(
        supply.market,
        on,
        currency,
        "quote-disputed" if disputed else "quote",
        tuple(reckoning.lines),
        rulebook.version,
        tuple(f"{period.rule} is disputed: {period.note}" for period in disputed),
    )


class _Share:
    """What one supply line has gathered so far; later charges take their base from it."""

    __slots__ = ("line", "parts", "plan", "waived")

    def __init__(self, line: SupplyLine, plan: Plan) -> None:
        self.line = line
        self.plan = plan
        self.parts: dict[str, Decimal] = {
            "goods": line.value.amount, "duty": ZERO, "fee": ZERO, "tax": ZERO,
        }  # fmt: skip
        self.waived: dict[str, Period[Any]] = {}

    def gather(self, kind: str, rule: str, amount: Decimal) -> None:
        """Add a charge to its kind and under its own name, for the bases that name either."""
        self.parts[kind] += amount
        name = rule.rpartition(".")[2]
        self.parts[name] = self.parts.get(name, ZERO) + amount

    def base(self, names: tuple[str, ...]) -> Decimal:
        return sum((self.parts.get(name, ZERO) for name in names), ZERO)


class _Reckoning:
    def __init__(
        self,
        supply: Supply,
        currency: str,
        rates: Mapping[str, Decimal],
        reliance: Reliance,
    ) -> None:
        self.supply = supply
        self.currency = currency
        self.rates = rates
        self.reliance = reliance
        self.unit = minor_unit(currency)
        self.shares: list[_Share] = []
        self.lines: list[CostLine] = []
        self.values: dict[str, Decimal] = {}
        self._shown: set[tuple[str, str, str]] = set()

    def add(self, line: SupplyLine, plan: Plan) -> None:
        """Take in one line, unless a restriction keeps it out of the market."""
        for ban in plan.bans:
            raise SaleRefused(
                f"{ban.title}: {ban.terms.because or ban.note}", rule=self.reliance.on(ban).rule
            )
        for paper in plan.papers:
            if self.reliance.on(paper).terms.paper not in line.certificates:
                raise SaleRefused(f"{paper.title}: {paper.terms.need}", rule=paper.rule)
        self.shares.append(_Share(line, plan))
        self.lines.append(_plain("goods", "Goods", line.goods, line.id))

    def share_freight(self) -> None:
        """Put shipping and insurance on the lines by value, to the last minor unit."""
        weights = [share.parts["goods"] for share in self.shares]
        for kind, money in (
            ("shipping", self.supply.shipping),
            ("insurance", self.supply.insurance),
        ):
            for share, part in zip(
                self.shares, apportion(money.amount, weights, self.unit), strict=True
            ):
                share.parts[kind] = part
        goods = sum(weights, ZERO)
        self.values = {
            "goods": goods,
            "cif": goods + self.supply.shipping.amount + self.supply.insurance.amount,
        }
        self.lines.append(_plain("shipping", "Shipping", self.supply.shipping))
        if self.supply.insurance:
            self.lines.append(_plain("insurance", "Insurance", self.supply.insurance))

    def find_reliefs(self) -> None:
        """Note on each line which kinds of charge its value frees it from."""
        for share in self.shares:
            for relief in share.plan.reliefs:
                if self._holds(relief, share):
                    self.reliance.on(relief)
                    for kind in relief.terms.waives:
                        share.waived.setdefault(kind, relief)

    def charge_duties(self) -> None:
        """The one duty that wins on each line, then the add-on measures."""
        for share in self.shares:
            duty = next((p for p in share.plan.duties if self._holds(p, share)), None)
            if duty is None:
                raise SaleRefused(
                    f"No rule states the duty on HS {share.line.hs_code} from "
                    f"{share.line.origin or 'an unstated origin'}",
                    rule=f"{self.supply.market}.customs",
                    hint="Check the HS code and the origin, or add the rule to customs.toml.",
                )
            self._charge("duty", duty, [share])
        self.charge_all("duty", lambda p: p.add_ons)

    def charge_all(self, kind: Kind, of: Callable[[Plan], tuple[Period[Any], ...]]) -> None:
        """Every rule of a kind, in the order of the file, on the lines that it fits."""
        fitting: dict[str, tuple[Period[Any], list[_Share]]] = {}
        for share in self.shares:
            matched = [period for period in of(share.plan) if self._holds(period, share)]
            replaced = {name for period in matched for name in period.terms.instead_of}
            kept = [p for p in matched if p.rule.rpartition(".")[2] not in replaced]
            if kind == "tax" and not kept:
                raise SaleRefused(
                    f"No rule states the tax on HS {share.line.hs_code}",
                    rule=f"{self.supply.market}.tax",
                    hint="A market without a tax states a rate of 0 with its source.",
                )
            for period in kept:
                fitting.setdefault(period.rule, (period, []))[1].append(share)
        for period, shares in fitting.values():
            self._charge(kind, period, shares)

    def _charge(self, kind: Kind, period: Period[Any], shares: list[_Share]) -> None:
        terms: Charge = period.terms
        if terms.waivable:
            for relief, freed in _grouped(shares, lambda share: share.waived.get(kind)):
                if relief is not None:
                    self._emit_relief(kind, period, relief, freed)
            shares = [share for share in shares if kind not in share.waived]
        if not shares:
            return
        self.reliance.on(period)
        groups: Iterable[tuple[Any, list[_Share]]]
        if terms.each == "hs6":
            groups = _grouped(shares, lambda share: share.line.hs_code[:6])
        elif terms.each == "order":
            groups = ((None, shares),)
        else:
            groups = ((None, [share]) for share in shares)
        for _, group in groups:
            if kind == "tax":
                for scheme, part in _grouped(group, self._scheme):
                    self._reckon(kind, period, part, scheme)
            else:
                self._reckon(kind, period, group, None)

    def _reckon(
        self,
        kind: Kind,
        period: Period[Any],
        group: list[_Share],
        scheme: Period[Scheme] | None,
    ) -> None:
        terms: Charge = period.terms
        bases = [share.base(terms.base) for share in group]
        base = sum(bases, ZERO)
        quantity = sum(share.line.quantity for share in group)
        if terms.excess and terms.over is not None:
            times = quantity if terms.threshold_per == "item" else 1
            base -= self._amount(terms.over, period) * times
            if base <= 0:
                return
        if terms.base_step is not None:
            base = _to_step(base, terms.base_step, terms.base_rounding)
        rate = self._rate(terms, period)
        if rate is not None:
            due = base * rate
        else:
            assert terms.amount is not None
            due = self._amount(terms.amount, period)
            if terms.each == "item":
                due *= quantity
        if terms.minimum is not None:
            due = max(due, self._amount(terms.minimum, period))
        if terms.maximum is not None:
            due = min(due, self._amount(terms.maximum, period))
        due = _to_step(due, terms.step or self.unit, terms.rounding)
        if len(group) == 1:
            group[0].gather(kind, period.rule, due)
        else:
            for share, part in zip(group, apportion(due, bases, self.unit), strict=True):
                share.gather(kind, period.rule, part)
        self.lines.append(
            CostLine(
                kind,
                period.title,
                Money(base, self.currency),
                rate,
                Money(due, self.currency),
                self._payer(terms, scheme),
                period.rule,
                period.state,
                period.source,
                None if terms.each == "order" else group[0].line.id,
            )
        )

    def _emit_relief(
        self, kind: Kind, period: Period[Any], relief: Period[Any], freed: list[_Share]
    ) -> None:
        """A charge that falls away is shown as zero, once, with the relief's rule behind it."""
        shown = (kind, relief.rule, freed[0].line.id)
        if shown in self._shown:
            return
        self._shown.add(shown)
        base = sum((share.base(period.terms.base) for share in freed), ZERO)
        self.lines.append(
            CostLine(
                kind,
                relief.title,
                Money(base, self.currency),
                ZERO,
                Money(ZERO, self.currency),
                self._payer(period.terms, None),
                relief.rule,
                relief.state,
                relief.source,
                None if period.terms.each == "order" else freed[0].line.id,
            )
        )

    def _scheme(self, share: _Share) -> Period[Scheme] | None:
        for scheme in share.plan.schemes:
            if self._holds(scheme, share):
                return self.reliance.on(scheme)
        return None

    def _payer(self, terms: Charge, scheme: Period[Scheme] | None) -> Payer:
        collects = terms.collect if scheme is None else scheme.terms.collect
        return "seller" if self.supply.terms == "DDP" or collects == "seller" else "importer"

    def _holds(self, period: Period[Any], share: _Share) -> bool:
        terms: Valued = period.terms
        if not terms.has_threshold:
            return True
        if terms.threshold_per == "order":
            value = self.values[terms.measured]
        else:
            value = share.base(_PARTS[terms.measured]) / share.line.quantity
        return terms.holds(Money(value, self.currency), self.rates, period.rule)

    def _rate(self, terms: Charge, period: Period[Any]) -> Decimal | None:
        if not terms.rates:
            return terms.rate
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


def _plain(kind: Kind, label: str, amount: Money, line_id: str | None = None) -> CostLine:
    return CostLine(kind, label, amount, None, amount, "shopper", "", State.IN_FORCE, None, line_id)


def _to_step(amount: Decimal, step: Decimal, rounding: str) -> Decimal:
    steps = (amount / step).quantize(Decimal(1), ROUNDINGS[rounding])
    return (steps * step).quantize(step) if step < 1 else steps * step


def _grouped[Key](
    shares: Iterable[_Share], key: Callable[[_Share], Key]
) -> list[tuple[Key, list[_Share]]]:
    """Shares by key, in order of first appearance. Keys are compared by identity or value."""
    groups: list[tuple[Key, list[_Share]]] = []
    for share in shares:
        name = key(share)
        for known, members in groups:
            if known is name or known == name:
                members.append(share)
                break
        else:
            groups.append((name, [share]))
    return groups


def apportion(amount: Decimal, weights: list[Decimal], unit: Decimal) -> list[Decimal]:
    """Parts of an amount by weight that add up to it exactly; equal parts when no weight is set.

    Each part but the last is cut to the unit; the last takes what is left, so that nothing is
    lost and no part is negative.
    """
    if len(weights) == 1:
        return [amount]
    total = sum(weights, ZERO)
    if not total:
        weights, total = [Decimal(1)] * len(weights), Decimal(len(weights))
    parts = [_to_step(amount * weight / total, unit, "down") for weight in weights[:-1]]
    return [*parts, amount - sum(parts, ZERO)]
