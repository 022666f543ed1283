"""Rhino 3DM: layers, materials, blocks inside blocks, units, hidden things left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from showroom.errors import DamagedFile, NoRenderMesh, NothingToShow, TooLarge
from showroom.limits import Limits
from showroom.scene import Mesh, Part, Scene

NAME = "3DM"
_UNITS = {
    "Millimeters": "mm", "Centimeters": "cm", "Meters": "m", "Inches": "in", "Feet": "ft",
    "Microns": "µm",
}  # fmt: skip
_DEEPEST_BLOCK = 16


def detect(head: bytes, size: int) -> bool:
    """The first words of every 3DM since version 1."""
    return head.startswith(b"3D Geometry File Format")


def read(path: Path, limits: Limits) -> Scene:
    """A part per object; a block's object is one part with a placement per insertion. Z up."""
    import rhino3dm

    model = rhino3dm.File3dm.Read(str(path))
    if model is None:
        raise DamagedFile(
            "The 3DM file is damaged or newer than we can read.",
            hint="In Rhino run Audit3dmFile, then save as Rhino 7 and upload the new file.",
        )
    reader = _Reader(model, limits)
    reader.collect()
    if not reader.parts:
        if reader.bare:
            raise NoRenderMesh(
                f"The 3DM file has {reader.bare} surfaces but was saved without their meshes.",
                hint="In Rhino switch the view to Shaded, then save without 'Save small'.",
            )
        raise NothingToShow(
            "The 3DM file has no visible solid or mesh.",
            hint="Show the layers that hold the piece, and save again.",
        )
    return reader.scene()


@dataclass(slots=True)
class _Found:
    part: Part
    placements: list[NDArray[np.float64]] = field(default_factory=list)


class _Reader:
    def __init__(self, model: Any, limits: Limits) -> None:
        self.model = model
        self.limits = limits
        self.layers = {layer.Index: layer for layer in model.Layers}
        self.by_id = {str(layer.Id): layer for layer in model.Layers}
        self.objects = {str(item.Attributes.Id): item for item in model.Objects}
        self.blocks = {str(block.Id): block for block in model.InstanceDefinitions}
        self.meshes: list[Mesh] = []
        self.parts: dict[str, _Found] = {}
        self.placed = self.triangles = self.bare = self.hidden = 0

    def collect(self) -> None:
        for item in self.model.Objects:
            if not item.Attributes.IsInstanceDefinitionObject:
                self._visit(item, np.eye(4), (), 0)

    def scene(self) -> Scene:
        from dataclasses import replace

        notes = []
        if self.hidden:
            notes.append(f"{self.hidden} hidden objects were left out.")
        if self.bare:
            notes.append(f"{self.bare} surfaces have no saved mesh and were left out.")
        return Scene(
            tuple(self.meshes),
            tuple(
                replace(found.part, transforms=np.stack(found.placements))
                for found in self.parts.values()
            ),
            unit=_UNITS.get(self.model.Settings.ModelUnitSystem.name, ""),
            up="z",
            notes=tuple(notes),
        )

    def _visit(
        self, item: Any, matrix: NDArray[np.float64], labels: tuple[str, ...], depth: int
    ) -> None:
        if not self._visible(item.Attributes):
            self.hidden += 1
            return
        words = self._labels(item.Attributes, labels)
        geometry = item.Geometry
        if geometry.ObjectType.name == "InstanceReference":
            self._visit_block(geometry, matrix, words, depth)
            return
        key = str(item.Attributes.Id) + "\n" + "\n".join(labels)
        if key not in self.parts:
            mesh = self._mesh(geometry)
            if mesh is None:
                return
            self.meshes.append(mesh)
            self.parts[key] = _Found(
                Part(
                    name=words[0] if words else f"part {len(self.parts) + 1}",
                    geometry=len(self.meshes) - 1,
                    labels=words,
                    colour=self._colour(item.Attributes),
                )
            )
        self.placed += 1
        if self.placed > self.limits.placements:
            raise TooLarge(
                f"Blocks place over {self.limits.placements:,} objects.",
                hint="Save the piece alone, without its display or packing.",
            )
        self.parts[key].placements.append(matrix)

    def _visit_block(
        self, reference: Any, matrix: NDArray[np.float64], labels: tuple[str, ...], depth: int
    ) -> None:
        block = self.blocks.get(str(reference.ParentIdefId))
        if block is None or depth >= _DEEPEST_BLOCK:
            raise DamagedFile("A block of the 3DM file is missing or contains itself.")
        xform = np.array(reference.Xform.ToFloatArray(True), np.float64).reshape(4, 4)
        words = (*labels, block.Name) if block.Name else labels
        for identity in block.GetObjectIds():
            member = self.objects.get(str(identity))
            if member is not None:
                self.placed += 1  # counted here too: an empty block of blocks costs time as well
                if self.placed > 2 * self.limits.placements:
                    raise TooLarge(f"Blocks place over {self.limits.placements:,} objects.")
                self._visit(member, matrix @ xform, words, depth + 1)

    def _visible(self, attributes: Any) -> bool:
        if not attributes.Visible or attributes.Mode.name == "Hidden":
            return False
        layer = self.layers.get(attributes.LayerIndex)
        for _ in range(64):  # a layer under a hidden layer is hidden
            if layer is None:
                return True
            if not layer.Visible:
                return False
            layer = self.by_id.get(str(layer.ParentLayerId))
        return True

    def _labels(self, attributes: Any, block: tuple[str, ...]) -> tuple[str, ...]:
        layer = self.layers.get(attributes.LayerIndex)
        path = layer.FullPath.split("::")[::-1] if layer is not None and layer.FullPath else []
        material = self._material(attributes)
        words = (attributes.Name, *path, material.Name if material is not None else "", *block)
        return tuple(dict.fromkeys(word.strip()[:200] for word in words if word and word.strip()))

    def _material(self, attributes: Any) -> Any:
        index = attributes.MaterialIndex
        if attributes.MaterialSource.name == "MaterialFromLayer" or index < 0:
            layer = self.layers.get(attributes.LayerIndex)
            index = layer.RenderMaterialIndex if layer is not None else -1
        return self.model.Materials[index] if 0 <= index < len(self.model.Materials) else None

    def _colour(self, attributes: Any) -> tuple[float, float, float, float] | None:
        material = self._material(attributes)
        if material is None:
            return None
        red, green, blue = ((value / 255) ** 2.2 for value in material.DiffuseColor[:3])
        return red, green, blue, 1.0 - float(material.Transparency)

    def _mesh(self, geometry: Any) -> Mesh | None:
        meshes = _meshes(geometry)
        if meshes is None:
            return None
        if not meshes:
            self.bare += 1
            return None
        self.triangles += sum(mesh.Faces.Count for mesh in meshes)
        if self.triangles > self.limits.triangles:
            raise TooLarge(f"The file has over {self.limits.triangles:,} faces.")
        return _joined([_arrays(mesh) for mesh in meshes])


def _meshes(geometry: Any) -> list[Any] | None:
    """The render meshes of a solid: None for curves and notes, [] where Rhino saved none."""
    import rhino3dm

    kind = geometry.ObjectType.name
    if kind == "Mesh":
        return [geometry] if geometry.Faces.Count else None
    any_mesh = rhino3dm.MeshType.Any
    if kind == "Brep":
        faces = [geometry.Faces[index].GetMesh(any_mesh) for index in range(len(geometry.Faces))]
        return [mesh for mesh in faces if mesh is not None and mesh.Faces.Count]
    if kind == "Extrusion":
        mesh = geometry.GetMesh(any_mesh)
        return [mesh] if mesh is not None and mesh.Faces.Count else []
    if kind == "SubD":
        smooth = geometry.Duplicate()
        smooth.Subdivide(2)
        maker: Any = rhino3dm.Mesh  # its stub misses an argument of the next call
        mesh = maker.CreateFromSubDControlNet(smooth, False)
        return [mesh] if mesh is not None else []
    return None


def _arrays(mesh: Any) -> tuple[NDArray[np.float32], NDArray[np.uint32]]:
    points = mesh.Vertices.ToPoint3fArray()
    positions = np.array([(point.X, point.Y, point.Z) for point in points], np.float32)
    faces = mesh.Faces
    quads = np.array([faces[index] for index in range(faces.Count)], np.int64).reshape(-1, 4)
    if len(quads) and (quads.min() < 0 or quads.max() >= len(positions)):
        raise DamagedFile("A face of the 3DM file names a point that does not exist.")
    second = quads[quads[:, 2] != quads[:, 3]]  # a triangle repeats its third corner
    triangles = np.concatenate([quads[:, :3], second[:, [0, 2, 3]]])
    return positions.reshape(-1, 3), triangles.astype(np.uint32)


def _joined(pieces: list[tuple[NDArray[np.float32], NDArray[np.uint32]]]) -> Mesh:
    offsets = np.cumsum([0, *(len(positions) for positions, _ in pieces)])
    faces = [faces + np.uint32(offset) for (_, faces), offset in zip(pieces, offsets, strict=False)]
    return Mesh(np.concatenate([positions for positions, _ in pieces]), np.concatenate(faces))
