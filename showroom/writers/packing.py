"""Meshes as compact arrays: positions on a grid of 16-bit steps, normals, meshopt streams."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from showroom import tool
from showroom.scene import Mesh, Part, Role, Scene


@dataclass(frozen=True, slots=True, eq=False)
class Packed:
    """One mesh, compressed. `low` and `step` undo the grid: position = low + step * stored."""

    vertices: int
    corners: int
    index_size: int
    positions: bytes
    normals: bytes
    indices: bytes
    low: NDArray[np.float64]
    step: float
    top: tuple[int, int, int]  # the highest stored coordinate on each axis


def baked(scene: Scene) -> Scene:
    """Parts that are placed once in scene coordinates; true instances keep their transforms.

    Instances that glTF cannot express, sheared ones, are baked as well.
    """
    geometries: list[Mesh] = []
    parts: list[Part] = []
    shared: dict[int, int] = {}
    for part in scene.parts:
        mesh = scene.mesh(part)
        if part.count > 1 and _similar(part.transforms).all():
            if part.geometry not in shared:
                shared[part.geometry] = len(geometries)
                geometries.append(mesh)
            parts.append(_at(part, shared[part.geometry], part.transforms))
            continue
        for transform in part.transforms:
            single = Scene((mesh,), (_at(part, 0, transform[None]),))
            _, positions, faces, normals = next(single.placed())
            geometries.append(Mesh(positions, faces, normals))
            parts.append(_at(part, len(geometries) - 1, np.eye(4)[None]))
    return replace(scene, geometries=tuple(geometries), parts=tuple(parts))


def _at(part: Part, geometry: int, transforms: NDArray[np.float64]) -> Part:
    return replace(part, geometry=geometry, transforms=transforms)


def _similar(transforms: NDArray[np.float64]) -> NDArray[np.bool_]:
    # Turned, moved, evenly scaled: the columns are square to each other and equally long.
    linear = transforms[:, :3, :3]
    gram = np.einsum("kji,kjl->kil", linear, linear)
    size = np.trace(gram, axis1=1, axis2=2) / 3
    spread = np.abs(gram - size[:, None, None] * np.eye(3)).max(axis=(1, 2))
    similar: NDArray[np.bool_] = spread <= 1e-5 * size
    return similar


def pack(scenes: list[Scene], *, position_bits: int, normal_bits: int) -> list[list[Packed]]:
    """All geometries of all scenes, compressed in one call.

    The grid's step is the largest mesh's extent over 2^bits, the same for all metal so that parts
    that touch stay together; a stone has a grid of its own, since its facets are small.
    """
    letter: list[dict[str, Any]] = []
    arrays: list[NDArray[Any]] = []
    grids = []
    for scene in scenes:
        scales = _scales(scene)
        bounds = [mesh.bounds() for mesh in scene.geometries]
        sides = [float((high - low).max()) for low, high in bounds]
        extent = max(side * scale for side, scale in zip(sides, scales, strict=True))
        finest = {part.geometry for part in scene.parts if part.role is Role.STONE}
        for index, mesh in enumerate(scene.geometries):
            (low, high), own = bounds[index], sides[index]
            reach = own if index in finest else extent / scales[index]
            step = max(reach / (2**position_bits - 1), own / 65535, 1e-12)
            top = tuple(int(value) for value in np.rint((high - low) / step))
            grids.append((low, step, top))
            arrays += [mesh.positions, _normals(mesh), mesh.faces]
            first = len(arrays) - 3
            named = {"positions": first, "normals": first + 1, "faces": first + 2}
            letter.append({**named, "low": low.tolist(), "step": step})
    answer, found = tool.call("encode", {"meshes": letter, "normalBits": normal_bits}, arrays)
    packed = [
        Packed(
            vertices=entry["vertices"],
            corners=entry["corners"],
            index_size=entry["indexSize"],
            positions=found[entry["positions"]].tobytes(),
            normals=found[entry["normals"]].tobytes(),
            indices=found[entry["indices"]].tobytes(),
            low=low,
            step=step,
            top=top,  # type: ignore[arg-type]
        )
        for entry, (low, step, top) in zip(answer["meshes"], grids, strict=True)
    ]
    result, start = [], 0
    for scene in scenes:
        result.append(packed[start : start + len(scene.geometries)])
        start += len(scene.geometries)
    return result


def _scales(scene: Scene) -> list[float]:
    """How large each geometry is drawn where it is drawn largest: instances may be sized."""
    scales = [1e-12] * len(scene.geometries)
    for part in scene.parts:
        size = float(np.cbrt(np.abs(np.linalg.det(part.transforms[:, :3, :3])).max()))
        scales[part.geometry] = max(scales[part.geometry], size)
    return scales


def _normals(mesh: Mesh) -> NDArray[np.float32]:
    if mesh.normals is None:
        raise ValueError("run the `normals` step before writing")
    return mesh.normals
