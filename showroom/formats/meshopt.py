"""Decoder of EXT_meshopt_compression: attributes (version 0), triangles, index sequences, filters.

In plain Python and numpy, because the readers' child may start no other program. Written from the
extension's own text (github.com/KhronosGroup/glTF, EXT_meshopt_compression/README.md, appendix A).
A million triangles take about 2 s.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from showroom.errors import DamagedFile

_DAMAGED = "The compressed numbers of the GLB file are damaged."
_ATTRIBUTES, _TRIANGLES, _TRIANGLES_OLD, _SEQUENCE = 0xA0, 0xE1, 0xE0, 0xD1


def decode(data: bytes, count: int, stride: int, mode: str, filter_: str) -> bytes:
    """`count` elements of `stride` bytes, or DamagedFile."""
    try:
        if mode == "ATTRIBUTES":
            return _filtered(_attributes(data, count, stride), filter_).tobytes()
        if mode == "TRIANGLES":
            return _sized(_triangles(data, count), stride)
        if mode == "INDICES":
            return _sized(_sequence(data, count), stride)
    except (IndexError, ValueError) as error:
        raise DamagedFile(_DAMAGED) from error
    raise DamagedFile(f"The GLB file is compressed in a way we do not know ({mode[:40]}).")


def _sized(values: list[int], stride: int) -> bytes:
    if stride not in (2, 4):
        raise DamagedFile(_DAMAGED)
    array = np.array(values, np.int64) & 0xFFFFFFFF
    return array.astype("<u4" if stride == 4 else "<u2").tobytes()


def _attributes(data: bytes, count: int, stride: int) -> NDArray[np.uint8]:
    tail = max(stride, 32)
    if not data or data[0] != _ATTRIBUTES or not 0 < stride <= 256 or stride % 4:
        raise DamagedFile(_DAMAGED)
    if len(data) < 1 + tail:
        raise DamagedFile(_DAMAGED)
    raw = np.frombuffer(data, np.uint8)
    end = len(data) - tail
    last = raw[len(data) - stride :].copy()
    block = min((8192 // stride) & ~15, 256)
    out = np.empty((count, stride), np.uint8)
    position = 1
    for start in range(0, count, block):
        size = min(block, count - start)
        groups = (size + 15) // 16
        for byte in range(stride):
            deltas, position = _deltas(raw, position, groups, end)
            zigzag = deltas[:size]
            steps = (zigzag >> 1) ^ (0 - (zigzag & 1)).astype(np.uint8)
            out[start : start + size, byte] = last[byte] + np.cumsum(steps, dtype=np.uint8)
        last = out[start + size - 1].copy()
    if position != end:
        raise DamagedFile(_DAMAGED)
    return out


def _deltas(
    raw: NDArray[np.uint8], position: int, groups: int, end: int
) -> tuple[NDArray[np.uint8], int]:
    header = raw[position : position + (groups + 3) // 4]
    position += len(header)
    modes = ((header[:, None] >> np.array([0, 2, 4, 6], np.uint8)) & 3).reshape(-1)
    out = np.zeros((groups, 16), np.uint8)
    for group in range(groups):
        mode = int(modes[group])
        if mode == 0:
            continue
        size = (0, 4, 8, 16)[mode]
        if position + size > end:
            raise DamagedFile(_DAMAGED)
        packed = raw[position : position + size]
        position += size
        if mode == 3:
            out[group] = packed
            continue
        bits = 2 if mode == 1 else 4
        shifts = np.arange(8 - bits, -1, -bits, dtype=np.uint8)
        values = ((packed[:, None] >> shifts) & ((1 << bits) - 1)).reshape(-1).astype(np.uint8)
        escaped = np.flatnonzero(values == (1 << bits) - 1)
        if position + len(escaped) > end:
            raise DamagedFile(_DAMAGED)
        values[escaped] = raw[position : position + len(escaped)]
        position += len(escaped)
        out[group] = values
    return out.reshape(-1), position


class _Varints:
    """Little-endian base-128 numbers, one after another."""

    def __init__(self, data: bytes, start: int, end: int) -> None:
        self.data, self.position, self.end = data, start, end

    def byte(self) -> int:
        if self.position >= self.end:
            raise DamagedFile(_DAMAGED)
        self.position += 1
        return self.data[self.position - 1]

    def number(self) -> int:
        value = shift = 0
        while shift < 35:
            byte = self.byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7
        raise DamagedFile(_DAMAGED)

    def step(self) -> int:
        value = self.number()
        return (value >> 1) ^ -(value & 1)


def _sequence(data: bytes, count: int) -> list[int]:
    if not data or data[0] != _SEQUENCE:
        raise DamagedFile(_DAMAGED)
    varints = _Varints(data, 1, len(data) - 4)
    last = [0, 0]
    out = []
    for _ in range(count):
        value = varints.number()
        which, value = value & 1, value >> 1
        last[which] += (value >> 1) ^ -(value & 1)
        out.append(last[which])
    return out


def _triangles(data: bytes, count: int) -> list[int]:
    # The names follow the extension's text; one long function because it is one state machine and
    # a call per triangle would triple its time.
    if not data or data[0] not in (_TRIANGLES, _TRIANGLES_OLD) or count % 3:
        raise DamagedFile(_DAMAGED)
    total = count // 3
    if len(data) < 1 + total + 16:
        raise DamagedFile(_DAMAGED)
    table = data[-16:]
    varints = _Varints(data, 1 + total, len(data) - 16)
    fecmax = 13 if data[0] == _TRIANGLES else 15
    edges: list[tuple[int, int]] = [(0, 0)] * 16
    vertices = [0] * 16
    edge = vertex = fresh = last = 0
    out: list[int] = []
    for code in data[1 : 1 + total]:
        if code < 0xF0:
            a, b = edges[(edge - 1 - (code >> 4)) & 15]
            fec = code & 15
            if fec < fecmax:
                if fec == 0:
                    c = fresh
                    fresh += 1
                    vertices[vertex & 15] = c
                    vertex += 1
                else:
                    c = vertices[(vertex - 1 - fec) & 15]
            else:
                last = c = last + varints.step() if fec == 15 else last + fec - (fec ^ 3)
                vertices[vertex & 15] = c
                vertex += 1
            edges[edge & 15] = (c, b)
            edges[(edge + 1) & 15] = (a, c)
            edge += 2
        else:
            if code < 0xFE:
                aux, fea = table[code & 15], 0
            else:
                aux, fea = varints.byte(), 0 if code == 0xFE else 15
                if aux == 0:
                    fresh = 0
            feb, fec = aux >> 4, aux & 15
            a = b = c = 0
            if fea == 0:
                a = fresh
                fresh += 1
            if feb == 0:
                b = fresh
                fresh += 1
            elif code < 0xFE or feb != 15:
                b = vertices[(vertex - feb) & 15]
            if fec == 0:
                c = fresh
                fresh += 1
            elif code < 0xFE or fec != 15:
                c = vertices[(vertex - fec) & 15]
            if code >= 0xFE:
                if fea == 15:
                    last = a = last + varints.step()
                if feb == 15:
                    last = b = last + varints.step()
                if fec == 15:
                    last = c = last + varints.step()
            vertices[vertex & 15] = a
            vertex += 1
            if feb == 0 or (feb == 15 and code >= 0xFE):
                vertices[vertex & 15] = b
                vertex += 1
            if fec == 0 or (fec == 15 and code >= 0xFE):
                vertices[vertex & 15] = c
                vertex += 1
            edges[edge & 15] = (b, a)
            edges[(edge + 1) & 15] = (c, b)
            edges[(edge + 2) & 15] = (a, c)
            edge += 3
        out += (a, b, c)
    return out


def _filtered(rows: NDArray[np.uint8], name: str) -> NDArray[np.generic]:
    width = rows.shape[1]
    if name == "NONE":
        return rows
    if name == "EXPONENTIAL":
        words = rows.view("<i4")
        exponent = words >> 24
        mantissa = (words << 8) >> 8
        values: NDArray[np.generic] = np.ldexp(mantissa.astype(np.float32), exponent)
        return values
    if name == "QUATERNION" and width == 8:
        return _quaternions(rows.view("<i2").astype(np.float32))
    if name == "OCTAHEDRAL" and width in (4, 8):
        return _octahedral(rows.view("<i1" if width == 4 else "<i2"))
    raise DamagedFile(_DAMAGED)


def _quaternions(stored: NDArray[np.float32]) -> NDArray[np.generic]:
    scale = (stored[:, 3].astype(np.int32) | 3).astype(np.float32)
    three = stored[:, :3] / (scale * np.float32(np.sqrt(2.0)))[:, None]
    fourth = np.sqrt(np.maximum(0.0, 1.0 - (three**2).sum(1)))
    largest = stored[:, 3].astype(np.int32) & 3
    out = np.empty((len(stored), 4), np.float32)
    rows = np.arange(len(stored))
    for step in range(3):
        out[rows, (largest + 1 + step) & 3] = three[:, step]
    out[rows, largest] = fourth
    return np.rint(out * 32767).astype("<i2")


def _octahedral(stored: NDArray[np.signedinteger]) -> NDArray[np.generic]:
    top = float(np.iinfo(stored.dtype).max)
    one = np.maximum(stored[:, 2].astype(np.float32), 1.0)
    x, y = stored[:, 0] / one, stored[:, 1] / one
    z = 1.0 - np.abs(x) - np.abs(y)
    fold = np.maximum(-z, 0.0)
    x, y = x - np.copysign(fold, x), y - np.copysign(fold, y)
    length = np.sqrt(x * x + y * y + z * z)
    out = np.stack([x / length * top, y / length * top, z / length * top], axis=1)
    return np.concatenate([np.rint(out), stored[:, 3:4]], axis=1).astype(stored.dtype)
