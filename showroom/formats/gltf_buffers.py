"""Numbers out of glTF buffers, with every length checked before a byte is taken."""

from __future__ import annotations

import base64
import binascii
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from showroom.errors import DamagedFile, OutsideFile, TooLarge
from showroom.formats import meshopt
from showroom.formats.neighbours import read_neighbour
from showroom.limits import Limits

_DTYPES = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
_MESHOPT = ("EXT_meshopt_compression", "KHR_meshopt_compression")


def item(document: dict[str, Any], kind: str, index: Any) -> dict[str, Any]:
    """`document[kind][index]`, or DamagedFile: negative numbers and non-lists are no index."""
    things = document.get(kind)
    if not isinstance(index, int) or isinstance(index, bool) or not isinstance(things, list):
        raise DamagedFile(f"The glTF file names {kind}[{index!r}], which does not exist.")
    if not 0 <= index < len(things) or not isinstance(things[index], dict):
        raise DamagedFile(f"The glTF file names {kind}[{index}], which does not exist.")
    return dict(things[index])


def whole(value: Any, what: str, default: int = 0) -> int:
    """A whole number from 0 on, or DamagedFile."""
    value = default if value is None else value
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise DamagedFile(f"The glTF file gives {value!r} as {what}.")
    return value


class Buffers:
    """The buffers of one document, read and unpacked on demand."""

    def __init__(
        self, document: dict[str, Any], binary: memoryview | None, path: Path, limits: Limits
    ) -> None:
        self.document = document
        self.binary = binary
        self.path = path
        self.limits = limits
        self._buffers: dict[int, memoryview] = {}
        self._views: dict[int, memoryview] = {}
        self._unpacked = 0

    def accessor(self, index: Any) -> NDArray[Any]:
        """(count, width) in the stored type, or floats where the accessor is normalized."""
        accessor = item(self.document, "accessors", index)
        dtype, width, count = self._shape(accessor)
        if accessor.get("bufferView") is None:
            self._budget(count * width * dtype.itemsize)
            values = np.zeros((count, width), dtype)
        else:
            values = self._strided(accessor, dtype, width, count)
        if "sparse" in accessor:
            values = self._sparse(accessor["sparse"], values, dtype, width)
        if accessor.get("normalized") and dtype.kind != "f":
            top = float(np.iinfo(dtype).max)
            values = np.maximum(values.astype(np.float32) / np.float32(top), np.float32(-1))
        return values

    def _shape(self, accessor: dict[str, Any]) -> tuple[np.dtype[Any], int, int]:
        if accessor.get("componentType") not in _DTYPES or accessor.get("type") not in _WIDTHS:
            raise DamagedFile("The glTF file has numbers of a kind that does not exist.")
        count = whole(accessor.get("count"), "a count")
        # No piece needs more: three corners for each triangle, unshared.
        if count > 3 * self.limits.triangles:
            raise TooLarge(
                f"The file announces {count:,} values at once; "
                f"{self.limits.triangles:,} triangles are allowed.",
                hint="Export with a coarser mesh setting.",
            )
        return np.dtype(_DTYPES[accessor["componentType"]]), _WIDTHS[accessor["type"]], count

    def _strided(
        self, accessor: dict[str, Any], dtype: np.dtype[Any], width: int, count: int
    ) -> NDArray[Any]:
        view, stride = self.view(accessor["bufferView"])
        offset = whole(accessor.get("byteOffset"), "an offset")
        size = dtype.itemsize * width
        stride = stride or size
        if stride < size or (count and offset + stride * (count - 1) + size > len(view)):
            raise DamagedFile("The glTF file is cut short: numbers are beyond its end.")
        if not count:
            return np.empty((0, width), dtype)
        rows = np.ndarray((count, width), dtype, view, offset, (stride, dtype.itemsize))
        return np.ascontiguousarray(rows)

    def _sparse(
        self, sparse: dict[str, Any], values: NDArray[Any], dtype: np.dtype[Any], width: int
    ) -> NDArray[Any]:
        count = whole(sparse.get("count"), "a count")
        where_spec, what_spec = sparse["indices"], sparse["values"]
        where_type = np.dtype(_DTYPES[where_spec["componentType"]])
        where = self._strided(where_spec, where_type, 1, count)[:, 0]
        what = self._strided(what_spec, dtype, width, count)
        if count and int(where.max()) >= len(values):
            raise DamagedFile("The glTF file changes a value that does not exist.")
        values = values.copy()
        values[where.astype(np.int64)] = what
        return values

    def view(self, index: Any) -> tuple[memoryview, int]:
        """The bytes of a buffer view and its stride (0: packed), meshopt undone."""
        view = item(self.document, "bufferViews", index)
        extensions = view.get("extensions") or {}
        packed = next((extensions[name] for name in _MESHOPT if name in extensions), None)
        stride = whole(view.get("byteStride"), "a stride")
        if packed is None:
            return self._slice(view), stride
        if index not in self._views:
            count = whole(packed.get("count"), "a count")
            width = whole(packed.get("byteStride"), "a stride")
            self._budget(count * width)
            self._views[index] = memoryview(
                meshopt.decode(
                    bytes(self._slice(packed)),
                    count,
                    width,
                    str(packed.get("mode")),
                    str(packed.get("filter", "NONE")),
                )
            )
        return self._views[index], stride or whole(packed.get("byteStride"), "a stride")

    def _slice(self, view: dict[str, Any]) -> memoryview:
        buffer = self._buffer(view.get("buffer"))
        start = whole(view.get("byteOffset"), "an offset")
        length = whole(view.get("byteLength"), "a length")
        if start + length > len(buffer):
            raise DamagedFile("The glTF file is cut short: a view is beyond its buffer.")
        return buffer[start : start + length]

    def _buffer(self, index: Any) -> memoryview:
        if index in self._buffers:
            return self._buffers[index]
        buffer = item(self.document, "buffers", index)
        uri = buffer.get("uri")
        if uri is None:
            if self.binary is None or index != 0:
                raise DamagedFile("The glTF file's numbers are missing.")
            data = self.binary
        elif str(uri).startswith("data:"):
            data = memoryview(self._inline(str(uri)))
        else:
            data = memoryview(read_neighbour(self.path, str(uri), self.limits))
        if len(data) < whole(buffer.get("byteLength"), "a length"):
            raise DamagedFile("The glTF file is cut short: its buffer is too small.")
        self._buffers[index] = data
        return data

    def _inline(self, uri: str) -> bytes:
        head, _, payload = uri.partition(",")
        if not head.endswith(";base64"):
            raise OutsideFile("The glTF file holds an address of a kind that we do not follow.")
        try:
            return base64.b64decode(payload, validate=True)
        except binascii.Error as error:
            raise DamagedFile("The numbers inside the glTF file are damaged.") from error

    def _budget(self, size: int) -> None:
        self._unpacked += size
        if self._unpacked > self.limits.unpacked_bytes:
            raise TooLarge("The file unpacks to more than is allowed.")
