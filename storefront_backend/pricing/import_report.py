"""What a run of an import tells, as plain values of a bounded size.

    {"sha256", "rows", "counts": {"create", "update", "unchanged", "withdraw", "held", "errors",
     "warnings", "moves", "left", "retire"}, "problems": [...], "changes": [...], "moves": [...],
     "held": [...], "retired": [...], "truncated": bool}

"left" products are on sale, not in the sheet, and stay; "retire" SKUs would be taken out of sale.

A problem is {code, severity, sheet, cell, column, value, product, sku, message, hint, guess, said};
`said` is what says it in other languages (catalog_import.problems). `groups` are the same problems,
each fault of one value once, with {cells, count}; `recognition` is what each sheet's headers were
taken for (catalog_import.recognition).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from catalog_import.plan import Action, Change
from catalog_import.problems import Group, grouped
from catalog_import.report import moves_json
from storefront_backend.pricing.sheet_import import Checked

_GROUPS, _SHEETS = 500, 20
_PROBLEMS, _CHANGES, _DIFFERENCES, _CODES = 1000, 1000, 40, 1000


def report_of(checked: Checked) -> Mapping[str, Any]:
    """A check with its plan; errors come before warnings where there are too many to keep."""
    result, plan = checked.result, checked.plan
    problems = sorted(result.problems, key=lambda problem: not problem.is_error)
    changes = [change for change in plan.changes if change.action is not Action.UNCHANGED]
    moves = plan.moves
    errors = len(result.errors)
    return {
        "rows": result.rows,
        "counts": {
            **{action.value: plan.count(action) for action in Action},
            "held": len(plan.held),
            "errors": errors,
            "warnings": len(result.problems) - errors,
            "moves": len(moves),
            "left": plan.left,
            "retire": len(plan.retired),
        },
        "retiredShare": checked.retired_share,
        "retired": list(plan.retired[:_CODES]),
        "problems": [problem.to_json() for problem in problems[:_PROBLEMS]],
        "groups": [_group(group) for group in grouped(problems)[:_GROUPS]],
        "recognition": [sheet.to_json() for sheet in result.recognition[:_SHEETS]],
        "changes": [_change(change) for change in changes[:_CHANGES]],
        "moves": moves_json(moves[:_CODES]),
        "held": list(plan.held[:_CODES]),
        "truncated": len(problems) > _PROBLEMS
        or len(changes) > _CHANGES
        or max(len(moves), len(plan.held)) > _CODES,
    }


def _group(group: Group) -> dict[str, Any]:
    return {**group.first.to_json(), "cells": list(group.cells), "count": group.count}


def _change(change: Change) -> dict[str, Any]:
    return {
        "action": change.action.value,
        "product": change.product.code,
        "name": change.product.name,
        "differences": [
            {"field": each.field, "before": each.before, "after": each.after}
            for each in change.differences[:_DIFFERENCES]
        ],
    }
