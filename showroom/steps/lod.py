"""Makes the coarser levels that a viewer shows while the finest loads, or far away."""

from __future__ import annotations

from dataclasses import dataclass, replace

from showroom.scene import Scene
from showroom.steps.decimate import Options as Budget
from showroom.steps.decimate import simplified, simplified_to
from showroom.work import Work


@dataclass(frozen=True, slots=True)
class Options:
    """Triangle budgets below the finest level, with the error each may make in millimetres."""

    levels: tuple[tuple[int, float], ...] = ((30_000, 0.06), (8_000, 0.2))
    ar: tuple[int, float] = (100_000, 0.05)  # as Khronos' 3D Commerce guide and Quick Look advise
    worthwhile: float = 0.75  # a level with more than this share of the one above is left out


DEFAULTS = Options()


def lod(work: Work, options: Options = DEFAULTS) -> Work:
    """The work with its coarser levels, finest first; a small piece keeps at least one."""
    budgets = [Budget(triangles, error) for triangles, error in (options.ar, *options.levels)]
    phone, *coarser = simplified_to(work.scene, budgets)
    levels: list[Scene] = []
    above = phone
    for level in coarser:
        if level.triangles <= options.worthwhile * above.triangles:
            levels.append(level)
            above = level
    if not levels:
        half = Budget(triangles=max(work.scene.triangles // 2, 64), error=0.1)
        levels.append(simplified(work.scene, half))
    return replace(work, levels=tuple(levels), ar=phone)
