"""Decides what the file's numbers mean, and makes them metres.

The brand's word counts first, the file's own second, a rule of thumb last; each is held against how
large such a piece can be. A unit that makes the piece impossible is never shipped.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from showroom import kinds
from showroom.errors import Problem, Unmeasurable
from showroom.hole import Hole, find
from showroom.work import Outcome, Verdict, Work


@dataclass(frozen=True, slots=True)
class Options:
    """`diameter_tolerance`: how far off a declared inner diameter, or the longest declared side,
    may be and still tell the unit.
    """

    diameter_tolerance: float = 0.06


DEFAULTS = Options()


def units(work: Work, options: Options = DEFAULTS) -> Work:
    """The scene in metres. Raises Unmeasurable (`wrong_unit`) when no unit makes sense."""
    hole = find(work.scene)
    sides = work.scene.extents()
    extent = float(sides.max())
    unit, verdict, problems = _choose(work, hole, sides, options)
    factor = kinds.MILLIMETRES[unit]
    hole_mm = kinds.scaled(hole, factor)
    kind = work.declared.kind or kinds.guess(extent * factor, hole_mm or 0.0, hole)
    matrix = np.diag([factor / 1000, factor / 1000, factor / 1000, 1.0])
    scene = replace(work.scene.transformed(matrix), unit="m")
    if hole is not None:
        metres = factor / 1000
        hole = replace(hole, centre=hole.centre * metres, diameter=hole.diameter * metres)
    return (
        replace(work, scene=scene, kind=kind, unit=unit, hole=hole).judged(verdict).noted(*problems)
    )


def _choose(
    work: Work, hole: Hole | None, sides: NDArray[np.float64], options: Options
) -> tuple[str, Verdict, tuple[Problem, ...]]:
    kind, extent = work.declared.kind, float(sides.max())
    fitting = [unit for unit in kinds.LIKELY if _fits(kind, extent, hole, unit)]
    if work.declared.inner_diameter_mm is not None and hole is not None:
        wanted = float(work.declared.inner_diameter_mm)
        fitting = [
            unit
            for unit in fitting
            if abs(hole.diameter * kinds.MILLIMETRES[unit] - wanted)
            <= options.diameter_tolerance * wanted
        ]
    elif by_sides := _units_by_sides(work, sides, fitting, options):
        fitting = by_sides
    stated = work.declared.unit or work.scene.unit
    if stated and _fits(kind, extent, hole, stated):
        source = "declared by the brand" if work.declared.unit else "stated in the file"
        return stated, Verdict("unit", Outcome.PASS, stated, note=source), ()
    if stated:
        raise Unmeasurable(_impossible(kind, extent, stated), hint=_fix(fitting))
    rule = work.scene.convention
    if rule and rule in fitting:
        note = f"{rule} by the format's own rule, and plausible"
        return rule, Verdict("unit", Outcome.PASS, rule, note=note), ()
    if not fitting:
        raise Unmeasurable(_impossible(kind, extent, ""), hint=_fix(fitting))
    return _assumed(kind, extent, rule, fitting)


def _units_by_sides(
    work: Work, sides: NDArray[np.float64], fitting: list[str], options: Options
) -> list[str]:
    """The units in which the longest declared side is one of the piece's; none of them: no help."""
    declared = [float(side) for side in work.declared.dimensions_mm.values()]
    if not declared or max(declared) <= 0:
        return []
    room = options.diameter_tolerance * max(declared)
    return [
        unit
        for unit in fitting
        if np.abs(sides * kinds.MILLIMETRES[unit] - max(declared)).min() <= room
    ]


def _assumed(
    kind: str, extent: float, rule: str, fitting: list[str]
) -> tuple[str, Verdict, tuple[Problem, ...]]:
    unit = fitting[0]
    size = extent * kinds.MILLIMETRES[unit]
    sure = len(fitting) == 1 or (unit == "mm" and not rule)
    others = ", ".join(fitting[1:])
    note = f"assumed: {size:.1f} mm is a plausible {kind or 'piece'}"
    if rule:
        note += f"; {rule} as written would be {extent * kinds.MILLIMETRES[rule] / 1000:.2f} m"
    if others:
        note += f"; {others} would be possible as well"
    problem = Problem(
        "unit_assumed",
        f"The file does not say its unit reliably; {unit} was assumed.",
        "State the unit with the upload, or send 3DM, 3MF or STEP, which carry it.",
    )
    outcome = Outcome.PASS if sure and not rule else Outcome.DOUBTFUL
    return unit, Verdict("unit", outcome, unit, note=note), (problem,)


def _fits(kind: str, extent: float, hole: Hole | None, unit: str) -> bool:
    factor = kinds.MILLIMETRES[unit]
    return kinds.plausible(kind, extent * factor, kinds.scaled(hole, factor))


def _impossible(kind: str, extent: float, unit: str) -> str:
    if not unit:
        return f"No unit makes this a {kind or 'piece of jewellery'}: it is {extent:g} units large."
    size = extent * kinds.MILLIMETRES[unit]
    shown = f"{size:.1f} mm" if size < 1000 else f"{size / 1000:.2f} m"
    return f"In {unit} the {kind or 'piece'} would be {shown} large, which cannot be."


def _fix(fitting: list[str]) -> str:
    if fitting:
        return f"The numbers fit {' or '.join(fitting)}: correct the unit in the file or state it."
    return "Check the scale and the kind of piece, and export it at true size."
