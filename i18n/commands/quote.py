"""`landed-cost --market …`: one quote as a table or as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from i18n.commands import supply
from i18n.errors import SaleRefused
from i18n.landed_cost import LandedCost
from i18n.rulebook import load_rulebook

REFUSED = 3


def options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    supply.add_options(parser)
    parser.add_argument("--json", action="store_true")


def run(wanted: argparse.Namespace) -> int:
    """0 with a quote on standard output, 3 with the rule that refuses."""
    try:
        cost = supply.calculate(wanted)
    except SaleRefused as refusal:
        refuse(refusal, wanted)
        return REFUSED
    print(json.dumps(cost.to_json(), ensure_ascii=False, indent=2) if wanted.json else table(cost))
    return 0


def table(cost: LandedCost) -> str:
    """The quote for people: a line each, the total, and the sources by number."""
    sources: list[str] = []
    rows = []
    for line in cost.lines:
        mark = ""
        if line.source is not None:
            said = f"{line.source.title}, {line.source.url} (checked {line.source.checked})"
            if said not in sources:
                sources.append(said)
            mark = f"[{sources.index(said) + 1}]"
        rate = "" if line.rate is None else f"{(line.rate * 100).normalize():f} %"
        state = "" if line.state.value == "in-force" else f" ({line.state.value})"
        rows.append((line.kind, line.label + state, rate, f"{line.amount.amount}", mark, line.rule))
    width = max(len(row[1]) for row in rows)
    out = [f"{cost.market} on {cost.on}, {cost.currency} ({cost.verdict})", ""]
    out += [
        f"{kind:<10}{label:<{width}}  {rate:>9}  {amount:>12}  {mark:<5}{rule}".rstrip()
        for kind, label, rate, amount, mark, rule in rows
    ]
    out += [f"{'total':<10}{'':<{width}}  {'':>9}  {cost.total.amount:>12}", ""]
    out += [f"[{number}] {said}" for number, said in enumerate(sources, 1)]
    out += [f"Note: {note}" for note in cost.notes]
    out.append(f"Rulebook {cost.rulebook}")
    return "\n".join(out)


def refuse(refusal: SaleRefused, wanted: argparse.Namespace) -> None:
    """Say why not: as JSON on standard output, or in words on standard error."""
    if not getattr(wanted, "json", False):
        print(f"Refused by {refusal.rule}: {refusal.message}", file=sys.stderr)
        if refusal.hint:
            print(refusal.hint, file=sys.stderr)
        return
    rulebook = load_rulebook()
    answer: dict[str, Any] = {
        "market": wanted.market,
        "on": supply.day(wanted).isoformat(),
        "currency": rulebook.market(wanted.market).market.currency,
        "verdict": "refused",
        "lines": [],
        "total": None,
        "rulebook": rulebook.version,
        "rule": refusal.rule,
        "message": refusal.message,
        "hint": refusal.hint,
    }
    print(json.dumps(answer, ensure_ascii=False, indent=2))
