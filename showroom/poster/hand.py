"""The back of a left hand as a line: how far every point of the paper lies from its outline.

Millimetres; the origin is the middle of the wrist's crease, x points to the thumb, y to the tips.
Its lengths and breadths are means of people measured (hand.toml); the rest is drawn by eye, but for
the finger that wears a ring, which is as thick as the ring is wide.
A hand is a palm and five fingers that flow into one another, so it is described by its distance
field: the line comes out equally fine at every size, and one formula rounds every web.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float64]  # (height, width): millimetres from a line, negative inside
Point = tuple[float, float]

# Where a finger leaves the palm, as a share of the hand's breadth from its middle; how far it leans
# towards the thumb, in degrees; its breadth against the index finger's.
_FINGERS = {"index": (0.345, 5.0, 1.0), "middle": (0.115, 1.4, 1.02), "ring": (-0.115, -2.6, 0.95),
            "little": (-0.355, -8.0, 0.83)}  # fmt: skip
_THICK = (0.104, 0.106, 0.090, 0.074)  # half breadth at root, joints and tip, of the hand's breadth
_KNUCKLE = 0.155  # half breadth of a finger inside the palm: four of them fill it
_RING_AT = 0.26  # of the finger's length above its root: a ring rests on the first phalanx
_JOINTS = (0.45, 0.74)  # of the finger's length
_WRIST_FLATNESS = 0.72  # depth over breadth
_AIR = 0.15  # millimetres between a finger and its ring


@dataclass(frozen=True, slots=True)
class Finger:
    """A chain of joints from the root to the middle of the round tip, and the half breadths."""

    joints: tuple[Point, ...]
    halves: tuple[float, ...]

    @property
    def root(self) -> Point:
        """Where it leaves the palm."""
        return self.joints[0]

    @property
    def along(self) -> NDArray[np.float64]:
        """The unit vector from the root to the tip."""
        way = np.subtract(self.joints[-1], self.root)
        unit: NDArray[np.float64] = way / np.linalg.norm(way)
        return unit


@dataclass(frozen=True, slots=True)
class Hand:
    """A hand of given size, ready to be drawn."""

    name: str
    length: float
    breadth: float
    wrist: float  # breadth, as seen
    fingers: Mapping[str, Finger]

    def ring_at(self) -> tuple[Point, float]:
        """Where a ring sits on the ring finger, and how far that finger leans, in degrees."""
        finger = self.fingers["ring"]
        at = np.add(finger.root, finger.along * _RING_AT * _span(finger))
        lean = float(np.degrees(np.arctan2(finger.along[0], finger.along[1])))
        return (float(at[0]), float(at[1])), lean

    def outline(self, x: Field, y: Field, *, ring_mm: float = 0.0) -> Field:
        """The distance of points from the outline; `ring_mm` is the hole the ring finger fills."""
        palm = _palm(x, y, self)
        digits = [
            _chain(x, y, finger.joints, _filled(finger, ring_mm) if name == "ring" else
                   finger.halves)
            for name, finger in self.fingers.items()
        ]  # fmt: skip
        four, thumb = _joined(digits[:-1], 2.0), digits[-1]
        return _merge(_merge(palm, four, 7.0), thumb, 7.0)

    def creases(self) -> Iterator[Stroke]:
        """The fine lines over the joints."""
        for name, finger in self.fingers.items():
            along, across = _axes(finger)
            rows = [(-2, 0.44, (0.0,)), *([] if name == "thumb" else [(-3, 0.52, (-1.5, 1.5))])]
            for joint, share, steps in rows:
                for step in steps:
                    middle = np.array(finger.joints[joint]) + along * step
                    reach = across * finger.halves[joint] * share
                    yield Stroke(_pair(middle - reach), _pair(middle + reach))

    def nails(self) -> Iterator[Nail]:
        """The nail of every finger."""
        for finger in self.fingers.values():
            yield Nail(finger.joints[-1], _pair(_axes(finger)[0]), finger.halves[-1])


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line."""

    start: Point
    end: Point

    def around(self) -> tuple[float, float, float, float]:
        """Left, low, right, high of a box with room around it."""
        return _box(self.start, self.end, 1.5)

    def distance(self, x: Field, y: Field) -> Field:
        """How far points are from it."""
        return _link(x, y, self.start, self.end, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Nail:
    """A rounded oval at a finger's tip, `half` being half the finger's breadth there."""

    middle: Point
    along: Point
    half: float

    def around(self) -> tuple[float, float, float, float]:
        """Left, low, right, high of a box with room around it."""
        return _box(self.middle, self.middle, 1.3 * self.half)

    def distance(self, x: Field, y: Field) -> Field:
        """About how far points are from its edge."""
        across, up = x - self.middle[0], y - self.middle[1]
        u = (across * self.along[1] - up * self.along[0]) / (self.half * 0.62)
        v = (across * self.along[0] + up * self.along[1]) / (self.half * 0.86)
        oval: Field = (np.abs(u) ** 2.6 + np.abs(v) ** 2.6) ** (1 / 2.6) - 1
        return oval * self.half


def _axes(finger: Finger) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Unit vectors along the last phalanx and across it."""
    way = np.subtract(finger.joints[-1], finger.joints[-2])
    along = way / np.linalg.norm(way)
    return along, np.array([along[1], -along[0]])


def _box(a: Point, b: Point, room: float) -> tuple[float, float, float, float]:
    (left, low), (right, high) = np.minimum(a, b) - room, np.maximum(a, b) + room
    return float(left), float(low), float(right), float(high)


@cache
def hands() -> tuple[Hand, ...]:
    """The hands of hand.toml, the smaller first."""
    raw = tomllib.loads((Path(__file__).parent / "hand.toml").read_text(encoding="utf-8"))
    return tuple(_hand(means, raw) for means in raw["means"])


def fitting(ring_mm: float = 0.0, bangle_mm: float = 0.0) -> Hand:
    """The hand that a ring or a bangle of that inner diameter is likelier made for."""
    smaller, larger = hands()
    # Between the two means' ring sizes: a circumference of 58 mm; and a 66 mm bangle passes both.
    return larger if ring_mm > 58 / np.pi or bangle_mm > 66 else smaller


def _hand(means: Mapping[str, Any], raw: Mapping[str, Any]) -> Hand:
    shares = raw["proportions"]
    length, breadth, palm = (float(means[key]) for key in ("length", "breadth", "palm"))
    grown = (length - palm) / shares["middle"]["length"]
    tips = {"middle": length}
    for name, above in (("index", "middle"), ("ring", "middle"), ("little", "ring"),
                        ("thumb", "index")):  # fmt: skip
        tips[name] = tips[above] - shares[name]["below"] * grown
    fingers = {}
    for name, (share, lean, thick) in _FINGERS.items():
        reach = shares[name]["length"] * grown
        root = (share * breadth, tips[name] - reach * float(np.cos(np.radians(lean))))
        fingers[name] = _finger(root, lean, reach, thick * breadth)
    fingers["thumb"] = _thumb(breadth, tips["thumb"], shares["thumb"]["length"] * grown)
    wrist = float(means["wrist"]) / (np.pi * (1 + _WRIST_FLATNESS) / 2)
    return Hand(means["name"], length, breadth, wrist, fingers)


def _finger(root: Point, lean: float, reach: float, breadth: float) -> Finger:
    along = np.array([np.sin(np.radians(lean)), np.cos(np.radians(lean))])
    halves = tuple(half * breadth for half in _THICK)
    ways = (0.0, *(share * reach for share in _JOINTS), reach - halves[-1])
    return Finger(tuple(_pair(np.add(root, along * way)) for way in ways), halves)


def _thumb(breadth: float, tip: float, reach: float) -> Finger:
    end = 0.088 * breadth
    top = np.array([0.80 * breadth, tip - end])
    root = np.array([0.60 * breadth, tip - reach * 0.96])
    joint = root + (top - root) * 0.44
    halves = (0.112 * breadth, 0.111 * breadth, end)
    return Finger((_pair(root), _pair(joint), _pair(top)), halves)


def _filled(finger: Finger, ring_mm: float) -> Sequence[float]:
    """The halves of a finger that fills a ring's hole where the ring sits."""
    if not ring_mm:
        return finger.halves
    share = _RING_AT / _JOINTS[0]
    here = (1 - share) * finger.halves[0] + share * finger.halves[1]
    return tuple(half * (ring_mm / 2 - _AIR) / here for half in finger.halves)


def _palm(x: Field, y: Field, hand: Hand) -> Field:
    """Four bones that spread from the wrist to the fingers, the ball of the thumb, and the arm."""
    wrist, half = hand.wrist / 2, _KNUCKLE * hand.breadth
    bones = []
    for name in _FINGERS:
        root = hand.fingers[name].root
        start = (root[0] * 0.50, 0.10 * root[1])
        thin = half * (0.85 if name == "little" else 1.0)
        end = (root[0], root[1] - 1.1 * half)
        bones.append(_link(x, y, start, end, wrist - abs(start[0]) - 2.5, thin))
    thumb = hand.fingers["thumb"]
    ball = _link(x, y, (0.14 * hand.breadth, 0.16 * hand.length), thumb.root,
                 0.24 * hand.breadth, thumb.halves[0])  # fmt: skip
    arm = _link(x, y, (0.0, 0.0), (0.0, -2 * hand.length), wrist, wrist * 1.9)
    return _merge(_merge(_joined(bones, 9.0), ball, 20.0), arm, 18.0)


def _chain(x: Field, y: Field, joints: Sequence[Point], halves: Sequence[float]) -> Field:
    links = [
        _link(x, y, joints[i], joints[i + 1], halves[i], halves[i + 1])
        for i in range(len(joints) - 1)
    ]
    return _joined(links, 1.8)


def _link(x: Field, y: Field, a: Point, b: Point, start: float, end: float) -> Field:
    """Distance to a rounded stroke that is `start` half broad at a and `end` at b."""
    across, up = b[0] - a[0], b[1] - a[1]
    share = np.clip(((x - a[0]) * across + (y - a[1]) * up) / (across**2 + up**2), 0, 1)
    near = np.hypot(x - a[0] - share * across, y - a[1] - share * up)
    distance: Field = near - (start + (end - start) * share)
    return distance


def _joined(fields: Sequence[Field], round_mm: float) -> Field:
    together = fields[0]
    for field in fields[1:]:
        together = _merge(together, field, round_mm)
    return together


def _merge(a: Field, b: Field, round_mm: float) -> Field:
    """The union of two shapes with a fillet: the polynomial smooth minimum."""
    blend = np.maximum(round_mm - np.abs(a - b), 0.0)
    merged: Field = np.minimum(a, b) - blend * blend / (4 * round_mm)
    return merged


def _span(finger: Finger) -> float:
    return float(np.linalg.norm(np.subtract(finger.joints[-1], finger.root)))


def _pair(vector: NDArray[np.float64]) -> Point:
    return float(vector[0]), float(vector[1])
