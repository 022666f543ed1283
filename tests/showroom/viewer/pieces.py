"""Small jewels for the viewer's tests, written as GLB by hand so that every byte is known."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tests.showroom.viewer.brilliant import brilliant

MM = 0.001

#: Linear base colours, only for telling alloys apart; the measured ones are showroom.materials.
ALLOYS: Mapping[str, tuple[float, float, float]] = {
    "gold-750-yellow": (1.0, 0.71, 0.29),
    "gold-750-rose": (0.93, 0.58, 0.43),
    "platinum-950": (0.68, 0.64, 0.59),
}
DIAMOND: dict[str, Any] = {
    "kind": "diamond",
    "ior": 2.417,
    "dispersion": 0.044,
    "absorption": [0, 0, 0],
}
RUBY: dict[str, Any] = {
    "kind": "ruby",
    "ior": 1.766,
    "dispersion": 0.018,
    "absorption": [0.03, 1.1, 0.75],
}


@dataclass
class Part:
    """Triangle corners in millimetres, shape (n, 3, 3), with corner normals of the same shape."""

    name: str
    corners: np.ndarray
    normals: np.ndarray
    stone: dict[str, Any] | None = None


@dataclass
class Piece:
    parts: list[Part] = field(default_factory=list)

    def metal(self, corners: np.ndarray, normals: np.ndarray, name: str = "band") -> Piece:
        self.parts.append(Part(f"metal:gold-750-yellow {name}", corners, normals))
        return self

    def stone(self, corners: np.ndarray, optics: dict[str, Any], name: str = "centre") -> Piece:
        part = Part(f"stone:{optics['kind']} {name}", corners, flat(corners), optics)
        self.parts.append(part)
        return self


def flat(corners: np.ndarray) -> np.ndarray:
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    return np.repeat(normals[:, None], 3, axis=1)


def swept(path: np.ndarray, radii: np.ndarray, sides: int = 24) -> tuple[np.ndarray, np.ndarray]:
    """A tube along a path of shape (n, 3), as thick as `radii` (n,) or (n, 2): across, along z."""
    radii = np.broadcast_to(np.reshape(radii, (len(path), -1)), (len(path), 2))
    ahead = np.gradient(path, axis=0)
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
    z = np.tile([0.0, 0.0, 1.0], (len(path), 1))
    across = np.cross(ahead, z)
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    up = np.cross(across, ahead)
    turn = np.linspace(0, 2 * np.pi, sides + 1)
    cos, sin = np.cos(turn)[None, :, None], np.sin(turn)[None, :, None]
    a, b = radii[:, :1, None], radii[:, 1:, None]
    points = path[:, None] + a * cos * across[:, None] + b * sin * up[:, None]
    normals = cos / a * across[:, None] + sin / b * up[:, None]
    normals /= np.linalg.norm(normals, axis=2, keepdims=True)
    return _quads(points), _quads(normals)


def ring(*, optics: dict[str, Any] = DIAMOND, pave: bool = True) -> Piece:
    """A solitaire: 16.5 mm inside, a one-carat stone in four prongs, a pavé of two rows."""
    inner, thick = 8.25, 0.95
    turn = np.linspace(0, 2 * np.pi, 193)
    centre = inner + thick
    path = np.stack([centre * np.sin(turn), -centre * np.cos(turn), 0 * turn], axis=1)
    width = 1.35 - 0.35 * np.clip(-np.cos(turn), 0, 1)
    piece = Piece().metal(*swept(path, np.stack([np.full_like(width, thick), width], axis=1)))
    seat = centre + 3.6
    for k in range(4):
        side = np.pi / 4 + k * np.pi / 2
        out = np.array([np.cos(side), 0.0, np.sin(side)])
        knots = [
            (1.0, centre + 0.3),
            (2.2, seat - 1.7),
            (3.42, seat - 0.1),
            (3.34, seat + 0.62),
            (2.8, seat + 0.8),
        ]
        t = np.linspace(0, len(knots) - 1, 40)
        r = np.interp(t, range(len(knots)), [a for a, _ in knots])
        y = np.interp(t, range(len(knots)), [b for _, b in knots])
        prong = out * r[:, None] + np.stack([0 * y, y, 0 * y], axis=1)
        taper = np.minimum(1, np.linspace(0, 6, 40)[::-1] + 0.2)
        piece.metal(*swept(prong, 0.42 * taper, 16), name=f"prong {k + 1}")
    for height, radius in ((seat - 1.0, 2.75), (centre + 1.25, 1.55)):
        gallery = np.stack(
            [radius * np.cos(turn), 0 * turn + height, radius * np.sin(turn)], axis=1
        )
        piece.metal(*_torus(gallery, 0.3), name="gallery")
    piece.stone(brilliant(6.5) + np.array([0, seat, 0]), optics)
    if pave:
        small = brilliant(1.15, sides=24)
        rows = []
        for angle in np.radians([*range(20, 62, 8)]):
            for way in (-1, 1):
                tilt = way * angle
                c, s = np.cos(tilt), np.sin(tilt)
                turned = small @ np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
                rows.append(turned + (inner + 2 * thick) * np.array([s, c, 0]))
        piece.stone(np.concatenate(rows), DIAMOND, "pavé")
    return piece


def band() -> Piece:
    """A plain court-shaped band."""
    turn = np.linspace(0, 2 * np.pi, 193)
    path = np.stack([9.2 * np.sin(turn), -9.2 * np.cos(turn), 0 * turn], axis=1)
    return Piece().metal(*swept(path, np.tile([0.9, 2.2], (193, 1)), 40))


def loose(optics: dict[str, Any] = DIAMOND, diameter: float = 6.5) -> Piece:
    return Piece().stone(brilliant(diameter), optics)


def write_glb(piece: Piece, path: Path) -> Path:
    """Writes metres, Y up, one material per alloy with KHR_materials_variants, one per stone."""
    metals = list(ALLOYS)
    materials: list[dict[str, Any]] = [_metal(code) for code in metals]
    blob, views, accessors, meshes, nodes = bytearray(), [], [], [], []

    def put(values: np.ndarray, *, bounds: bool) -> int:
        views.append(
            {"buffer": 0, "byteOffset": len(blob), "byteLength": values.nbytes, "target": 34962}
        )
        blob.extend(values.astype("<f4").tobytes())
        accessor = {
            "bufferView": len(views) - 1,
            "componentType": 5126,
            "count": len(values),
            "type": "VEC3",
        }
        if bounds:
            accessor |= {"min": values.min(0).tolist(), "max": values.max(0).tolist()}
        accessors.append(accessor)
        return len(accessors) - 1

    for part in piece.parts:
        primitive: dict[str, Any] = {
            "attributes": {
                "POSITION": put((part.corners.reshape(-1, 3) * MM).astype("f4"), bounds=True),
                "NORMAL": put(part.normals.reshape(-1, 3).astype("f4"), bounds=False),
            }
        }
        if part.stone:
            materials.append(_stone(part.name, part.stone))
            primitive["material"] = len(materials) - 1
        else:
            primitive["material"] = 0
            mappings = [{"material": i, "variants": [i]} for i in range(len(metals))]
            primitive["extensions"] = {"KHR_materials_variants": {"mappings": mappings}}
        meshes.append({"name": part.name, "primitives": [primitive]})
        nodes.append({"name": part.name, "mesh": len(meshes) - 1})

    document = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": list(range(len(nodes)))}],
        "nodes": nodes,
        "meshes": meshes,
        "materials": materials,
        "accessors": accessors,
        "bufferViews": views,
        "buffers": [{"byteLength": len(blob)}],
        "extensionsUsed": [
            "KHR_materials_ior",
            "KHR_materials_transmission",
            "KHR_materials_variants",
            "KHR_materials_volume",
        ],
        "extensions": {"KHR_materials_variants": {"variants": [{"name": code} for code in metals]}},
    }
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    blob.extend(b"\0" * (-len(blob) % 4))
    total = 12 + 8 + len(text) + 8 + len(blob)
    path.write_bytes(
        struct.pack("<4sII", b"glTF", 2, total)
        + struct.pack("<I4s", len(text), b"JSON")
        + text
        + struct.pack("<I4s", len(blob), b"BIN\0")
        + blob
    )
    return path


def _metal(code: str) -> dict[str, Any]:
    factor = [*ALLOYS[code], 1.0]
    pbr = {"baseColorFactor": factor, "metallicFactor": 1.0, "roughnessFactor": 0.07}
    return {"name": code, "pbrMetallicRoughness": pbr}


def _stone(name: str, optics: dict[str, Any]) -> dict[str, Any]:
    left = np.exp(-4.0 * np.array(optics["absorption"], dtype=float)).tolist()
    return {
        "name": name,
        "pbrMetallicRoughness": {
            "baseColorFactor": [1, 1, 1, 1],
            "metallicFactor": 0,
            "roughnessFactor": 0,
        },
        "extensions": {
            "KHR_materials_transmission": {"transmissionFactor": 1},
            "KHR_materials_ior": {"ior": optics["ior"]},
            "KHR_materials_volume": {
                "thicknessFactor": 0.004,
                "attenuationDistance": 0.004,
                "attenuationColor": left,
            },
        },
        "extras": {"pavilion": {"role": "stone", **optics}},
    }


def _torus(path: np.ndarray, radius: float, sides: int = 16) -> tuple[np.ndarray, np.ndarray]:
    """A ring lying flat: swept() wants its path in the plane of the finger."""
    corners, normals = swept(path[:, [0, 2, 1]], np.full(len(path), radius), sides)
    return corners[:, ::-1][:, :, [0, 2, 1]], normals[:, ::-1][:, :, [0, 2, 1]]


def _quads(grid: np.ndarray) -> np.ndarray:
    a, b = grid[:-1, :-1], grid[1:, :-1]
    c, d = grid[1:, 1:], grid[:-1, 1:]
    both = np.stack([np.stack([a, b, c], axis=2), np.stack([a, c, d], axis=2)], axis=2)
    return both.reshape(-1, 3, 3)
