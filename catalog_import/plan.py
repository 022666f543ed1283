"""What an import would change, told before anything is written; then the writing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from catalog_import.checks import CheckResult
from catalog_import.drafts import PriceDraft, ProductDraft, VariantDraft
from catalog_import.errors import PlanRefused
from catalog_import.problems import Problem
from catalog_import.sink import Sink

__all__ = [
    "Action",
    "Change",
    "Difference",
    "ImportReport",
    "Plan",
    "PriceDraft",
    "ProductDraft",
    "VariantDraft",
    "apply",
    "plan",
    "plan_check",
]


class Action(StrEnum):
    """What is to be done with a product."""

    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that changes; `before` or `after` is None where it is not there.

    `field` is a path as "names.en" or "variants[RING-1-52].passport.metals[0].grams".
    """

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Change:
    """One product and what happens to it; `product` is the new state, or the last on withdrawal."""

    action: Action
    product: ProductDraft
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Every change, in the sheet's order with withdrawals last, and the problems behind it."""

    changes: tuple[Change, ...]
    problems: tuple[Problem, ...] = ()

    def count(self, action: Action) -> int:
        """How many products that action meets."""
        return sum(change.action is action for change in self.changes)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an applied plan did, by product code; `held` are those left alone for their errors."""

    created: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def plan(
    products: Sequence[ProductDraft],
    existing: Mapping[str, ProductDraft],
    *,
    problems: Sequence[Problem] = (),
    withdraw_missing: bool = True,
) -> Plan:
    """Compare drafts with what is there. Writes nothing.

    An existing product that the sheet lacks is withdrawn, unless one of the `problems` is an error
    of that very product: a product with an error is neither updated nor withdrawn.
    """
    changes = [_change(product, existing.get(product.code)) for product in products]
    if withdraw_missing:
        held = {problem.product for problem in problems if problem.is_error}
        listed = {product.code for product in products} | held
        changes += [
            Change(Action.WITHDRAW, existing[code]) for code in sorted(existing.keys() - listed)
        ]
    return Plan(tuple(changes), tuple(problems))


def plan_check(
    result: CheckResult, existing: Mapping[str, ProductDraft], *, withdraw_missing: bool = True
) -> Plan:
    """The plan of a checked file. Nothing is withdrawn when some row's product is not known."""
    return plan(
        result.products,
        {code: draft for code, draft in existing.items() if code not in result.held},
        problems=result.problems,
        withdraw_missing=withdraw_missing and not result.codes_unread,
    )


def apply(plan: Plan, sink: Sink, *, only_valid: bool = False) -> ImportReport:
    """Write a plan, product by product; each is atomic, so a killed import is simply run again.

    Raises PlanRefused, with nothing written, when the plan has errors and not `only_valid`.
    """
    errors = [problem for problem in plan.problems if problem.is_error]
    if errors and not only_valid:
        raise PlanRefused(
            f"The sheet has {len(errors)} errors; nothing was written",
            hint="Cure them, or apply the valid products alone",
        )
    for change in plan.changes:
        if change.action is Action.WITHDRAW:
            sink.withdraw(change.product.code)
        elif change.action is not Action.UNCHANGED:
            sink.put(change.product)
    done = {
        action: tuple(c.product.code for c in plan.changes if c.action is action)
        for action in Action
    }
    return ImportReport(
        created=done[Action.CREATE],
        updated=done[Action.UPDATE],
        unchanged=done[Action.UNCHANGED],
        withdrawn=done[Action.WITHDRAW],
        held=tuple(sorted({problem.product for problem in errors if problem.product})),
        problems=plan.problems,
    )


def _change(product: ProductDraft, before: ProductDraft | None) -> Change:
    if before is None:
        return Change(Action.CREATE, product)
    if before == product:
        return Change(Action.UNCHANGED, product)
    old, new = dict(_flat(before.to_json())), dict(_flat(product.to_json()))
    differences = tuple(
        Difference(path, old.get(path), new.get(path))
        for path in dict.fromkeys((*old, *new))
        if old.get(path) != new.get(path)
    )
    return Change(Action.UPDATE, product, differences)


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every leaf with its path; variants are named by SKU, so that their order does not matter."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _flat(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and path == "variants":
        yield "variants order", ", ".join(item["sku"] for item in value)
        for item in value:
            yield from _flat(item, f"{path}[{item['sku']}]")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _flat(item, f"{path}[{index}]")
    else:
        yield path, value
