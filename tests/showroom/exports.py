"""Writers of the formats that CAD programs export, for the readers' tests."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import DracoPy
import numpy as np

from showroom.materials import load
from showroom.scene import Mesh, Part, Scene
from showroom.steps.normals import with_normals
from showroom.words import sense
from showroom.writers import glb
from showroom.writers.packing import baked, pack


def write_ply(path: Path, mesh: Mesh, order: str = "binary_little_endian") -> Path:
    """A PLY of one of the three forms; binary faces carry a list each."""
    head = (
        f"ply\nformat {order} 1.0\nelement vertex {len(mesh.positions)}\n"
        "property float x\nproperty float y\nproperty float z\n"
        f"element face {len(mesh.faces)}\nproperty list uchar int vertex_indices\nend_header\n"
    ).encode()
    if order == "ascii":
        rows = [f"{x!r} {y!r} {z!r}" for x, y, z in mesh.positions.tolist()]
        rows += [f"3 {a} {b} {c}" for a, b, c in mesh.faces.tolist()]
        path.write_bytes(head + "\n".join(rows).encode() + b"\n")
        return path
    mark = "<" if "little" in order else ">"
    faces = np.zeros(len(mesh.faces), np.dtype([("n", "u1"), ("c", mark + "i4", (3,))]))
    faces["n"], faces["c"] = 3, mesh.faces
    path.write_bytes(head + mesh.positions.astype(mark + "f4").tobytes() + faces.tobytes())
    return path


def write_3mf(path: Path, scene: Scene, unit: str = "millimeter") -> Path:
    """A 3MF: an object for every part, an item for every placement, names as base materials."""
    bases = "".join(f'<base name="{p.name}" displaycolor="#FFD700"/>' for p in scene.parts)
    objects, items = [], []
    for number, part in enumerate(scene.parts):
        mesh = scene.mesh(part)
        points = "".join(f'<vertex x="{x}" y="{y}" z="{z}"/>' for x, y, z in mesh.positions)
        faces = "".join(f'<triangle v1="{a}" v2="{b}" v3="{c}"/>' for a, b, c in mesh.faces)
        objects.append(
            f'<object id="{number + 2}" name="{part.name}" type="model" pid="1" pindex="{number}">'
            f"<mesh><vertices>{points}</vertices><triangles>{faces}</triangles></mesh></object>"
        )
        for placed in part.transforms:
            matrix = " ".join(f"{value:.9g}" for value in placed[:3, :4].T.reshape(-1))
            items.append(f'<item objectid="{number + 2}" transform="{matrix}"/>')
    text = (
        f'<?xml version="1.0"?><model unit="{unit}" '
        'xmlns="http://schemas.microsoft.com/3dmanufacturing/core/2015/02"><resources>'
        f'<basematerials id="1">{bases}</basematerials>{"".join(objects)}</resources>'
        f"<build>{''.join(items)}</build></model>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("3D/3dmodel.model", text)
    return path


def write_glb(path: Path, scene: Scene, *, compressed: bool = False) -> Path:
    """A GLB of our own writer, plain or meshopt-compressed; the scene's numbers are kept."""
    named = tuple(_dressed(part) for part in scene.parts)
    ready = baked(with_normals(replace(scene, parts=named)))
    if compressed:
        (packed,) = pack([ready], position_bits=14, normal_bits=12)
        path.write_bytes(glb.web(ready, packed, (), load()))
    else:
        path.write_bytes(glb.plain(ready, (), load()))
    return path


def _dressed(part: Part) -> Part:
    meant = sense(part.labels)
    assert meant is not None
    return replace(part, role=meant.role, material=meant.material)


def write_draco(path: Path, mesh: Mesh) -> Path:
    """A GLB with one Draco-compressed primitive."""
    data = DracoPy.encode(mesh.positions, mesh.faces, quantization_bits=14)
    decoded = DracoPy.decode(data)
    document = {
        "asset": {"version": "2.0"},
        "extensionsUsed": ["KHR_draco_mesh_compression"],
        "extensionsRequired": ["KHR_draco_mesh_compression"],
        "nodes": [{"mesh": 0, "name": "stone:diamond"}],
        "meshes": [
            {
                "primitives": [
                    {
                        "attributes": {"POSITION": 0},
                        "indices": 1,
                        "extensions": {
                            "KHR_draco_mesh_compression": {
                                "bufferView": 0,
                                "attributes": {"POSITION": 0},
                            }
                        },
                    }
                ]
            }
        ],
        "accessors": [
            {"componentType": 5126, "count": len(decoded.points), "type": "VEC3"},
            {"componentType": 5125, "count": decoded.faces.size, "type": "SCALAR"},
        ],
        "bufferViews": [{"buffer": 0, "byteLength": len(data)}],
        "buffers": [{"byteLength": len(data)}],
    }
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    data += b"\0" * (-len(data) % 4)
    out = io.BytesIO()
    out.write(b"glTF" + b"".join(n.to_bytes(4, "little") for n in (2, 28 + len(text) + len(data))))
    out.write(len(text).to_bytes(4, "little") + b"JSON" + text)
    out.write(len(data).to_bytes(4, "little") + b"BIN\0" + data)
    path.write_bytes(out.getvalue())
    return path


def write_step(path: Path, scene: Scene) -> Path:
    """An AP214 STEP file in millimetres: every placement a solid of flat faces with its name."""
    return _Step().write(path, scene)


class _Step:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, text: str) -> str:
        self.lines.append(f"#{len(self.lines) + 1}={text};")
        return f"#{len(self.lines)}"

    def write(self, path: Path, scene: Scene) -> Path:
        units = self._units()
        for part, positions, faces, _ in scene.placed():
            self._solid(part.name, positions.astype(float), faces.astype(int), units)
        body = "\n".join(self.lines)
        path.write_text(
            "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\n"
            "FILE_NAME('piece','',(''),(''),'','','');\n"
            "FILE_SCHEMA(('AUTOMOTIVE_DESIGN { 1 0 10303 214 1 1 1 1 }'));\nENDSEC;\n"
            f"DATA;\n{body}\nENDSEC;\nEND-ISO-10303-21;\n"
        )
        return path

    def _units(self) -> str:
        length = self.add("(LENGTH_UNIT()NAMED_UNIT(*)SI_UNIT(.MILLI.,.METRE.))")
        angle = self.add("(NAMED_UNIT(*)PLANE_ANGLE_UNIT()SI_UNIT($,.RADIAN.))")
        solid = self.add("(NAMED_UNIT(*)SI_UNIT($,.STERADIAN.)SOLID_ANGLE_UNIT())")
        near = self.add(f"UNCERTAINTY_MEASURE_WITH_UNIT(LENGTH_MEASURE(1.E-05),{length},'','')")
        return self.add(
            "(GEOMETRIC_REPRESENTATION_CONTEXT(3)"
            f"GLOBAL_UNCERTAINTY_ASSIGNED_CONTEXT(({near}))"
            f"GLOBAL_UNIT_ASSIGNED_CONTEXT(({length},{angle},{solid}))REPRESENTATION_CONTEXT('',''))"
        )

    def _direction(self, vector: np.ndarray) -> str:
        x, y, z = (float(value) for value in vector / np.linalg.norm(vector))
        return self.add(f"DIRECTION('',({x:.9f},{y:.9f},{z:.9f}))")

    def _point(self, point: np.ndarray) -> str:
        x, y, z = (float(value) for value in point)
        return self.add(f"CARTESIAN_POINT('',({x:.7f},{y:.7f},{z:.7f}))")

    def _solid(self, name: str, points: np.ndarray, faces: np.ndarray, units: str) -> None:
        corner = [self._point(point) for point in points]
        vertex = [self.add(f"VERTEX_POINT('',{one})") for one in corner]
        edges: dict[tuple[int, int], str] = {}
        made = []
        for face in faces:
            sides = []
            for a, b in zip(face, np.roll(face, -1), strict=True):
                key = (min(a, b), max(a, b))
                if key not in edges:
                    along = points[key[1]] - points[key[0]]
                    way = self._direction(along)
                    vector = self.add(f"VECTOR('',{way},1.)")
                    line = self.add(f"LINE('',{corner[key[0]]},{vector})")
                    edges[key] = self.add(
                        f"EDGE_CURVE('',{vertex[key[0]]},{vertex[key[1]]},{line},.T.)"
                    )
                same = ".T." if (a, b) == key else ".F."
                sides.append(self.add(f"ORIENTED_EDGE('',*,*,{edges[key]},{same})"))
            loop = self.add(f"EDGE_LOOP('',({','.join(sides)}))")
            bound = self.add(f"FACE_OUTER_BOUND('',{loop},.T.)")
            one, two, three = points[face]
            normal = self._direction(np.cross(two - one, three - one))
            axis = self.add(
                f"AXIS2_PLACEMENT_3D('',{corner[face[0]]},{normal},{self._direction(two - one)})"
            )
            plane = self.add(f"PLANE('',{axis})")
            made.append(self.add(f"ADVANCED_FACE('',({bound}),{plane},.T.)"))
        shell = self.add(f"CLOSED_SHELL('',({','.join(made)}))")
        brep = self.add(f"MANIFOLD_SOLID_BREP('{name}',{shell})")
        shape = self.add(f"ADVANCED_BREP_SHAPE_REPRESENTATION('{name}',({brep}),{units})")
        context = self.add("APPLICATION_CONTEXT('automotive design')")
        product_context = self.add(f"PRODUCT_CONTEXT('',{context},'mechanical')")
        product = self.add(f"PRODUCT('{name}','{name}','',({product_context}))")
        formation = self.add(f"PRODUCT_DEFINITION_FORMATION('','',{product})")
        view = self.add(f"PRODUCT_DEFINITION_CONTEXT('part definition',{context},'design')")
        definition = self.add(f"PRODUCT_DEFINITION('design','',{formation},{view})")
        defined = self.add(f"PRODUCT_DEFINITION_SHAPE('','',{definition})")
        self.add(f"SHAPE_DEFINITION_REPRESENTATION({defined},{shape})")
