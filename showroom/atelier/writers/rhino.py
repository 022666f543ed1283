"""3DM through rhino3dm: a layer a part, repeated parts as block instances, millimetres.

Rhino gives every object, layer and block a random id and stamps the file with the time of
writing. rhino3dm lets the ids of layers and materials be set, but not those of objects and blocks,
nor the time. So geometry, names, order and layers are the same on every run; object and block ids,
the time stamp and the checksums over them are not.
"""

from __future__ import annotations

import importlib
import uuid
from pathlib import Path
from typing import Any

from showroom.atelier.colours import colour
from showroom.atelier.mesh import Mesh
from showroom.atelier.model import Model, Part

# rhino3dm's own stubs call every property read-only; the module is used untyped.
rhino3dm: Any = importlib.import_module("rhino3dm")


def write(model: Model, path: Path) -> None:
    """Rhino 7 format, the oldest that today's jewellery tools all read without a warning."""
    file = rhino3dm.File3dm()
    file.Settings.ModelUnitSystem = rhino3dm.UnitSystem.Millimeters
    file.ApplicationName = "Pavilion atelier"
    for part in model.parts:
        _add(file, part, path.stem)
    file.Write(str(path), 7)


def _add(file: Any, part: Part, stem: str) -> None:
    shade = (*(int(255 * channel) for channel in colour(part.material)), 255)
    material = rhino3dm.Material()
    material.Name, material.DiffuseColor = part.material, shade
    material.Id = _id(stem, part.name, "material")
    layer = rhino3dm.Layer()
    layer.Name, layer.Color, layer.Id = part.name, shade, _id(stem, part.name, "layer")
    layer.RenderMaterialIndex = file.Materials.Add(material)
    index = file.Layers.Add(layer)
    if len(part.places) == 1:
        mesh = part.mesh.moved(part.places[0])
        file.Objects.AddMesh(_rhino_mesh(mesh), _attributes(part, index))
        return
    block = file.InstanceDefinitions.Add(
        f"{part.name} block",
        "",
        "",
        "",
        rhino3dm.Point3d(0, 0, 0),
        (_rhino_mesh(part.mesh),),
        (_attributes(part, index),),
    )
    definition = file.InstanceDefinitions.FindIndex(block)
    for place in part.places:
        move = rhino3dm.Transform(1.0)
        for row in range(4):
            for column in range(4):
                setattr(move, f"M{row}{column}", float(place[row, column]))
        reference = rhino3dm.InstanceReference(definition.Id, move)
        file.Objects.Add(reference, _attributes(part, index))


def _attributes(part: Part, layer: int) -> Any:
    attributes = rhino3dm.ObjectAttributes()
    attributes.Name, attributes.LayerIndex = part.name, layer
    return attributes


def _id(*words: str) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_URL, "pavilion:atelier:" + ":".join(words))


def _rhino_mesh(mesh: Mesh) -> Any:
    out = rhino3dm.Mesh()
    for x, y, z in mesh.vertices.tolist():
        out.Vertices.Add(x, y, z)
    for a, b, c in mesh.faces.tolist():
        out.Faces.AddFace(a, b, c)
    return out
