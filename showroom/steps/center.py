"""Puts the piece on the floor, its middle over the origin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from showroom.work import Work


@dataclass(frozen=True, slots=True)
class Options:
    """`floor`: the height of the lowest point in metres."""

    floor: float = 0.0


DEFAULTS = Options()


def center(work: Work, options: Options = DEFAULTS) -> Work:
    """The scene moved so that it is at the origin."""
    low, high = work.scene.bounds()
    matrix = np.eye(4)
    matrix[:3, 3] = [-(low[0] + high[0]) / 2, options.floor - low[1], -(low[2] + high[2]) / 2]
    return work.with_scene(work.scene.transformed(matrix))
