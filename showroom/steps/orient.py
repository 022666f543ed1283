"""Turns the piece upright: Y up, its front towards +Z, a ring on its band with the head on top."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from showroom import facing
from showroom.hole import find
from showroom.scene import Role, Scene, box
from showroom.work import Work

_Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Options:
    """`flat`: a piece thinner than this share of its other sides shows its flat side as front."""

    flat: float = 0.6


DEFAULTS = Options()
_WITH_HOLE = ("ring", "bangle")


def orient(work: Work, options: Options = DEFAULTS) -> Work:
    """The scene turned; sizes and shape stay."""
    held = work.kind in _WITH_HOLE
    turn = _standing(work) if held else _upright(work.scene, work.kind, options)
    matrix = np.eye(4)
    matrix[:3, :3] = turn
    return work.with_scene(replace(work.scene.transformed(matrix), up="y"))


def _standing(work: Work) -> _Array:
    hole = work.hole or find(work.scene)
    if hole is None:
        return _upright(work.scene, work.kind, DEFAULTS)
    front = hole.axis
    up = _head(work.scene, hole.centre)
    up = up - front * (up @ front)
    if np.linalg.norm(up) < 0.02 * hole.diameter:  # a plain band has no top: keep the file's
        up = {"z": np.array([0.0, 0, 1]), "y": np.array([0.0, 1, 0])}.get(work.scene.up, front)
        up = up - front * (up @ front)
        if np.linalg.norm(up) < 0.5:
            up = np.eye(3)[1 if abs(front[1]) < 0.5 else 2]
            up = up - front * (up @ front)
    up = up / np.linalg.norm(up)
    return _snapped(np.stack([np.cross(up, front), up, front]))


def _head(scene: Scene, centre: _Array) -> _Array:
    """From the hole's centre towards the stones or, without stones, towards the heavier side."""
    stones = [p.mean(0) for part, p, _, _ in scene.placed() if part.role is not Role.METAL]
    everything = np.concatenate([p for _, p, _, _ in scene.placed()])
    if stones and any(part.role is Role.STONE for part in scene.parts):
        largest = [p for part, p, _, _ in scene.placed() if part.role is Role.STONE]
        extent = [float(np.ptp(p, axis=0).max()) for p in largest]
        top = np.mean(
            [p.mean(0) for p, e in zip(largest, extent, strict=True) if e > 0.8 * max(extent)], 0
        )
        if np.linalg.norm(top - centre) > 0.1 * max(extent):
            return np.asarray(top - centre, np.float64)
    # The farthest point from the hole: where the head is.
    low, high = box(everything)
    middle = (high + low) / 2 - centre
    if np.linalg.norm(middle) > 0:
        return np.asarray(middle, np.float64)
    return np.asarray((everything - centre).mean(0), np.float64)


def _upright(scene: Scene, kind: str, options: Options) -> _Array:
    size = scene.extents()
    thin = int(np.argmin(size))
    flat = bool(size[thin] < options.flat * np.delete(size, thin).min())
    # glTF states its axes; every other format has only the habits of its users.
    front = None if scene.convention == "m" else facing.front(scene, thin if flat else None)
    if front is not None:
        top = facing.narrow_end(scene, front) if kind == "pendant" else None
        top = _file_up(scene, front) if top is None else top
        return np.stack([np.cross(top, front), top, front])
    up = {"y": 1, "z": 2}.get(scene.up, 2)
    if thin == up and flat:
        # Modelled lying down: what faces up is the front, the longer side stands.
        front = np.eye(3)[thin]
        top = np.eye(3)[{2: 1, 1: 2, 0: 1}[thin]] * (1 if thin != 1 else -1)
        return np.stack([np.cross(top, front), top, front])
    if scene.up == "y":
        return np.eye(3)
    return np.array([[1.0, 0, 0], [0, 0, 1], [0, -1, 0]])  # Z up to Y up


def _file_up(scene: Scene, front: _Array) -> _Array:
    """The file's up axis or, where the piece looks along it, the top of the view from there."""
    along = int(np.argmax(np.abs(front)))
    # Looking along Z is being seen from above, as drawn in the top view: there Y is up.
    up = {2: 1, 1: 2}.get(along, 1 if scene.up == "y" else 2)
    return np.asarray(np.eye(3)[up], np.float64)


def _snapped(turn: _Array) -> _Array:
    # A turn within a hair of the axes is meant to be along them: keeps bytes and planes exact.
    rounded = np.rint(turn)
    return rounded if np.abs(turn - rounded).max() < 1e-4 else turn
