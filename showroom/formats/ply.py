"""PLY, ASCII and binary of both byte orders: points and faces; colours are left out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from showroom.errors import DamagedFile, NothingToShow, TooLarge
from showroom.formats.polygons import fans
from showroom.limits import Limits
from showroom.scene import Scene, one_part
from showroom.text import numbers

NAME = "PLY"
_TYPES = {
    "char": "i1", "int8": "i1", "uchar": "u1", "uint8": "u1", "short": "i2", "int16": "i2",
    "ushort": "u2", "uint16": "u2", "int": "i4", "int32": "i4", "uint": "u4", "uint32": "u4",
    "float": "f4", "float32": "f4", "double": "f8", "float64": "f8",
}  # fmt: skip
_LONGEST_HEADER = 1 << 16


def detect(head: bytes, size: int) -> bool:
    """The magic word on a line of its own."""
    return head[:4] in (b"ply\n", b"ply\r")


@dataclass(slots=True)
class _Element:
    name: str
    count: int
    names: list[str]
    types: list[str]
    lists: dict[str, tuple[str, str]]


def read(path: Path, limits: Limits) -> Scene:
    """One part. PLY stores neither unit nor axes."""
    blob = path.read_bytes()
    order, elements, body = _header(blob)
    for element in elements:
        if element.count > 3 * limits.triangles:
            raise TooLarge(f"The file announces {element.count:,} {element.name} entries.")
    found = _ascii(blob[body:], elements) if order == "a" else _binary(blob, body, elements, order)
    points, faces = found
    if not len(faces):
        raise NothingToShow("The PLY file has points but no faces.", hint="Export a mesh.")
    if len(faces) > limits.triangles:
        raise TooLarge(f"The file has over {limits.triangles:,} triangles.")
    if faces.min() < 0 or faces.max() >= len(points):
        raise DamagedFile("A face of the PLY file names a point that does not exist.")
    return one_part(path.stem, points, faces.astype(np.uint32))


def _header(blob: bytes) -> tuple[str, list[_Element], int]:
    end = blob.find(b"end_header", 0, _LONGEST_HEADER)
    newline = blob.find(b"\n", end)
    if end < 0 or newline < 0:
        raise DamagedFile("The PLY file's header does not end.")
    order, elements = "", []
    for line in blob[:end].decode("ascii", "replace").splitlines():
        words = line.split()
        if words[:1] == ["format"]:
            order = {"ascii": "a", "binary_little_endian": "<", "binary_big_endian": ">"}.get(
                words[1], ""
            )
        elif words[:1] == ["element"]:
            elements.append(_Element(words[1], int(words[2]), [], [], {}))
        elif words[:2] == ["property", "list"]:
            elements[-1].lists[words[4]] = (_TYPES[words[2]], _TYPES[words[3]])
            elements[-1].names.append(words[4])
            elements[-1].types.append("list")
        elif words[:1] == ["property"]:
            elements[-1].names.append(words[2])
            elements[-1].types.append(_TYPES[words[1]])
    if not order or any(element.count < 0 for element in elements):
        raise DamagedFile("The PLY file's header names no format that exists.")
    return order, elements, newline + 1


_Found = tuple[NDArray[np.float32], NDArray[np.int64]]
_EMPTY = np.empty((0, 3), np.int64)


def _ascii(body: bytes, elements: list[_Element]) -> _Found:
    lines = [line for line in body.splitlines() if line.strip()]
    points, faces, position = np.empty((0, 3), np.float32), _EMPTY, 0
    for element in elements:
        rows = lines[position : position + element.count]
        position += element.count
        if len(rows) < element.count:
            raise DamagedFile("The PLY file is cut short.", hint="Upload it again.")
        if element.name == "vertex" and rows:
            table = numbers(rows, len(element.names))
            columns = [element.names.index(axis) for axis in "xyz"]
            points = table[:, columns].astype(np.float32)
        elif element.name == "face" and rows:
            before = element.names.index(_list_name(element))
            words = [row.split()[before:] for row in rows]
            counts = np.array([int(row[0]) for row in words])
            flat = b" ".join(
                b" ".join(row[1 : 1 + size]) for row, size in zip(words, counts, strict=True)
            )
            values = numbers([flat], int(counts.sum())).reshape(-1)
            faces = fans(values.astype(np.int64), counts)
    return points, faces


def _binary(blob: bytes, body: int, elements: list[_Element], order: str) -> _Found:
    points, faces, position = np.empty((0, 3), np.float32), _EMPTY, body
    for element in elements:
        if not element.lists:
            dtype = np.dtype([(f"{n}{i}", order + t) for i, (n, t) in enumerate(_columns(element))])
            table = np.frombuffer(_bytes(blob, position, dtype.itemsize * element.count), dtype)
            position += dtype.itemsize * element.count
            if element.name == "vertex":
                names = [f"{axis}{element.names.index(axis)}" for axis in "xyz"]
                points = np.stack([table[name] for name in names], axis=1).astype(np.float32)
        else:
            found, position = _lists(blob, position, element, order)
            if element.name == "face":
                faces = found
    return points, faces


def _columns(element: _Element) -> list[tuple[str, str]]:
    return list(zip(element.names, element.types, strict=True))


def _lists(
    blob: bytes, position: int, element: _Element, order: str
) -> tuple[NDArray[np.int64], int]:
    """Faces of a list element: at once where all are triangles, else one by one."""
    name = _list_name(element)
    count_type, value_type = element.lists[name]
    fields: list[tuple[str, str] | tuple[str, str, tuple[int, ...]]] = []
    for index, (column, kind) in enumerate(_columns(element)):
        if kind != "list":
            fields.append((f"{column}{index}", order + kind))
        elif column == name:
            fields += [("size", order + count_type), ("corners", order + value_type, (3,))]
        else:
            raise DamagedFile("The PLY file's faces carry lists that we cannot read.")
    dtype = np.dtype(fields)
    whole = dtype.itemsize * element.count
    if position + whole <= len(blob):
        table = np.frombuffer(blob, dtype, element.count, position)
        if (table["size"] == 3).all():
            return table["corners"].astype(np.int64), position + whole
    return _one_by_one(blob, position, element, order)


def _one_by_one(
    blob: bytes, position: int, element: _Element, order: str
) -> tuple[NDArray[np.int64], int]:
    name = _list_name(element)
    sizes, corners = [], []
    for _ in range(element.count):
        for column, kind in _columns(element):
            if kind != "list":
                position += np.dtype(kind).itemsize
                continue
            count_type, value_type = (np.dtype(order + code) for code in element.lists[column])
            size = int(np.frombuffer(_bytes(blob, position, count_type.itemsize), count_type)[0])
            position += count_type.itemsize
            values = np.frombuffer(_bytes(blob, position, value_type.itemsize * size), value_type)
            position += value_type.itemsize * size
            if column == name and size > 2:
                sizes.append(size)
                corners.append(values.astype(np.int64))
    if not sizes:
        return _EMPTY, position
    return fans(np.concatenate(corners), np.array(sizes)), position


def _bytes(blob: bytes, position: int, size: int) -> bytes:
    if size < 0 or position + size > len(blob):
        raise DamagedFile("The PLY file is cut short.", hint="Upload it again.")
    return blob[position : position + size]


def _list_name(element: _Element) -> str:
    for name in ("vertex_indices", "vertex_index"):
        if name in element.lists:
            return name
    raise DamagedFile("The PLY file's faces have no corners.")
