"""The report of a build, as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from showroom.errors import Problem
from showroom.work import Output, Verdict


@dataclass(frozen=True, slots=True)
class StepEffect:
    """What a step did: triangles drawn, bytes of arrays, and the time it took."""

    name: str
    triangles: int
    bytes: int
    milliseconds: float

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "step": self.name,
            "triangles": self.triangles,
            "bytes": self.bytes,
            "ms": round(self.milliseconds, 1),
        }


@dataclass(frozen=True, slots=True)
class Report:
    """What came in, what was done, what came out, and what is doubtful."""

    input: Mapping[str, Any]
    unit: str
    kind: str
    parts: tuple[Mapping[str, Any], ...] = ()
    measure: Mapping[str, Any] = field(default_factory=dict)
    steps: tuple[StepEffect, ...] = ()
    outputs: tuple[Output, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    problems: tuple[Problem, ...] = ()
    validator: tuple[Mapping[str, Any], ...] = ()
    degradations: tuple[Mapping[str, str], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain values, ready for `json.dumps`."""
        return {
            "input": dict(self.input),
            "unit": self.unit,
            "kind": self.kind,
            "parts": [dict(part) for part in self.parts],
            "measure": dict(self.measure),
            "steps": [step.to_json() for step in self.steps],
            "outputs": [output.to_json() for output in self.outputs],
            "verdicts": [verdict.to_json() for verdict in self.verdicts],
            "problems": [problem.to_json() for problem in self.problems],
            "validator": [dict(one) for one in self.validator],
            "degradations": [dict(one) for one in self.degradations],
        }

    def text(self) -> str:
        """The JSON as it is stored."""
        return json.dumps(self.to_json(), indent=1, ensure_ascii=False) + "\n"


def refusal(name: str, problems: Sequence[Problem]) -> Report:
    """What is said of a file of which nothing was built."""
    return Report(input={"name": name}, unit="", kind="", problems=tuple(problems))
