"""Measures the piece and holds it against what the brand declares."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from showroom import measure as tape
from showroom.band import thinnest
from showroom.errors import Problem
from showroom.hole import find
from showroom.materials import UnknownMaterial, load
from showroom.scene import Role
from showroom.work import Outcome, Verdict, Work


@dataclass(frozen=True, slots=True)
class Options:
    """Tolerances. Inner diameter in mm: half an ISO size (1 mm of circumference). Weight and carat
    as shares: casting and polishing take 5 to 10 % off a CAD volume. Sides as a share, but never
    less than what a caliper held askew is off by.
    """

    diameter_mm: float = 0.16
    weight: float = 0.12
    carat: float = 0.10
    side: float = 0.04
    side_mm: float = 0.3


DEFAULTS = Options()
_WITH_HOLE = ("ring", "bangle")
_GEMS = (Role.STONE, Role.JADE, Role.PEARL)
_WORN_CLOSED = ("chain", "necklace", "bracelet")
_UNITS_APART = (10.0, 25.4, 1000.0)  # cm, inches and metres taken for mm, or the other way around


def measure(work: Work, options: Options = DEFAULTS) -> Work:
    """The work with its measures and verdicts."""
    parts = tape.measured(work.scene)
    size = work.scene.extents() * 1000
    found: dict[str, Any] = {
        "kind": work.kind,
        "size_mm": [round(float(side), 3) for side in size],
        "parts": [part.to_json() for part in parts],
        "metal_volume_mm3": round(sum(p.volume_mm3 for p in parts if p.role is Role.METAL), 3),
        "watertight": all(part.watertight for part in parts),
    }
    verdicts = [_watertight(parts)]
    hole = work.hole
    if work.kind in _WITH_HOLE and any(part.role is not Role.METAL for part in work.scene.parts):
        hole = find(work.scene)  # again without the stones: a culet may reach into the hole
    if hole is not None and work.kind in _WITH_HOLE:
        diameter = hole.diameter * 1000
        found["inner_diameter_mm"] = round(diameter, 3)
        found["inner_circumference_mm"] = round(tape.circumference_mm(diameter), 2)
        if work.kind == "ring":
            found["ring_size"] = tape.ring_sizes(diameter)
        band = thinnest(work.scene, hole)
        if band is not None:
            width, thickness = round(band.width * 1000, 2), round(band.thickness * 1000, 2)
            found["thinnest_band_mm"] = {"width": width, "thickness": thickness}
        verdicts.append(_diameter(diameter, work, options))
    verdicts += _side_verdicts(work, options)
    grams = _weights(parts, work)
    if grams:
        found["grams"] = grams
        verdicts += _weight_verdicts(grams, work, options)
    carats = _carats(parts, work)
    if carats:
        found["carat"] = carats
        verdicts += _carat_verdicts(carats, parts, work, options)
    problems = []
    if not found["watertight"]:
        names = ", ".join(part.name for part in parts if not part.watertight)[:200]
        problems.append(
            Problem(
                "not_watertight",
                f"Some surfaces do not close: {names}. Volume and weight are estimates.",
                "Close the solids in CAD (naked edges, duplicate faces) and export again.",
            )
        )
    return replace(work, measure=found, hole=hole).judged(*verdicts).noted(*problems)


def _watertight(parts: tuple[tape.Measured, ...]) -> Verdict:
    closed = sum(part.watertight for part in parts)
    outcome = Outcome.PASS if closed == len(parts) else Outcome.DOUBTFUL
    return Verdict("watertight", outcome, f"{closed} of {len(parts)} parts", f"{len(parts)}")


def _diameter(found: float, work: Work, options: Options) -> Verdict:
    wanted = work.declared.inner_diameter_mm
    if wanted is None:
        return Verdict("inner diameter", Outcome.UNKNOWN, f"{found:.2f} mm")
    off = abs(found - float(wanted))
    outcome = Outcome.PASS if off <= options.diameter_mm else Outcome.FAIL
    return Verdict(
        "inner diameter", outcome, f"{found:.2f} mm", f"{wanted} mm", f"{options.diameter_mm} mm"
    )


def _side_verdicts(work: Work, options: Options) -> list[Verdict]:
    """Every declared side compared with the piece's nearest; which way it was measured is unknown.

    A side that is off by the factor between two units, or larger than the whole piece, contradicts
    the file. One that is merely met by no side may be that of a part, and wants a look. A chain's
    length is that of the opened chain, which no box tells.
    """
    sides = np.sort(work.scene.extents() * 1000)
    verdicts = []
    for name, wanted in work.declared.dimensions_mm.items():
        length = float(wanted)
        if length <= 0 or (name == "length" and work.kind in _WORN_CLOSED):
            continue
        room = max(options.side * length, options.side_mm)
        nearest = float(sides[np.abs(sides - length).argmin()])
        outcome, note = Outcome.PASS, ""
        if abs(nearest - length) > room:
            apart = _units_apart(sides, length, options.side)
            too_long = length > sides[-1] + room
            outcome = Outcome.FAIL if apart or too_long else Outcome.DOUBTFUL
            note = f"{apart:g} times apart: is the file's unit right?" if apart else ""
        verdicts.append(
            Verdict(name, outcome, f"{nearest:.2f} mm", f"{wanted} mm", f"{room:.2g} mm", note)
        )
    return verdicts


def _units_apart(sides: NDArray[np.float64], length: float, share: float) -> float:
    """The factor between two units by which a side misses a length, or 0."""
    for factor in _UNITS_APART:
        for wanted in (length * factor, length / factor):
            if np.abs(sides - wanted).min() <= share * wanted:
                return factor
    return 0.0


def _weights(parts: tuple[tape.Measured, ...], work: Work) -> dict[str, float]:
    """Grams of all metal in each alloy that is sold, and in what the file itself names."""
    volume = sum(part.volume_mm3 for part in parts if part.role is Role.METAL)
    named = [part.material for part in parts if part.role is Role.METAL and part.material]
    codes = dict.fromkeys((*work.declared.alloys, *work.declared.grams, *named))
    library = load()
    grams = {}
    for code in codes:
        try:
            density = library.alloy(code).density_g_cm3
        except UnknownMaterial:
            continue
        grams[code] = round(volume / 1000 * density, 3)
    return grams


def _weight_verdicts(grams: dict[str, float], work: Work, options: Options) -> list[Verdict]:
    verdicts = []
    for code, found in grams.items():
        wanted = work.declared.grams.get(code)
        if wanted is None:
            verdicts.append(Verdict(f"weight {code}", Outcome.UNKNOWN, f"{found:.2f} g"))
            continue
        outcome = _within(found, wanted, options.weight)
        share = f"{options.weight:.0%}"
        verdicts.append(Verdict(f"weight {code}", outcome, f"{found:.2f} g", f"{wanted} g", share))
    return verdicts


def _carats(parts: tuple[tape.Measured, ...], work: Work) -> dict[str, float]:
    """Carats by kind of stone, from volume and density."""
    library = load()
    carats: dict[str, float] = {}
    for part in parts:
        if part.role not in _GEMS:
            continue
        kind = _kind_of(part, work)
        try:
            density = library.stone(kind).density_g_cm3
        except UnknownMaterial:
            continue
        grams = part.volume_mm3 / 1000 * density
        carats[kind] = round(carats.get(kind, 0.0) + grams / tape.CARAT_GRAMS, 4)
    return carats


def _kind_of(part: tape.Measured, work: Work) -> str:
    """The stone's own kind; of a nameless one the only kind declared, else diamond."""
    declared = tuple(dict.fromkeys(stone.kind for stone in work.declared.stones))
    return part.material or (declared[0] if len(declared) == 1 else "diamond")


def _carat_verdicts(
    carats: dict[str, float], parts: tuple[tape.Measured, ...], work: Work, options: Options
) -> list[Verdict]:
    verdicts = []
    for kind in dict.fromkeys((*carats, *(stone.kind for stone in work.declared.stones))):
        wanted = [stone for stone in work.declared.stones if stone.kind == kind]
        found = carats.get(kind, 0.0)
        if not wanted:
            verdicts.append(Verdict(f"carat {kind}", Outcome.UNKNOWN, f"{found:.3f} ct"))
            continue
        total = sum((stone.carat for stone in wanted), Decimal(0))
        outcome = _within(found, total, options.carat)
        share = f"{options.carat:.0%}"
        verdicts.append(Verdict(f"carat {kind}", outcome, f"{found:.3f} ct", f"{total} ct", share))
        gems = [part for part in parts if part.role in _GEMS and _kind_of(part, work) == kind]
        count = sum(part.pieces for part in gems)
        expected = sum(stone.count for stone in wanted)
        if count:
            same = Outcome.PASS if count == expected else Outcome.DOUBTFUL
            verdicts.append(Verdict(f"count {kind}", same, str(count), str(expected), "0"))
    return verdicts


def _within(found: float, wanted: Decimal, share: float) -> Outcome:
    off = abs(found - float(wanted)) / float(wanted) if wanted else 1.0
    if off <= share:
        return Outcome.PASS
    return Outcome.DOUBTFUL if off <= 2 * share else Outcome.FAIL
