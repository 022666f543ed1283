"""GLB: metres, Y up, a node a part and, where a part is placed many times, a child node each."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from showroom.atelier.colours import colour
from showroom.atelier.mesh import Floats
from showroom.atelier.model import Model, Part
from showroom.atelier.writers.normals import creased

# From the bench (mm, Z up) to glTF (metres, Y up, front +Z): x, z, -y.
TO_GLTF = (
    np.array([[1, 0, 0, 0], [0, 0, 1, 0], [0, -1, 0, 0], [0, 0, 0, 1000]], dtype=np.float64) / 1000
)
CREASE = 38.0  # degrees; between the flanks of a knife edge (over 60) and a 20-sided wire (18)


def write(model: Model, path: Path) -> None:
    """One binary file, float32 positions and normals, 32-bit indices."""
    book: dict[str, list[Any]] = {
        key: [] for key in ("nodes", "meshes", "materials", "accessors", "bufferViews")
    }
    blob = bytearray()
    for part in model.parts:
        _add(part, book, blob)
    roots = [i for i, node in enumerate(book["nodes"]) if not node.pop("child", False)]
    gltf = {
        "asset": {"version": "2.0", "generator": "Pavilion atelier"},
        "scene": 0,
        "scenes": [{"nodes": roots}],
        **book,
        "buffers": [{"byteLength": len(blob)}],
    }
    text = json.dumps(gltf, separators=(",", ":"), sort_keys=True).encode()
    text += b" " * (-len(text) % 4)
    body = struct.pack("<II", len(text), 0x4E4F534A) + text
    body += struct.pack("<II", len(blob), 0x004E4942) + bytes(blob)
    path.write_bytes(struct.pack("<III", 0x46546C67, 2, 12 + len(body)) + body)


def _add(part: Part, book: dict[str, list[Any]], blob: bytearray) -> None:
    vertices, normals, faces = creased(
        part.mesh.vertices, part.mesh.faces, 4.0 if part.is_faceted else CREASE
    )
    vertices = vertices @ TO_GLTF[:3, :3].T
    normals = normals @ (TO_GLTF[:3, :3] * 1000).T
    primitive = {
        "attributes": {
            "NORMAL": _accessor(_unit(normals), book, blob),
            "POSITION": _accessor(vertices.astype("<f4"), book, blob, bounds=True),
        },
        "indices": _accessor(faces.astype("<u4").ravel(), book, blob),
        "material": _material(part, book),
    }
    mesh = len(book["meshes"])
    book["meshes"].append({"name": part.name, "primitives": [primitive]})
    if len(part.places) == 1 and np.allclose(part.places[0], np.eye(4)):
        book["nodes"].append({"name": part.name, "mesh": mesh})
        return
    first = len(book["nodes"]) + 1
    children = list(range(first, first + len(part.places)))
    book["nodes"].append({"name": part.name, "children": children})
    for i, place in enumerate(part.places):
        matrix = TO_GLTF @ place @ np.linalg.inv(TO_GLTF)
        book["nodes"].append(
            {
                "name": f"{part.name} {i + 1}",
                "mesh": mesh,
                "child": True,
                "matrix": _columns(matrix),
            }
        )


def _columns(matrix: Floats) -> list[float]:
    return [round(float(value), 9) + 0.0 for value in matrix.T.ravel()]


def _unit(normals: Floats) -> NDArray[np.float32]:
    """Unit length after rounding to float32, within the validator's 0.0005."""
    return (normals / np.linalg.norm(normals, axis=1, keepdims=True)).astype("<f4")


def _material(part: Part, book: dict[str, list[Any]]) -> int:
    red, green, blue = colour(part.material)
    metal = part.role == "metal"
    look = {
        "name": f"{part.role}:{part.material}",
        "pbrMetallicRoughness": {
            "baseColorFactor": [red, green, blue, 1.0],
            "metallicFactor": 1.0 if metal else 0.0,
            "roughnessFactor": 0.12 if metal else 0.05,
        },
    }
    if look not in book["materials"]:
        book["materials"].append(look)
    return book["materials"].index(look)


def _accessor(
    array: NDArray[Any], book: dict[str, list[Any]], blob: bytearray, *, bounds: bool = False
) -> int:
    raw = array.tobytes()
    indices = array.ndim == 1
    book["bufferViews"].append(
        {
            "buffer": 0,
            "byteOffset": len(blob),
            "byteLength": len(raw),
            "target": 34963 if indices else 34962,
        }
    )
    blob += raw + b"\0" * (-len(raw) % 4)
    entry: dict[str, Any] = {
        "bufferView": len(book["bufferViews"]) - 1,
        "componentType": 5125 if indices else 5126,
        "count": len(array),
        "type": "SCALAR" if indices else "VEC3",
    }
    if bounds:
        entry["min"] = [float(value) for value in array.min(axis=0)]
        entry["max"] = [float(value) for value in array.max(axis=0)]
    book["accessors"].append(entry)
    return len(book["accessors"]) - 1
