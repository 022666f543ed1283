"""Reads the rule files of all markets. Every fault of every file is reported at once.

A folder per market holds market.toml and one file a topic; a folder without market.toml is an
area whose rules several markets `extend` (the EU). docs/adding-a-market.md describes the format.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any

from i18n.charge import Charge
from i18n.consumer.model import KINDS as CONSUMER
from i18n.customs.model import KINDS as CUSTOMS
from i18n.errors import InvalidRulebook
from i18n.hallmark.model import KINDS as HALLMARK
from i18n.law import Period, Reading, Rule, Source, State
from i18n.market import Market
from i18n.naming.model import KINDS as NAMING
from i18n.restriction.model import KINDS as RESTRICTION
from i18n.rulebook.model import MarketRules, Rulebook
from i18n.sizes.model import KINDS as SIZES
from i18n.tables import Problems, build
from i18n.tax.model import KINDS as TAX

TOPICS: Mapping[str, Mapping[str, type]] = MappingProxyType(
    {
        "tax": TAX,
        "customs": CUSTOMS,
        "hallmark": HALLMARK,
        "naming": NAMING,
        "restriction": RESTRICTION,
        "sizes": SIZES,
        "consumer": CONSUMER,
    }
)

_RULE_KEYS = frozenset({"kind", "title", "periods"})
_PERIOD_KEYS = frozenset({"from", "to", "state", "source", "note", "readings"})

# What a charge's base may name besides other rules; no rule may take these names.
_PARTS = frozenset({"goods", "shipping", "insurance", "duty", "fee", "tax"})

_Rules = dict[str, Rule[Any]]


def read(folder: Path) -> Rulebook:
    """The rulebook in a folder, or InvalidRulebook with all its problems."""
    problems = Problems()
    digest = hashlib.sha256()
    markets: dict[str, Market] = {}
    areas: dict[str, _Rules] = {}
    for area in sorted(path for path in folder.iterdir() if path.is_dir()):
        if area.name.startswith("__"):
            continue
        rules: _Rules = {}
        for file in sorted(area.iterdir()):
            where = f"{area.name}/{file.name}"
            if file.name == "examples.toml":
                continue
            table = _parse(file, where, problems, digest)
            if file.name == "market.toml":
                market = build(Market, table, where, "market", problems)
                if market is not None:
                    if market.code != area.name:
                        problems.add(where, "code", f"{market.code!r} is not the folder's name")
                    markets[area.name] = market
            else:
                rules |= _topic(file.stem, area.name, table, where, problems)
        areas[area.name] = rules
    complete = {
        code: MarketRules(market, _with_areas(market, areas, problems))
        for code, market in markets.items()
    }
    if problems:
        raise InvalidRulebook(problems)
    return Rulebook(complete, _version(complete, digest.hexdigest()))


def _parse(file: Path, where: str, problems: Problems, digest: Any) -> dict[str, Any]:
    if file.suffix != ".toml":
        problems.add(where, "file", "only .toml files belong here")
        return {}
    raw = file.read_bytes()
    digest.update(where.encode() + b"\0" + raw + b"\0")
    try:
        return tomllib.loads(raw.decode(), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.add(where, "file", f"not TOML: {error}")
        return {}


def _with_areas(market: Market, areas: Mapping[str, _Rules], problems: Problems) -> tuple[Any, ...]:
    """The market's own rules over those of the areas it extends, by topic and name."""
    merged: dict[tuple[str, str], Rule[Any]] = {}
    for area in (*market.extends, market.code):
        if area not in areas:
            problems.add(f"{market.code}/market.toml", "extends", f"there is no folder {area!r}")
            continue
        for rule in areas[area].values():
            name = (rule.topic, rule.id.rpartition(".")[2])
            merged.pop(name, None)
            merged[name] = rule
    _refuse_dangling(market.code, tuple(merged.values()), problems)
    return tuple(merged.values())


def _refuse_dangling(code: str, rules: tuple[Rule[Any], ...], problems: Problems) -> None:
    """A base or a replacement that names no rule would silently charge nothing."""
    names = {rule.id.rpartition(".")[2] for rule in rules} | _PARTS
    for rule in rules:
        for period in rule.periods:
            if isinstance(period.terms, Charge):
                for name in {*period.terms.base, *period.terms.instead_of} - names:
                    problems.add(
                        f"{code}/{rule.topic}.toml", rule.id, f"names {name!r}, which is no rule"
                    )


def _topic(topic: str, area: str, table: dict[str, Any], where: str, problems: Problems) -> _Rules:
    kinds = TOPICS.get(topic)
    if kinds is None:
        problems.add(where, "file", f"unknown topic; there are: {', '.join(TOPICS)}")
        return {}
    sources = {
        name: source
        for name, raw in table.pop("sources", {}).items()
        if (source := _source(raw, {}, where, f"sources.{name}", problems)) is not None
    }
    rules: _Rules = {}
    for name, raw in table.items():
        if not isinstance(raw, dict):
            problems.add(where, name, "a rule is a table: [name] with [[name.periods]]")
            continue
        kind = raw.get("kind", "")
        if kind not in kinds:
            problems.add(where, f"{name}.kind", f"{kind!r} is none of: {', '.join(kinds)}")
            continue
        if name in _PARTS:
            problems.add(where, name, "is the name of a part of the price; call the rule otherwise")
        identity = f"{area}.{topic}.{name}"
        title = raw.get("title", "")
        if not title:
            problems.add(where, f"{name}.title", "missing")
        shared = {key: value for key, value in raw.items() if key not in _RULE_KEYS}
        periods = tuple(
            period
            for number, table in enumerate(raw.get("periods", ()))
            if (
                period := _period(
                    identity, kind, title, kinds[kind], shared, table, sources,
                    where, f"{name}.periods[{number}]", problems,
                )
            )
            is not None
        )  # fmt: skip
        if not raw.get("periods"):
            problems.add(where, f"{name}.periods", "a rule needs at least one period")
        _refuse_overlap(periods, where, name, problems)
        rules[identity] = Rule(identity, topic, kind, title, periods)
    return rules


def _period(
    identity: str,
    kind: str,
    title: str,
    model: type,
    shared: dict[str, Any],
    table: Mapping[str, Any],
    sources: Mapping[str, Source],
    where: str,
    key: str,
    problems: Problems,
) -> Period[Any] | None:
    terms = build(
        model,
        shared | {name: value for name, value in table.items() if name not in _PERIOD_KEYS},
        where,
        key,
        problems,
    )
    source = _source(table.get("source"), sources, where, f"{key}.source", problems)
    starts, ends = table.get("from"), table.get("to")
    if type(starts) is not date:
        problems.add(where, f"{key}.from", "missing: the first day it holds")
    if ends is not None and type(ends) is not date:
        problems.add(where, f"{key}.to", "must be a date: the last day it holds")
    elif type(starts) is date and ends is not None and ends < starts:
        problems.add(where, f"{key}.to", "is before from")
    state = table.get("state")
    if state not in set(State):
        problems.add(where, f"{key}.state", f"{state!r} is none of: {', '.join(State)}")
    note = table.get("note", "")
    if state in (State.DISPUTED, State.UNKNOWN) and not note:
        problems.add(where, f"{key}.note", f"a rule that is {state} says why")
    readings = tuple(
        Reading(raw.get("says", ""), read)
        for number, raw in enumerate(table.get("readings", ()))
        if (
            read := _source(
                raw.get("source"), sources, where, f"{key}.readings[{number}].source", problems
            )
        )
        is not None
    )
    if isinstance(terms, Charge) and not terms.is_stated and state != State.UNKNOWN:
        problems.add(where, key, "one of rate, rates and amount is needed")
    if terms is None or source is None or type(starts) is not date or state not in set(State):
        return None
    return Period(identity, kind, title, terms, starts, ends, State(state), source, note, readings)


def _source(
    raw: Any, named: Mapping[str, Source], where: str, key: str, problems: Problems
) -> Source | None:
    if isinstance(raw, str):
        if raw not in named:
            problems.add(where, key, f"no source {raw!r} under [sources]")
        return named.get(raw)
    if not isinstance(raw, dict):
        problems.add(where, key, "missing: title, url and the day checked")
        return None
    source = build(Source, raw, where, key, problems)
    if source is not None and not source.url.startswith(("https://", "http://")):
        problems.add(where, f"{key}.url", f"{source.url!r} is no web address")
        return None
    return source


def _refuse_overlap(
    periods: tuple[Period[Any], ...], where: str, name: str, problems: Problems
) -> None:
    for earlier, later in pairwise(periods):
        if earlier.ends is None or later.starts <= earlier.ends:
            until = "open" if earlier.ends is None else earlier.ends.isoformat()
            problems.add(
                where,
                f"{name}.periods",
                f"the period from {later.starts} begins before the one from {earlier.starts} "
                f"({until}) has ended; list them in order, `to` is the last day",
            )


def _version(markets: Mapping[str, MarketRules], digest: str) -> str:
    newest = max(
        (period.starts for rules in markets.values() for rule in rules.rules
         for period in rule.periods),
        default=date.min,
    )  # fmt: skip
    return f"{newest.isoformat()}-{digest[:12]}"
