"""A recipe: an ordered list of named steps with their options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib import import_module
from typing import Any

from showroom.errors import InvalidRecipe

STEPS = (
    "units", "weld", "repair", "split", "parts", "share", "measure", "orient", "center",
    "decimate", "lod", "materials", "variants", "normals", "compress", "usdz", "write",
    "posters", "comparison", "turntable",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """A step by name and the options that differ from its defaults."""

    name: str
    options: Any

    def run(self, work: Any) -> Any:
        """Apply it."""
        return getattr(_module(self.name), self.name)(work, self.options)


@dataclass(frozen=True, slots=True)
class Recipe:
    """Steps in order; `name` is for the report."""

    name: str
    steps: tuple[Step, ...]

    def without(self, *names: str) -> Recipe:
        """The recipe without some of its steps."""
        return Recipe(self.name, tuple(step for step in self.steps if step.name not in names))

    def then(self, name: str, *steps: str) -> Recipe:
        """A recipe of that name which goes on with further steps."""
        return Recipe(name, (*self.steps, *(step_of(step) for step in steps)))

    def with_options(self, name: str, **options: Any) -> Recipe:
        """The recipe with other options for one step, or InvalidRecipe."""
        changed = tuple(
            step_of(name, options) if step.name == name else step for step in self.steps
        )
        if changed == self.steps and name not in [step.name for step in self.steps]:
            raise InvalidRecipe(f"The recipe has no step {name!r}")
        return Recipe(self.name, changed)

    def to_json(self) -> list[dict[str, Any]]:
        """Plain values, every option spelled out: what decides whether two builds are the same."""
        return [
            {
                "step": step.name,
                "options": {f.name: getattr(step.options, f.name) for f in fields(step.options)},
            }
            for step in self.steps
        ]


def _module(name: str) -> Any:
    if name not in STEPS:
        raise InvalidRecipe(f"There is no step {name!r}", hint=f"Use: {', '.join(STEPS)}")
    return import_module(f"showroom.steps.{name}")


def step_of(name: str, options: Mapping[str, Any] | None = None) -> Step:
    """A step with its defaults, some of them replaced; InvalidRecipe on unknown names."""
    module = _module(name)
    try:
        return Step(name, module.Options(**options) if options else module.DEFAULTS)
    except TypeError as error:
        raise InvalidRecipe(f"The step {name!r} has no such option: {error}") from None


def recipe(name: str, *steps: str) -> Recipe:
    """A recipe of steps with their defaults."""
    return Recipe(name, tuple(step_of(step) for step in steps))
