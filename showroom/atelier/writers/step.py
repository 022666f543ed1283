"""Faceted STEP (AP214): a product and a MANIFOLD_SOLID_BREP of planar faces a part, millimetres.

What a CAD kernel would write with curved faces is written as triangles: good enough to test a
reader on named solids at true scale, too heavy for more than some ten thousand triangles.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from showroom.atelier.mesh import Mesh
from showroom.atelier.model import Model

_HEAD = """ISO-10303-21;
HEADER;
FILE_DESCRIPTION(('Pavilion atelier'),'2;1');
FILE_NAME('{name}','2000-01-01T00:00:00',(''),(''),'Pavilion atelier','Pavilion atelier','');
FILE_SCHEMA(('AUTOMOTIVE_DESIGN {{ 1 0 10303 214 1 1 1 1 }}'));
ENDSEC;
DATA;
"""


class _Book:
    """Numbered lines of the data section."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, text: str) -> str:
        self.lines.append(f"#{len(self.lines) + 1}={text};")
        return f"#{len(self.lines)}"


def write(model: Model, path: Path) -> None:
    """All parts, every copy a solid of its own."""
    book = _Book()
    application = book.add("APPLICATION_CONTEXT('automotive design')")
    book.add(
        "APPLICATION_PROTOCOL_DEFINITION('international standard','automotive_design',2000,"
        + application
        + ")"
    )
    length = book.add("(LENGTH_UNIT()NAMED_UNIT(*)SI_UNIT(.MILLI.,.METRE.))")
    angle = book.add("(NAMED_UNIT(*)PLANE_ANGLE_UNIT()SI_UNIT($,.RADIAN.))")
    solid_angle = book.add("(NAMED_UNIT(*)SI_UNIT($,.STERADIAN.)SOLID_ANGLE_UNIT())")
    error = book.add(f"UNCERTAINTY_MEASURE_WITH_UNIT(LENGTH_MEASURE(1.E-5),{length},'accuracy','')")
    context = book.add(
        "(GEOMETRIC_REPRESENTATION_CONTEXT(3)GLOBAL_UNCERTAINTY_ASSIGNED_CONTEXT((" + error + "))"
        f"GLOBAL_UNIT_ASSIGNED_CONTEXT(({length},{angle},{solid_angle}))REPRESENTATION_CONTEXT('',''))"
    )
    for part in model.parts:
        solids = [_solid(book, part.mesh.moved(place), part.name) for place in part.places]
        _product(book, part.name, solids, application, context)
    text = _HEAD.format(name=path.name) + "\n".join(book.lines) + "\nENDSEC;\nEND-ISO-10303-21;\n"
    path.write_text(text, encoding="ascii", newline="\n")


def _product(book: _Book, name: str, solids: list[str], application: str, context: str) -> None:
    kind = book.add(f"PRODUCT_CONTEXT('',{application},'mechanical')")
    product = book.add(f"PRODUCT('{name}','{name}','',({kind}))")
    book.add(f"PRODUCT_RELATED_PRODUCT_CATEGORY('part',$,({product}))")
    version = book.add(f"PRODUCT_DEFINITION_FORMATION('','',{product})")
    stage = book.add(f"PRODUCT_DEFINITION_CONTEXT('part definition',{application},'design')")
    definition = book.add(f"PRODUCT_DEFINITION('design','',{version},{stage})")
    shape = book.add(f"PRODUCT_DEFINITION_SHAPE('','',{definition})")
    origin = _axes(book, np.zeros(3), np.array([0.0, 0, 1]), np.array([1.0, 0, 0]))
    body = book.add(
        f"ADVANCED_BREP_SHAPE_REPRESENTATION('{name}',({','.join([origin, *solids])}),{context})"
    )
    book.add(f"SHAPE_DEFINITION_REPRESENTATION({shape},{body})")


def _solid(book: _Book, mesh: Mesh, name: str) -> str:
    """Vertices and edges are shared between faces, so the shell is closed for a kernel too."""
    points = [book.add(f"CARTESIAN_POINT('',({_xyz(v)}))") for v in mesh.vertices]
    corners = [book.add(f"VERTEX_POINT('',{point})") for point in points]
    edges: dict[tuple[int, int], str] = {}
    faces = []
    for triangle in mesh.faces.tolist():
        loop = []
        for a, b in zip(triangle, triangle[1:] + triangle[:1], strict=True):
            low, high = min(a, b), max(a, b)
            if (low, high) not in edges:
                way = mesh.vertices[high] - mesh.vertices[low]
                line = book.add(f"DIRECTION('',({_xyz(way / np.linalg.norm(way))}))")
                vector = book.add(f"VECTOR('',{line},1.)")
                curve = book.add(f"LINE('',{points[low]},{vector})")
                edges[low, high] = book.add(
                    f"EDGE_CURVE('',{corners[low]},{corners[high]},{curve},.T.)"
                )
            loop.append(
                book.add(f"ORIENTED_EDGE('',*,*,{edges[low, high]},.{'T' if a < b else 'F'}.)")
            )
        ring = book.add(f"EDGE_LOOP('',({','.join(loop)}))")
        bound = book.add(f"FACE_OUTER_BOUND('',{ring},.T.)")
        a, b, c = mesh.vertices[triangle]
        plane = book.add(f"PLANE('',{_axes(book, a, np.cross(b - a, c - a), b - a)})")
        faces.append(book.add(f"ADVANCED_FACE('',({bound}),{plane},.T.)"))
    shell = book.add(f"CLOSED_SHELL('',({','.join(faces)}))")
    return book.add(f"MANIFOLD_SOLID_BREP('{name}',{shell})")


def _axes(book: _Book, at: np.ndarray, z: np.ndarray, x: np.ndarray) -> str:
    point = book.add(f"CARTESIAN_POINT('',({_xyz(at)}))")
    up = book.add(f"DIRECTION('',({_xyz(z / np.linalg.norm(z))}))")
    side = book.add(f"DIRECTION('',({_xyz(x / np.linalg.norm(x))}))")
    return book.add(f"AXIS2_PLACEMENT_3D('',{point},{up},{side})")


def _xyz(vector: np.ndarray) -> str:
    return ",".join(f"{value + 0.0:.7f}" for value in vector.tolist())
