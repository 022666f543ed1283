"""What the readers outside can bear, and how far each output is within it."""

from __future__ import annotations

from dataclasses import dataclass

from showroom.work import Outcome, Output, Verdict


@dataclass(frozen=True, slots=True)
class Budget:
    """Bounds on one kind of output and who states them."""

    kind: str
    bytes: int
    triangles: int
    source: str


# Khronos 3D Commerce asset creation guidelines 1.0: 5 MB, 100,000 triangles. Google's Scene Viewer
# documentation: 10 MB. Apple's AR Quick Look guidance: about 100,000 polygons; no byte limit is
# published, and 10 MB is a mobile connection's patience.
BUDGETS = (
    Budget("web-glb", 5_000_000, 200_000, "Khronos 3D Commerce: 5 MB"),
    Budget("lod-glb", 1_500_000, 100_000, "a third of the web model"),
    Budget("ar-glb", 10_000_000, 100_000, "Scene Viewer: 10 MB; Khronos: 100,000 triangles"),
    Budget("usdz", 10_000_000, 100_000, "Quick Look: about 100,000 polygons"),
)
_BY_KIND = {budget.kind: budget for budget in BUDGETS}


def verdicts(outputs: tuple[Output, ...]) -> tuple[Verdict, ...]:
    """One verdict for each output that has a budget."""
    return tuple(
        _verdict(output, _BY_KIND[output.kind]) for output in outputs if output.kind in _BY_KIND
    )


def _verdict(output: Output, budget: Budget) -> Verdict:
    size = len(output.data)
    within = size <= budget.bytes and output.triangles <= budget.triangles
    return Verdict(
        name=f"budget {output.path}",
        outcome=Outcome.PASS if within else Outcome.DOUBTFUL,
        found=f"{size / 1e6:.2f} MB, {output.triangles:,} triangles",
        expected=f"{budget.bytes / 1e6:g} MB, {budget.triangles:,} triangles",
        tolerance="at most",
        note=budget.source,
    )
