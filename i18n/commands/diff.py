"""`landed-cost diff --from … --to …`: what a change of law does to a basket of cases.

Each side is a day (the current rulebook, on that day), a folder of rules, or a git revision.
The basket is every worked example beside the rules. Exit 0 when nothing changes, 1 when something
does.
"""

from __future__ import annotations

import argparse
import io
import json
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from i18n.errors import SaleRefused, UnknownCode
from i18n.landed_cost import landed_cost
from i18n.rulebook import FOLDER, Rulebook, load_rulebook
from i18n.rulebook.examples import MarketExample, load_examples

CHANGED = 1


@dataclass(frozen=True, slots=True)
class Side:
    """A rulebook, and the day to ask it about; without one each case keeps its own."""

    rulebook: Rulebook
    on: date | None = None

    def of(self, case: MarketExample) -> dict[str, str]:
        """What a case comes to: amounts by rule and the total, or the rule that refuses."""
        try:
            cost = landed_cost(
                case.supply,
                self.rulebook,
                self.on or case.expects.on,
                accept_disputed={"*"},
                rates=case.expects.rates,
            )
        except SaleRefused as refusal:
            return {"refused": refusal.rule}
        except UnknownCode:
            return {"refused": "no such market"}
        amounts: dict[str, Any] = {}
        for line in cost.lines:
            if line.rule:
                amounts[line.rule] = amounts.get(line.rule, 0) + line.amount.amount
        return {rule: str(amount) for rule, amount in amounts.items()} | {
            "total": f"{cost.total.amount} {cost.currency}"
        }


def options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    for name in ("--from", "--to"):
        parser.add_argument(
            name, required=True, dest=f"side_{name[2:]}", help="a day, a folder or a git revision"
        )
    parser.add_argument("--market", help="only this market")
    parser.add_argument("--json", action="store_true")


def run(wanted: argparse.Namespace) -> int:
    """0 when no case changes, 1 with the cases that do."""
    before, after = side(wanted.side_from), side(wanted.side_to)
    current = load_rulebook()
    cases = load_examples(FOLDER, {m.code: m.currency for m in current.markets})
    changes = [
        (case, was, now)
        for case in cases
        if wanted.market in (None, case.market)
        and (was := before.of(case)) != (now := after.of(case))
    ]
    if wanted.json:
        print(json.dumps(
            [{"market": c.market, "case": c.expects.name, "from": was, "to": now}
             for c, was, now in changes],
            ensure_ascii=False, indent=2,
        ))  # fmt: skip
    else:
        for case, was, now in changes:
            print(case)
            for name in dict.fromkeys([*was, *now]):
                if was.get(name) != now.get(name):
                    print(f"    {name}: {was.get(name, '-')} → {now.get(name, '-')}")
        print(f"{len(changes)} of {len(cases)} cases change")
    return CHANGED if changes else 0


def side(named: str) -> Side:
    """The rulebook that a day, a folder or a git revision names."""
    try:
        return Side(load_rulebook(), date.fromisoformat(named))
    except ValueError:
        pass
    if Path(named).is_dir():
        return Side(load_rulebook(Path(named)))
    if named.startswith("-"):
        raise UnknownCode(f"{named!r} is no day, folder or git revision")
    # The revision is one argument of its own and cannot be an option (checked above).
    packed = subprocess.run(  # noqa: S603
        ["git", "archive", "--format=tar", named, "."],  # noqa: S607 - git is found by PATH
        cwd=FOLDER, capture_output=True, check=False,
    )  # fmt: skip
    if packed.returncode:
        raise UnknownCode(
            f"{named!r} is no day, folder or git revision",
            hint=packed.stderr.decode(errors="replace").strip(),
        )
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
            archive.extractall(folder, filter="data")
        for python in Path(folder).glob("*.py"):
            python.unlink()
        return Side(load_rulebook(Path(folder)))
