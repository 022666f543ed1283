"""3MF: objects, components, base materials, units. Textures and slices are left out."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError  # types only; parsing is defusedxml's

import numpy as np
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
from numpy.typing import NDArray

from showroom.errors import DamagedFile, NothingToShow, TooLarge
from showroom.limits import Limits
from showroom.scene import Mesh, Part, Scene

NAME = "3MF"
_UNITS = {
    "micron": "µm", "millimeter": "mm", "centimeter": "cm", "inch": "in", "foot": "ft",
    "meter": "m",
}  # fmt: skip
_HIGHEST_RATIO = 200
_DEEPEST = 16


def detect(head: bytes, size: int) -> bool:
    """A zip archive; whether there is a model in it shows when it is opened."""
    return head.startswith(b"PK\x03\x04")


@dataclass(slots=True)
class _Object:
    name: str = ""
    material: tuple[str, int] | None = None
    pieces: list[tuple[int, tuple[str, int] | None]] = field(default_factory=list)
    components: list[tuple[str, NDArray[np.float64]]] = field(default_factory=list)


def read(path: Path, limits: Limits) -> Scene:
    """A part per object and material, components as placements. Z up by the standard."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = _model_names(archive, limits)
            reader = _Reader(limits)
            for name in names:
                with archive.open(name) as file:
                    reader.parse(_Bounded(file, limits.unpacked_bytes), name)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise DamagedFile(
            f"The 3MF archive is damaged ({error}).", hint="Save it again."
        ) from error
    except DefusedXmlException as error:
        raise DamagedFile("The 3MF file defines entities, which no CAD program writes.") from error
    except ParseError as error:
        raise DamagedFile(f"The 3MF file's model is not valid XML ({error}).") from error
    return reader.scene()


def _model_names(archive: zipfile.ZipFile, limits: Limits) -> list[str]:
    entries = archive.infolist()
    if len(entries) > 10_000:
        raise TooLarge("The archive holds over 10,000 files.")
    for entry in entries:
        if entry.file_size > limits.unpacked_bytes or (
            entry.file_size > 1 << 20
            and entry.file_size > _HIGHEST_RATIO * max(entry.compress_size, 1)
        ):
            raise TooLarge(
                "The archive unpacks to far more than a mesh can need.", hint="Save it again."
            )
    names = [entry.filename for entry in entries if entry.filename.lower().endswith(".model")]
    if not names:
        raise DamagedFile(
            "This archive holds no 3MF model.", hint="Upload the mesh file itself, not a zip of it."
        )
    return sorted(names, key=lambda name: (name.lower() != "3d/3dmodel.model", name))


class _Bounded:
    """A file that stops at a limit: what a zip entry says of its size is not to be trusted."""

    def __init__(self, file: IO[bytes], limit: int) -> None:
        self.file, self.left = file, limit

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(min(size, 1 << 20) if size > 0 else 1 << 20)
        self.left -= len(data)
        if self.left < 0:
            raise TooLarge("The archive unpacks to far more than a mesh can need.")
        return data


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


class _Reader:
    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.meshes: list[Mesh] = []
        self.objects: dict[str, _Object] = {}
        self.bases: dict[str, list[tuple[str, Any]]] = {}
        self.items: list[tuple[str, NDArray[np.float64]]] = []
        self.unit = "mm"
        self.triangles = 0
        self._clear()

    def _clear(self) -> None:
        self.points: list[tuple[str, str, str]] = []
        self.corners: list[tuple[str, str, str]] = []
        self.materials: list[tuple[str, int] | None] = []

    def parse(self, file: _Bounded, name: str) -> None:
        current = _Object()
        group: list[tuple[str, Any]] = []
        parents: list[Element] = []
        for event, element in iterparse(file, events=("start", "end"), forbid_dtd=True):
            tag = _tag(element)
            if event == "start":
                parents.append(element)
                if tag == "model":
                    self.unit = _UNITS.get(element.get("unit", "millimeter"), "mm")
                elif tag == "object":
                    current = self._object(element)
                elif tag == "basematerials":
                    group = self.bases.setdefault(element.get("id", ""), [])
                continue
            parents.pop()
            if tag == "vertex":
                self.points.append((element.get("x"), element.get("y"), element.get("z")))
            elif tag == "triangle":
                self._triangle(element, current)
            elif tag == "mesh":
                self._mesh(current)
            elif tag == "component":
                matrix = _transform(element.get("transform"))
                current.components.append((element.get("objectid", ""), matrix))
            elif tag == "base":
                group.append((element.get("name", ""), _colour(element.get("displaycolor"))))
            elif tag == "item":
                self.items.append(
                    (element.get("objectid", ""), _transform(element.get("transform")))
                )
            if parents:
                parents[-1].remove(element)  # a million vertices as elements take 1 GB

    def _object(self, element: Element) -> _Object:
        made = _Object(name=(element.get("name") or "")[:200])
        if element.get("pid") is not None:
            made.material = (element.get("pid", ""), int(element.get("pindex", "0")))
        self.objects[element.get("id", "")] = made
        return made

    def _triangle(self, element: Element, current: _Object) -> None:
        self.triangles += 1
        if self.triangles > self.limits.triangles:
            raise TooLarge(f"The file has over {self.limits.triangles:,} triangles.")
        self.corners.append((element.get("v1"), element.get("v2"), element.get("v3")))  # type: ignore[arg-type]
        group, index = element.get("pid"), element.get("p1")
        if index is None:
            self.materials.append(current.material)
        else:
            owner = group if group is not None else (current.material or ("", 0))[0]
            self.materials.append((owner, int(index)))

    def _mesh(self, current: _Object) -> None:
        positions = np.array(self.points, np.float64).reshape(-1, 3).astype(np.float32)
        faces = np.array(self.corners, np.int64).reshape(-1, 3)
        materials = self.materials
        self._clear()
        if not len(faces):
            return
        if faces.min() < 0 or faces.max() >= len(positions):
            raise DamagedFile("A triangle of the 3MF file names a point that does not exist.")
        for material in dict.fromkeys(materials):
            chosen = faces[np.array([one == material for one in materials])]
            used, local = np.unique(chosen, return_inverse=True)
            mesh = Mesh(positions[used], local.reshape(-1, 3).astype(np.uint32))
            self.meshes.append(mesh)
            current.pieces.append((len(self.meshes) - 1, material))

    def scene(self) -> Scene:
        placed: dict[tuple[str, int], list[NDArray[np.float64]]] = {}
        stack = [(identity, matrix, 0) for identity, matrix in reversed(self.items)]
        visited = 0
        while stack:
            identity, matrix, depth = stack.pop()
            visited += 1
            if visited > self.limits.placements:
                raise TooLarge(f"The file places over {self.limits.placements:,} objects.")
            thing = self.objects.get(identity)
            if thing is None or depth > _DEEPEST:
                raise DamagedFile("A component of the 3MF file is missing or contains itself.")
            for piece in range(len(thing.pieces)):
                placed.setdefault((identity, piece), []).append(matrix)
            for child, inner in thing.components:
                stack.append((child, matrix @ inner, depth + 1))
        parts = tuple(self._part(*key, matrices) for key, matrices in placed.items())
        if not parts:
            raise NothingToShow("The 3MF file places no mesh.", hint="Save the solid itself.")
        return Scene(tuple(self.meshes), parts, unit=self.unit, up="z")

    def _part(self, identity: str, piece: int, matrices: list[NDArray[np.float64]]) -> Part:
        thing = self.objects[identity]
        geometry, material = thing.pieces[piece]
        bases = self.bases.get(material[0], []) if material else []
        known = material is not None and 0 <= material[1] < len(bases)
        word, colour = bases[material[1]] if known and material else ("", None)
        labels = tuple(dict.fromkeys(label for label in (thing.name, word) if label))
        return Part(
            name=labels[0] if labels else f"object {identity}",
            geometry=geometry,
            transforms=np.stack(matrices),
            labels=labels,
            colour=colour,
        )


def _transform(text: str | None) -> NDArray[np.float64]:
    matrix = np.eye(4)
    if text:
        values = np.array([float(word) for word in text.split()])
        matrix[:3, :4] = values.reshape(4, 3).T
    return matrix


def _colour(text: str | None) -> tuple[float, float, float, float] | None:
    if not text or not text.startswith("#") or len(text) not in (7, 9):
        return None
    red, green, blue = ((int(text[i : i + 2], 16) / 255) ** 2.2 for i in (1, 3, 5))
    return red, green, blue, int(text[7:9] or "ff", 16) / 255
