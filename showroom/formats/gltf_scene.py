"""A glTF document as a scene: nodes walked, primitives as parts, instances kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from showroom.errors import DamagedFile, NothingToShow, TooLarge
from showroom.formats import draco
from showroom.formats.gltf_buffers import Buffers, item, whole
from showroom.limits import Limits
from showroom.scene import Mesh, Part, Scene

_TRIANGLES, _STRIP, _FAN = 4, 5, 6
_DRACO = "KHR_draco_mesh_compression"
_READ = {
    _DRACO, "EXT_meshopt_compression", "KHR_meshopt_compression", "KHR_mesh_quantization",
    "EXT_mesh_gpu_instancing", "KHR_texture_transform", "KHR_texture_basisu", "EXT_texture_webp",
    "EXT_texture_avif",
}  # fmt: skip
_DEEPEST = 256


def scene(document: dict[str, Any], binary: memoryview | None, path: Path, limits: Limits) -> Scene:
    """The scene of a parsed document. Textures and animations are left out, with a note."""
    unknown = [
        name
        for name in document.get("extensionsRequired") or ()
        if name not in _READ and not str(name).startswith("KHR_materials_")
    ]
    if unknown:
        raise DamagedFile(
            f"The glTF file needs {', '.join(map(str, unknown))}, which we cannot read.",
            hint="Export without that extension.",
        )
    reader = _Reader(document, Buffers(document, binary, path, limits), limits)
    for root in reader.roots():
        reader.walk(root)
    parts = tuple(reader.parts(path.stem))
    if not parts:
        raise NothingToShow(
            "The glTF file has no triangles in its scene.", hint="Export the mesh itself."
        )
    return Scene(tuple(reader.meshes), parts, up="y", notes=tuple(reader.notes()), convention="m")


@dataclass(slots=True)
class _Placed:
    name: str
    labels: tuple[str, ...]
    places: list[NDArray[np.float64]] = field(default_factory=list)


class _Reader:
    def __init__(self, document: dict[str, Any], buffers: Buffers, limits: Limits) -> None:
        self.document = document
        self.buffers = buffers
        self.limits = limits
        self.meshes: list[Mesh] = []
        self.primitives: dict[int, list[tuple[int, dict[str, Any]]]] = {}
        self.placed: dict[tuple[int, tuple[str, ...]], _Placed] = {}
        self.count = self.triangles = self.skipped = 0

    def roots(self) -> list[int]:
        scenes = self.document.get("scenes") or []
        if scenes:
            chosen = item(self.document, "scenes", self.document.get("scene", 0))
            return list(chosen.get("nodes") or [])
        nodes = self.document.get("nodes") or []
        children = {child for node in nodes for child in node.get("children") or ()}
        return [index for index in range(len(nodes)) if index not in children]

    def walk(self, root: Any) -> None:
        start: tuple[str, ...] = ()
        stack = [(root, np.eye(4), start, 0)]
        visited = 0
        while stack:
            index, matrix, labels, depth = stack.pop()
            visited += 1
            if depth > _DEEPEST or visited > 50 * self.limits.placements:
                raise DamagedFile("The glTF file's nodes contain themselves or nest too deep.")
            node = item(self.document, "nodes", index)
            world = matrix @ _local(node)
            name = str(node.get("name") or "")[:200]
            words = (name, *labels) if name else labels
            if node.get("mesh") is not None:
                self._place(node, world, words[:6])
            children = node.get("children") or []
            stack.extend((child, world, words, depth + 1) for child in reversed(children))

    def _place(
        self, node: dict[str, Any], world: NDArray[np.float64], labels: tuple[str, ...]
    ) -> None:
        mesh = item(self.document, "meshes", node["mesh"])
        own = str(mesh.get("name") or "")[:200]
        words = tuple(dict.fromkeys((*labels[:1], *((own,) if own else ()), *labels[1:])))
        places = self._instances(node, world)
        self.count += len(places)
        if self.count > self.limits.placements:
            raise TooLarge(f"The file places over {self.limits.placements:,} objects.")
        # Instances of one mesh share a part unless their names tell of different materials.
        key = (node["mesh"], tuple(_stem(word) for word in words))
        self.placed.setdefault(key, _Placed(words[0] if words else "", words)).places.extend(places)
        if node["mesh"] not in self.primitives:
            self.primitives[node["mesh"]] = [
                (len(self.meshes) - 1, primitive)
                for primitive in mesh.get("primitives") or ()
                if self._read(primitive)
            ]

    def _instances(
        self, node: dict[str, Any], world: NDArray[np.float64]
    ) -> list[NDArray[np.float64]]:
        spec = (node.get("extensions") or {}).get("EXT_mesh_gpu_instancing")
        if spec is None:
            return [world]
        read = {name: self.buffers.accessor(i) for name, i in spec["attributes"].items()}
        count = max((len(values) for values in read.values()), default=0)
        if count > self.limits.placements:
            raise TooLarge(f"The file places over {self.limits.placements:,} objects.")
        moves = read.get("TRANSLATION", np.zeros((count, 3)))
        turns = read.get("ROTATION", np.tile([0.0, 0, 0, 1], (count, 1)))
        sizes = read.get("SCALE", np.ones((count, 3)))
        return [
            world @ _matrix(move, turn, size)
            for move, turn, size in zip(moves, turns, sizes, strict=True)
        ]

    def _read(self, primitive: dict[str, Any]) -> bool:
        mode = primitive.get("mode", _TRIANGLES)
        if mode not in (_TRIANGLES, _STRIP, _FAN):
            self.skipped += 1
            return False
        packed = (primitive.get("extensions") or {}).get(_DRACO)
        if packed is not None:
            data, _ = self.buffers.view(packed.get("bufferView"))
            expected = self._expected(primitive)
            positions, corners = draco.decode(bytes(data), packed, expected, self.limits)
        else:
            positions = self._positions(primitive)
            corners = self._corners(primitive, len(positions))
        faces = _faces(corners, mode)
        self.triangles += len(faces)
        if self.triangles > self.limits.triangles:
            raise TooLarge(f"The file has over {self.limits.triangles:,} triangles.")
        if len(faces) and int(faces.max()) >= len(positions):
            raise DamagedFile("A triangle of the glTF file names a point that does not exist.")
        if not len(faces):
            self.skipped += 1
            return False
        self.meshes.append(Mesh(np.ascontiguousarray(positions, np.float32), faces))
        return True

    def _positions(self, primitive: dict[str, Any]) -> NDArray[Any]:
        positions = self.buffers.accessor((primitive.get("attributes") or {}).get("POSITION"))
        if positions.shape[1] != 3:
            raise DamagedFile("The points of the glTF file have no three coordinates.")
        return positions

    def _corners(self, primitive: dict[str, Any], points: int) -> NDArray[np.uint32]:
        if primitive.get("indices") is None:
            return np.arange(points, dtype=np.uint32)
        corners = self.buffers.accessor(primitive["indices"])
        if corners.shape[1] != 1 or corners.dtype.kind != "u":
            raise DamagedFile("The triangles of the glTF file are not numbered.")
        return corners[:, 0].astype(np.uint32)

    def _expected(self, primitive: dict[str, Any]) -> tuple[int, int]:
        """Points and corners that the document promises of a Draco primitive."""
        position = (primitive.get("attributes") or {}).get("POSITION")
        points = whole(item(self.document, "accessors", position).get("count"), "a count")
        if primitive.get("indices") is None:
            return points, points
        indices = item(self.document, "accessors", primitive["indices"])
        return points, whole(indices.get("count"), "a count")

    def parts(self, fallback: str) -> Iterator[Part]:
        for (mesh, _), placed in self.placed.items():
            for geometry, primitive in self.primitives[mesh]:
                material, colour = self._material(primitive.get("material"))
                labels = (*placed.labels, *((material,) if material else ()))
                yield Part(
                    name=placed.name or material or fallback,
                    geometry=geometry,
                    transforms=np.stack(placed.places),
                    labels=tuple(dict.fromkeys(labels)),
                    colour=colour,
                )

    def _material(self, index: Any) -> tuple[str, tuple[float, float, float, float] | None]:
        if index is None:
            return "", None
        material = item(self.document, "materials", index)
        pbr = material.get("pbrMetallicRoughness") or {}
        factor = pbr.get("baseColorFactor", (1.0, 1.0, 1.0, 1.0))
        red, green, blue, alpha = (min(max(float(value), 0.0), 1.0) for value in factor)
        return str(material.get("name") or "")[:200], (red, green, blue, alpha)

    def notes(self) -> Iterator[str]:
        if self.document.get("textures"):
            yield "Textures were left out: materials come from the library."
        if self.document.get("animations") or self.document.get("skins"):
            yield "Animations were left out: the piece stands still."
        if self.skipped:
            yield f"{self.skipped} groups of points, lines or nothing were left out."


def _stem(word: str) -> str:
    # "stone:diamond.001" and "stone:diamond.002" are one thing placed twice.
    return word.rstrip("0123456789").rstrip("._- #")


def _local(node: dict[str, Any]) -> NDArray[np.float64]:
    if node.get("matrix") is not None:
        return np.array(node["matrix"], np.float64).reshape(4, 4).T
    return _matrix(
        node.get("translation") or (0, 0, 0),
        node.get("rotation") or (0, 0, 0, 1),
        node.get("scale") or (1, 1, 1),
    )


def _matrix(move: Any, turn: Any, size: Any) -> NDArray[np.float64]:
    x, y, z, w = np.asarray(turn, np.float64) / max(np.linalg.norm(turn), 1e-12)
    matrix = np.eye(4)
    matrix[:3, :3] = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    matrix[:3, :3] *= np.asarray(size, np.float64)
    matrix[:3, 3] = move
    return matrix


def _faces(corners: NDArray[np.uint32], mode: int) -> NDArray[np.uint32]:
    if mode == _TRIANGLES:
        if len(corners) % 3:
            raise DamagedFile("The glTF file's last triangle is cut short.")
        return corners.reshape(-1, 3)
    if len(corners) < 3:
        return np.empty((0, 3), np.uint32)
    second, third = corners[1:-1], corners[2:]
    if mode == _FAN:
        return np.stack([np.full_like(second, corners[0]), second, third], axis=1)
    faces = np.stack([corners[:-2], second, third], axis=1)
    faces[1::2] = faces[1::2][:, [1, 0, 2]]
    return faces
