"""The photographer's studio: soft boxes, black flags, a warm white sweep.

Everything is laid out as seen from the camera: azimuth 0° lies behind the piece, 90° at the
camera's right, 180° at the camera itself; elevation 0° is the horizon, 90° overhead. The lights are
painted into one environment picture, because a path tracer samples that far better than a dozen
lamps, and a polished ring only ever shows them as reflections. Radiance is in arbitrary units: the
exposure is metered on the empty sweep.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.float32]  # (height, width, 3), linear

WARM = (1.0, 0.965, 0.915)
NEUTRAL = (1.0, 0.99, 0.975)
COOL = (0.955, 0.98, 1.02)


@dataclass(frozen=True, slots=True)
class Lamp:
    """A soft box: centre and size in degrees, radiance, and how it falls off.

    `edge` is the width in degrees over which the border fades; `gradient` makes the upper end
    brighter than the lower (0: even, 1: from half to one and a half), which is what draws the long
    gradients along polished metal.
    """

    azimuth: float
    elevation: float
    width: float
    height: float
    radiance: float
    colour: tuple[float, float, float] = NEUTRAL
    edge: float = 6.0
    gradient: float = 0.0


@dataclass(frozen=True, slots=True)
class Flag:
    """A black card that cuts `strength` (0 to 1) of whatever light lies behind it."""

    azimuth: float
    elevation: float
    width: float
    height: float
    strength: float = 0.95
    edge: float = 4.0


# Small hard lamps give stones their sparkle; more than 40 or so times the key, they turn into
# fireflies on the floor that the denoiser smears.
_SPARKS = tuple(
    Lamp(azimuth, elevation, 4.0, 4.0, 42.0, NEUTRAL, 1.5)
    for azimuth, elevation in (
        (148, 40), (-152, 55), (176, 66), (-170, 33), (112, 72), (-100, 74), (30, 70), (-40, 58),
    )
)  # fmt: skip

LAMPS: tuple[Lamp, ...] = (
    Lamp(-92, 46, 54, 46, 13.0, WARM, 9, 0.9),  # key: a large box at the left
    Lamp(-4, 68, 96, 22, 11.0, NEUTRAL, 7, 0.3),  # top: over the piece, a little behind
    Lamp(104, 36, 20, 50, 6.0, COOL, 5, 0.7),  # strip at the right: the second edge of the metal
    Lamp(22, 26, 24, 18, 2.5, NEUTRAL, 6, 0.5),  # rim from behind
    *_SPARKS,
)
FLAGS: tuple[Flag, ...] = (
    Flag(-96, 44, 5, 70, 0.9),  # splits the key in two, the edge that makes gold look like gold
    Flag(60, 40, 26, 70, 0.9),
)
# For pictures from straight above, where flat metal mirrors the ceiling: half as bright as paper,
# so that a coin or a plate is neither a hole nor a blank.
CEILING = Lamp(0, 90, 720, 60, 0.75, NEUTRAL, 24)
AMBIENT = 0.12  # the room itself; 0 makes the shadows of a ring's inside dead black


def environment(
    forward: NDArray[np.float64], height: int = 256, *, ceiling: bool = False
) -> Picture:
    """The lights as an equirectangular picture for a camera looking along `forward`.

    Shape (height, 2 · height, 3). The layout is that of Mitsuba's `envmap`: the left border looks
    along -Z, a quarter to the right along +X, the top is +Y.
    """
    width = 2 * height
    world = (np.arange(width) + 0.5) / width * 360.0
    behind = np.degrees(np.arctan2(forward[0], -forward[2]))
    azimuth = ((world - behind + 180) % 360 - 180)[None, :]
    elevation = (90 - (np.arange(height) + 0.5) / height * 180)[:, None]
    picture = np.full((height, width, 3), AMBIENT) * WARM
    for lamp in (*LAMPS, CEILING) if ceiling else LAMPS:
        mask = _card(azimuth, elevation, lamp)
        slope = 1 + lamp.gradient * (elevation - lamp.elevation) / lamp.height
        picture += (mask * np.clip(slope, 0, None) * lamp.radiance)[..., None] * lamp.colour
    for flag in FLAGS:
        picture *= 1 - flag.strength * _card(azimuth, elevation, flag)[..., None]
    return picture.astype(np.float32)


def _card(
    azimuth: NDArray[np.float64], elevation: NDArray[np.float64], card: Lamp | Flag
) -> NDArray[np.float64]:
    across = np.abs((azimuth - card.azimuth + 180) % 360 - 180)
    up = np.abs(elevation - card.elevation)
    return _inside(across, card.width / 2, card.edge) * _inside(up, card.height / 2, card.edge)


def _inside(distance: NDArray[np.float64], half: float, edge: float) -> NDArray[np.float64]:
    t = np.clip((half - distance) / edge + 0.5, 0, 1)
    smooth: NDArray[np.float64] = t * t * (3 - 2 * t)
    return smooth


@dataclass(frozen=True, slots=True, eq=False)
class Sweep:
    """The paper: positions, faces, normals, and the linear reflectance of each vertex."""

    positions: NDArray[np.float32]
    faces: NDArray[np.uint32]
    normals: NDArray[np.float32]
    reflectance: NDArray[np.float32]


PAPER = (0.80, 0.788, 0.768)
_CARD = 0.10  # the black card on the table between piece and camera, out of the frame


def sweep(radius: float, forward: NDArray[np.float64], floor: float = 0.0) -> Sweep:
    """A floor that curves up into a wall behind; towards the camera it ends in a black card.

    `radius` is that of the piece in scene units. The card begins beyond what the frame shows, and
    gives polished metal its dark lower edge.
    """
    start, bend = 7.0 * radius, 9.0 * radius
    turn = np.linspace(0, np.pi / 2, 24)
    near = np.array([-60.0, -7.0, -6.0, -5.0, -4.0, 0.0]) * radius
    along = np.concatenate([near, start + bend * np.sin(turn), [start + bend]])
    up = np.concatenate([0 * near, bend * (1 - np.cos(turn)), [90 * radius]])
    slope = np.concatenate([0 * near, turn, [np.pi / 2]])
    ahead = np.array([forward[0], 0.0, forward[2]])
    ahead /= np.linalg.norm(ahead)
    side = np.cross(ahead, [0.0, 1.0, 0.0])
    spine = along[:, None] * ahead + (up + floor)[:, None] * np.array([0.0, 1.0, 0.0])
    tilt = np.cos(slope)[:, None] * np.array([0.0, 1.0, 0.0]) - np.sin(slope)[:, None] * ahead
    reach = 90 * radius * side
    positions = np.stack([spine - reach, spine + reach], axis=1).reshape(-1, 3)
    normals = np.repeat(tilt, 2, axis=0)
    share = np.interp(along / radius, [-7.0, -6.0, -5.0, -4.0], [0.0, 0.2, 0.8, 1.0])
    colour = (_CARD + share[:, None] * (1 - _CARD)) * np.array(PAPER)
    first = np.arange(len(along) - 1)[:, None] * 2
    faces = np.concatenate([first + np.array(corners) for corners in ((0, 1, 2), (1, 3, 2))])
    return Sweep(
        positions.astype(np.float32),
        faces.astype(np.uint32),
        normals.astype(np.float32),
        np.repeat(colour, 2, axis=0).astype(np.float32),
    )
