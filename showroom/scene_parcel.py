"""A scene as a parcel and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from showroom.errors import DamagedFile
from showroom.scene import Mesh, Part, Role, Scene


def letter_of(scene: Scene) -> tuple[dict[str, Any], list[NDArray[Any]]]:
    """The letter and the arrays: points and faces of every geometry, transforms of every part."""
    arrays: list[NDArray[Any]] = []
    for mesh in scene.geometries:
        arrays += [mesh.positions.astype("<f4", copy=False), mesh.faces.astype("<u4", copy=False)]
    for part in scene.parts:
        arrays.append(part.transforms.astype("<f8", copy=False))
    letter = {
        "geometries": len(scene.geometries),
        "parts": [
            {
                "name": part.name,
                "geometry": part.geometry,
                "role": part.role.value,
                "labels": list(part.labels),
                "colour": part.colour,
            }
            for part in scene.parts
        ],
        "unit": scene.unit,
        "up": scene.up,
        "convention": scene.convention,
        "notes": list(scene.notes),
    }
    return letter, arrays


def scene_from(letter: Mapping[str, Any], arrays: list[NDArray[Any]]) -> Scene:
    """The scene of a letter; DamagedFile where letter and arrays do not fit."""
    count = int(letter["geometries"])
    parts = letter["parts"]
    if len(arrays) != 2 * count + len(parts):
        raise DamagedFile("The reader's answer is damaged.")
    meshes = tuple(
        Mesh(_shaped(arrays[2 * i], "f4", (3,)), _shaped(arrays[2 * i + 1], "u4", (3,)))
        for i in range(count)
    )
    return Scene(
        meshes,
        tuple(
            Part(
                name=str(part["name"]),
                geometry=int(part["geometry"]),
                transforms=_shaped(arrays[2 * count + i], "f8", (4, 4)),
                role=Role(part["role"]),
                labels=tuple(str(label) for label in part["labels"]),
                colour=_colour(part["colour"]),
            )
            for i, part in enumerate(parts)
        ),
        unit=str(letter["unit"]),
        up=str(letter["up"]),
        convention=str(letter["convention"]),
        notes=tuple(str(note) for note in letter["notes"]),
    )


def _shaped(array: NDArray[Any], kind: str, tail: tuple[int, ...]) -> NDArray[Any]:
    if array.dtype != np.dtype("<" + kind) or array.shape[1:] != tail:
        raise DamagedFile("The reader's answer is damaged.")
    return array


def _colour(value: Any) -> tuple[float, float, float, float] | None:
    if value is None:
        return None
    red, green, blue, alpha = (min(max(float(one), 0.0), 1.0) for one in value)
    return red, green, blue, alpha
