"""Small scenes and files for the showroom's tests."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from showroom.scene import Mesh, Part, Scene


def torus(inner: float = 17.0, tube: float = 2.0, around: int = 64, across: int = 24) -> Mesh:
    """A round band of inner diameter `inner`, `tube` thick, its axis along z, outside out."""
    u, v = np.meshgrid(
        np.arange(around) * 2 * np.pi / around,
        np.arange(across) * 2 * np.pi / across,
        indexing="ij",
    )
    radius = (inner + tube) / 2 + tube / 2 * np.cos(v + np.pi)
    points = np.stack([radius * np.cos(u), radius * np.sin(u), tube / 2 * np.sin(v + np.pi)], -1)
    i, j = np.meshgrid(np.arange(around), np.arange(across), indexing="ij")
    a, b = i * across + j, (i + 1) % around * across + j
    c, d = (i + 1) % around * across + (j + 1) % across, i * across + (j + 1) % across
    faces = np.concatenate([np.stack([a, b, c], -1), np.stack([a, c, d], -1)]).reshape(-1, 3)
    return Mesh(points.reshape(-1, 3).astype(np.float32), faces.astype(np.uint32))


def gem(width: float = 3.0, sides: int = 16) -> Mesh:
    """A cut stone: table, crown, girdle and pavilion of flat facets, table towards +z."""
    angle = np.arange(sides) * 2 * np.pi / sides
    ring = np.stack([np.cos(angle), np.sin(angle)], -1) * width / 2

    def level(share: float, height: float) -> NDArray[np.float64]:
        return np.column_stack([ring * share, np.full(sides, height * width)])

    points = np.concatenate(
        [level(0.57, 0.16), level(1, 0.0), level(1, -0.03), [[0, 0, -0.46 * width]]]
    )
    faces = [[0, k, k + 1] for k in range(1, sides - 1)]
    for low in (0, sides):
        for k in range(sides):
            n = (k + 1) % sides
            faces += [
                [low + k, low + sides + k, low + sides + n],
                [low + k, low + sides + n, low + n],
            ]
    faces += [[2 * sides + k, 3 * sides, 2 * sides + (k + 1) % sides] for k in range(sides)]
    return Mesh(points.astype(np.float32), np.array(faces, np.uint32))


def ring_with_stones(stones: int = 3, *, coarse: bool = False) -> Scene:
    """A band with a row of like stones on top, as instances; millimetres, axis z, head at +y."""
    places = np.tile(np.eye(4), (stones, 1, 1))
    lift = np.array([[1.0, 0, 0], [0, 0, 1], [0, -1, 0]])  # the stone's table towards +y
    for k in range(stones):
        places[k, :3, :3] = lift
        places[k, :3, 3] = [(k - (stones - 1) / 2) * 3.2, 12.0, 0]
    return Scene(
        (torus(around=32, across=12) if coarse else torus(), gem()),
        (
            Part("metal:gold-750-yellow band", 0, labels=("metal:gold-750-yellow band",)),
            Part("stone:diamond row", 1, places, labels=("stone:diamond row",)),
        ),
        unit="mm",
        up="z",
    )


def write_stl(path: Path, mesh: Mesh, scale: float = 1.0) -> Path:
    """A binary STL."""
    corners = (mesh.positions[mesh.faces] * scale).astype("<f4")
    record = np.zeros(len(corners), np.dtype([("n", "<f4", 3), ("c", "<f4", (3, 3)), ("a", "<u2")]))
    record["c"] = corners
    path.write_bytes(b"\0" * 80 + struct.pack("<I", len(corners)) + record.tobytes())
    return path


def write_obj(path: Path, scene: Scene) -> Path:
    """An OBJ with a group for every part; placements written out."""
    lines, base = ["# units = millimeters"], 1
    for part, positions, faces, _ in scene.placed():
        lines.append(f"g {part.name}")
        lines += [f"v {x:.7g} {y:.7g} {z:.7g}" for x, y, z in positions]
        lines += [f"f {a + base} {b + base} {c + base}" for a, b, c in faces.astype(int)]
        base += len(positions)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def write_bare_obj(path: Path, mesh: Mesh) -> Path:
    """An OBJ of nothing but numbers, as sculpting programs write it: no unit, group or name."""
    lines = [f"v {x:.6f} {y:.6f} {z:.6f}" for x, y, z in mesh.positions.tolist()]
    lines += [f"f {a} {b} {c}" for a, b, c in (mesh.faces.astype(int) + 1).tolist()]
    path.write_text("\n".join(lines), encoding="ascii")
    return path


def write_3dm(path: Path, scene: Scene, unit: str = "Millimeters") -> Path:
    """A Rhino file: plain parts as objects on layers, repeated ones as blocks."""
    import rhino3dm

    model = rhino3dm.File3dm()
    model.Settings.ModelUnitSystem = getattr(rhino3dm.UnitSystem, unit)
    for part in scene.parts:
        layer = rhino3dm.Layer()
        layer.Name = part.name
        attributes = rhino3dm.ObjectAttributes()
        attributes.LayerIndex = model.Layers.Add(layer)
        attributes.Name = ""
        mesh = rhino3dm.Mesh()
        source = scene.mesh(part)
        for x, y, z in source.positions.tolist():
            mesh.Vertices.Add(x, y, z)
        for a, b, c in source.faces.tolist():
            mesh.Faces.AddFace(a, b, c)
        if part.count == 1:
            model.Objects.AddMesh(mesh, attributes)
            continue
        block = model.InstanceDefinitions.Add(
            part.name, "", "", "", rhino3dm.Point3d(0, 0, 0), (mesh,), (attributes,)
        )
        identity = model.InstanceDefinitions[block].Id
        for transform in part.transforms:
            placed = rhino3dm.Transform(1.0)
            for row in range(4):
                for column in range(4):
                    setattr(placed, f"M{row}{column}", float(transform[row, column]))
            reference = rhino3dm.InstanceReference(identity, placed)
            model.Objects.AddInstanceObject(reference, attributes)
    model.Write(str(path), 7)
    return path


def together(scene: Scene) -> Mesh:
    """Everything placed, as one mesh without names."""
    points, faces, base = [], [], 0
    for _, positions, triangles, _ in scene.placed():
        points.append(positions)
        faces.append(triangles + np.uint32(base))
        base += len(positions)
    return Mesh(np.concatenate(points), np.concatenate(faces))
