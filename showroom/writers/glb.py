"""Our GLB files: the compressed one for the web and the plain one for Android's Scene Viewer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from showroom.materials import Materials
from showroom.scene import Mesh, Part, Role, Scene, box
from showroom.writers.document import Document, main_metal
from showroom.writers.packing import Packed

_FLOAT, _USHORT, _UINT, _SHORT = 5126, 5123, 5125, 5122
_VERTICES, _INDICES = 34962, 34963
_MESHOPT = "EXT_meshopt_compression"


def web(
    scene: Scene, packed: Sequence[Packed], alloys: Sequence[str], materials: Materials
) -> bytes:
    """A baked scene with its packed meshes: meshopt, quantized, with every material extension."""
    document = Document(materials, "web")
    document.use(_MESHOPT, "KHR_mesh_quantization", required=True)
    document.add("buffers", {"byteLength": 0})
    document.add("buffers", {"byteLength": 0, "extensions": {_MESHOPT: {"fallback": True}}})
    attributes = [_packed_attributes(document, one) for one in packed]
    unpack = [_grid(one.low, one.step) for one in packed]
    _assemble(document, scene, attributes, unpack, alloys)
    views = document.json["bufferViews"]
    document.json["buffers"][0]["byteLength"] = len(document.binary)
    document.json["buffers"][1]["byteLength"] = max(
        (view["byteOffset"] + view["byteLength"] for view in views), default=0
    )
    return document.glb()


def plain(scene: Scene, alloys: Sequence[str], materials: Materials) -> bytes:
    """A baked scene that needs no extension: floats, short indices where they do."""
    document = Document(materials, "ar")
    document.add("buffers", {"byteLength": 0})
    attributes = [_plain_attributes(document, mesh) for mesh in scene.geometries]
    unpack = [np.eye(4)] * len(attributes)
    _assemble(document, scene, attributes, unpack, alloys)
    document.json["buffers"][0]["byteLength"] = len(document.binary)
    return document.glb()


def _assemble(
    document: Document,
    scene: Scene,
    attributes: list[dict[str, Any]],
    unpack: list[NDArray[np.float64]],
    alloys: Sequence[str],
) -> None:
    main = main_metal(scene)
    if len(alloys) > 1 and main:
        document.variants(alloys)
    meshes: dict[tuple[int, str, str], int] = {}
    for part in scene.parts:
        key = (part.geometry, part.material, part.finish)
        if key not in meshes:
            primitive = dict(attributes[part.geometry])
            varies = part.role is Role.METAL and part.material == main and len(alloys) > 0
            code = alloys[0] if varies else part.material
            primitive["material"] = document.material(code, part.finish)
            if varies and len(alloys) > 1:
                primitive["extensions"] = document.mappings(part.finish, alloys)
            meshes[key] = document.add("meshes", {"name": part.name, "primitives": [primitive]})
        _nodes(document, part, meshes[key], unpack[part.geometry])


def _nodes(document: Document, part: Part, mesh: int, unpack: NDArray[np.float64]) -> None:
    extras = {"role": part.role.value, "material": part.material}
    top: dict[str, Any] = {"name": part.name, "extras": extras}
    if part.count == 1:
        top |= {"mesh": mesh, **_placement(part.transforms[0] @ unpack)}
    else:
        top["children"] = [
            document.add("nodes", {"mesh": mesh, **_placement(transform @ unpack)})
            for transform in part.transforms
        ]
    document.json["scenes"][0]["nodes"].append(document.add("nodes", top))


def _placement(matrix: NDArray[np.float64]) -> dict[str, Any]:
    """The shortest way to say a transform: nothing, moves and sizes, or the whole matrix."""
    linear = matrix[:3, :3]
    size = float(linear[0, 0])
    if size > 0 and np.allclose(linear, np.eye(3) * size, rtol=0, atol=1e-12 * size):
        placed: dict[str, Any] = {}
        if np.any(matrix[:3, 3]):
            placed["translation"] = [_short(value) for value in matrix[:3, 3]]
        if size != 1.0:
            placed["scale"] = [_short(size)] * 3
        return placed
    return {"matrix": [_short(value) for value in matrix.T.reshape(-1)]}


def _short(value: float) -> float:
    # Nine significant digits carry a float32 exactly; more would only make the file larger.
    return float(f"{value:.9g}") + 0.0


def _grid(low: NDArray[np.float64], step: float) -> NDArray[np.float64]:
    matrix = np.diag([step, step, step, 1.0])
    matrix[:3, 3] = low
    return matrix


def _packed_attributes(document: Document, packed: Packed) -> dict[str, Any]:
    def view(data: bytes, count: int, stride: int, mode: str, **more: Any) -> int:
        views = document.json["bufferViews"]
        last = views[-1] if views else {"byteOffset": 0, "byteLength": 0}
        offset = -(-(last["byteOffset"] + last["byteLength"]) // 4) * 4
        packing = {
            "buffer": 0,
            "byteOffset": document.bytes_at(data),
            "byteLength": len(data),
            "byteStride": stride,
            "mode": mode,
            "count": count,
            **more,
        }
        entry: dict[str, Any] = {"buffer": 1, "byteOffset": offset, "byteLength": count * stride}
        if mode == "ATTRIBUTES":
            entry["byteStride"] = stride
        entry["target"] = _VERTICES if mode == "ATTRIBUTES" else _INDICES
        entry["extensions"] = {_MESHOPT: packing}
        return document.add("bufferViews", entry)

    positions = document.add(
        "accessors",
        {
            "bufferView": view(packed.positions, packed.vertices, 8, "ATTRIBUTES"),
            "componentType": _USHORT,
            "count": packed.vertices,
            "type": "VEC3",
            "min": [0, 0, 0],
            "max": list(packed.top),
        },
    )
    normals = document.add(
        "accessors",
        {
            "bufferView": view(
                packed.normals, packed.vertices, 8, "ATTRIBUTES", filter="OCTAHEDRAL"
            ),
            "componentType": _SHORT,
            "normalized": True,
            "count": packed.vertices,
            "type": "VEC3",
        },
    )
    indices = document.add(
        "accessors",
        {
            "bufferView": view(packed.indices, packed.corners, packed.index_size, "TRIANGLES"),
            "componentType": _USHORT if packed.index_size == 2 else _UINT,
            "count": packed.corners,
            "type": "SCALAR",
        },
    )
    return {"attributes": {"POSITION": positions, "NORMAL": normals}, "indices": indices}


def _plain_attributes(document: Document, mesh: Mesh) -> dict[str, Any]:
    def accessor(data: NDArray[Any], kind: str, component: int, target: int, **more: Any) -> int:
        view = document.add(
            "bufferViews",
            {
                "buffer": 0,
                "byteOffset": document.bytes_at(data.tobytes()),
                "byteLength": data.nbytes,
                "target": target,
            },
        )
        entry = {"bufferView": view, "componentType": component, "count": len(data), "type": kind}
        return document.add("accessors", entry | more)

    positions = mesh.positions.astype("<f4", copy=False)
    low, high = box(positions)
    bounds = {"min": [float(value) for value in low], "max": [float(value) for value in high]}
    normals = np.zeros_like(positions) if mesh.normals is None else mesh.normals
    small = len(positions) <= 65535
    corners = mesh.faces.reshape(-1).astype("<u2" if small else "<u4")
    return {
        "attributes": {
            "POSITION": accessor(positions, "VEC3", _FLOAT, _VERTICES, **bounds),
            "NORMAL": accessor(normals.astype("<f4"), "VEC3", _FLOAT, _VERTICES),
        },
        "indices": accessor(corners, "SCALAR", _USHORT if small else _UINT, _INDICES),
    }
