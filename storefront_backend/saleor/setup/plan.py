"""Compares what should exist in a Saleor with what exists there, and carries out the difference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from storefront_backend.saleor.errors import SaleorForbidden, SaleorMisread, SaleorRefused
from storefront_backend.saleor.transport import Saleor

Key = tuple[str, str]  # kind and key


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing that should exist. `fields` are plain values; other things are named by key."""

    kind: str
    key: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """One existing thing. `ours` says whether we made it, and so whether we may change it."""

    key: str
    id: str
    ours: bool
    fields: Mapping[str, Any]


class Action(StrEnum):
    """What is to be done about a wanted thing."""

    CREATE = "create"
    UPDATE = "update"
    KEEP = "keep"
    FOREIGN = "foreign"  # somebody else's, and not as we need it: a person must decide


@dataclass(frozen=True, slots=True)
class SetupStep:
    """One wanted thing with what exists in its place; `differences` as (has, should have)."""

    wanted: Wanted
    found: Found | None
    differences: Mapping[str, tuple[Any, Any]]

    @property
    def action(self) -> Action:
        """What is to be done."""
        if self.found is None:
            return Action.CREATE
        if not self.differences:
            return Action.KEEP
        return Action.UPDATE if self.found.ours else Action.FOREIGN

    def __str__(self) -> str:
        sign = {"create": "+", "update": "~", "keep": "=", "foreign": "!"}[self.action]
        lines = [f"{sign} {self.wanted.kind} {self.wanted.key}"]
        if self.action is Action.CREATE:
            lines += [f"    {name}: {_short(value)}" for name, value in self.wanted.fields.items()]
        else:
            lines += [
                f"    {name}: {_short(has)} → {_short(should)}"
                for name, (has, should) in self.differences.items()
            ]
        return "\n".join(lines)


class Kind(Protocol):
    """One kind of thing in a Saleor."""

    name: str

    def found(self, saleor: Saleor) -> Sequence[Found]:
        """All existing things that could be meant by a key."""

    def create(self, saleor: Saleor, wanted: Wanted, ids: Mapping[Key, str]) -> str:
        """Make it; returns its id. Raises SaleorRefused."""

    def update(self, saleor: Saleor, step: SetupStep, ids: Mapping[Key, str]) -> None:
        """Make it as wanted. Raises SaleorRefused."""


@dataclass(slots=True)
class SetupPlan:
    """Steps in the order in which they depend on each other."""

    steps: list[SetupStep]
    ids: dict[Key, str] = field(default_factory=dict)

    @property
    def changes(self) -> list[SetupStep]:
        """The steps that change something."""
        return [step for step in self.steps if step.action in (Action.CREATE, Action.UPDATE)]

    @property
    def foreign(self) -> list[SetupStep]:
        """The steps that a person must decide."""
        return [step for step in self.steps if step.action is Action.FOREIGN]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What carrying out a step came to; `problem` is empty where it went well."""

    step: SetupStep
    problem: str = ""


def make_plan(saleor: Saleor, wants: Sequence[Wanted], kinds: Sequence[Kind]) -> SetupPlan:
    """Look at the Saleor and say what is to be done. Changes nothing."""
    plan = SetupPlan([])
    for kind in kinds:
        standing = {each.key: each for each in kind.found(saleor)}
        plan.ids |= {(kind.name, key): each.id for key, each in standing.items()}
        for wanted in wants:
            if wanted.kind == kind.name:
                found = standing.get(wanted.key)
                plan.steps.append(SetupStep(wanted, found, _differences(wanted, found)))
    return plan


def carry_out(saleor: Saleor, plan: SetupPlan, kinds: Sequence[Kind]) -> Iterator[Outcome]:
    """Do the steps one by one. What depends on a step that failed fails with its own reason."""
    by_name = {kind.name: kind for kind in kinds}
    for step in plan.changes:
        kind = by_name[step.wanted.kind]
        try:
            if step.action is Action.CREATE:
                key = (kind.name, step.wanted.key)
                plan.ids[key] = kind.create(saleor, step.wanted, plan.ids)
            else:
                kind.update(saleor, step, plan.ids)
        except (SaleorRefused, SaleorForbidden, SaleorMisread) as refusal:
            yield Outcome(step, refusal.message)
        except KeyError as missing:
            yield Outcome(step, f"needs {missing}, which is not there")
        else:
            yield Outcome(step)


def _differences(wanted: Wanted, found: Found | None) -> dict[str, tuple[Any, Any]]:
    if found is None:
        return {}
    differences = {}
    for name, should in wanted.fields.items():
        if name not in found.fields:
            continue  # matters only while it is made
        has = found.fields[name]
        # What others have put into a list besides is theirs to keep.
        is_list = isinstance(should, (list, tuple))
        if not (set(should) <= set(has or ()) if is_list else has == should):
            differences[name] = (has, should)
    return differences


def _short(value: Any) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
    return text if len(text) <= 80 else f"{text[:77]}…"
