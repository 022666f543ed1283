"""What a recipe passes from step to step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any

from showroom.declared import Declared
from showroom.errors import Problem
from showroom.hole import Hole
from showroom.scene import Scene


class Outcome(StrEnum):
    """How a check ended."""

    PASS = "pass"  # noqa: S105  no password
    DOUBTFUL = "doubtful"  # a person should look
    FAIL = "fail"
    UNKNOWN = "unknown"  # nothing to compare with


@dataclass(frozen=True, slots=True)
class Verdict:
    """One check: what was found, what was expected, how far apart they may be."""

    name: str
    outcome: Outcome
    found: str
    expected: str = ""
    tolerance: str = ""
    note: str = ""

    def to_json(self) -> dict[str, str]:
        """Plain values."""
        return {
            "name": self.name,
            "outcome": self.outcome.value,
            "found": self.found,
            "expected": self.expected,
            "tolerance": self.tolerance,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Output:
    """A finished file: `data` until it is written.

    `variation` tells files of one kind apart: the currency of a size picture's coin, the columns
    and rows of a sprite ("6x4").
    """

    kind: str  # web-glb lod-glb ar-glb usdz poster turntable sprite size
    path: str
    data: bytes
    triangles: int
    alloy: str = ""
    variation: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain values, without the bytes."""
        plain: dict[str, Any] = {
            "kind": self.kind,
            "path": self.path,
            "bytes": len(self.data),
            "triangles": self.triangles,
        }
        words = {"alloy": self.alloy, "variation": self.variation}
        return plain | {name: word for name, word in words.items() if word}


@dataclass(frozen=True, slots=True)
class Work:
    """A piece on the bench. Steps take one and return another; none changes what it was given.

    `folder` is where `write` puts files: a temporary one, published as a whole at the end.
    `levels` are the scenes coarser than `scene`, finest first.
    """

    scene: Scene
    folder: Path
    declared: Declared = field(default_factory=Declared)
    kind: str = ""
    unit: str = ""  # what the file's numbers were taken to mean
    hole: Hole | None = None  # the finger's, as measured, in scene coordinates
    levels: tuple[Scene, ...] = ()
    ar: Scene | None = None  # what phones' own viewers get, where the finest is too much for them
    alloys: tuple[str, ...] = ()
    outputs: tuple[Output, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    problems: tuple[Problem, ...] = ()
    measure: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    parts: tuple[Mapping[str, Any], ...] = ()  # as the report lists them

    def with_scene(self, scene: Scene) -> Work:
        """The same work over another scene."""
        return replace(self, scene=scene)

    def judged(self, *verdicts: Verdict) -> Work:
        """With further verdicts."""
        return replace(self, verdicts=(*self.verdicts, *verdicts))

    def noted(self, *problems: Problem) -> Work:
        """With further problems that do not stop the build."""
        return replace(self, problems=(*self.problems, *problems))
