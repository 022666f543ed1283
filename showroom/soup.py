"""Triangle soup to indexed triangles: corners at the same place become one vertex."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from showroom.scene import Faces, Points

# Odd 64-bit constants (splitmix64 and the golden ratio); any good mixers do.
_MIX = np.array([0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB], np.uint64)


def joined(corners: Points) -> tuple[Points, Faces]:
    """Vertices and faces of soup: every three rows of `corners` (3m, 3) are one triangle."""
    first, inverse = same_rows(np.ascontiguousarray(corners, np.float32))
    faces = inverse.reshape(-1, 3)
    return corners[first], faces


def same_rows(rows: Points) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    """The first index of every distinct row in order of appearance, and each row's number.

    Rows are hashed to 64 bits and sorted as integers: 15 million rows take 2 s and 400 MB, where
    `np.unique(axis=0)` takes 20 s and 2 GB. A collision among 10^7 rows has odds of 3 in a million
    and is caught: rows that share a hash but differ fall back to the exact way.
    """
    rows = rows + np.float32(0)  # turns -0.0 into 0.0
    bits = rows.view(np.uint32)
    key = np.empty(len(rows), np.uint64)
    for part in _slices(len(rows)):
        key[part] = hashes(bits[part])
    order = np.argsort(key, kind="stable")
    key = key[order]
    new = np.empty(len(rows), bool)
    new[:1] = True
    np.not_equal(key[1:], key[:-1], out=new[1:])
    del key
    first = order[new]
    group = np.cumsum(new, dtype=np.uint32)
    group -= np.uint32(1)
    for part in _slices(len(rows)):
        if not np.array_equal(bits[order[part]], bits[first[group[part]]]):
            return _exact(bits)
    seen = np.zeros(len(rows), bool)
    seen[first] = True
    rank = np.cumsum(seen, dtype=np.uint32)[first] - np.uint32(1)  # number by first appearance
    inverse = np.empty(len(rows), np.uint32)
    inverse[order] = rank[group]
    return np.flatnonzero(seen), inverse


def _slices(count: int) -> list[slice]:
    # A million rows at a time: 15 million at once would hold every passing result in full.
    return [slice(start, start + (1 << 20)) for start in range(0, count, 1 << 20)]


def hashes(bits: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """(n,): a 64-bit hash of each row."""
    key = np.zeros(len(bits), np.uint64)
    for column in range(bits.shape[1]):
        key ^= bits[:, column].astype(np.uint64) + (key << np.uint64(6)) + (key >> np.uint64(2))
        key *= _MIX[column % 3]
        key ^= key >> np.uint64(29)
    return key


def _exact(bits: NDArray[np.uint32]) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    _, first, inverse = np.unique(bits, axis=0, return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(first))
    return np.sort(first), rank[inverse.reshape(-1)].astype(np.uint32)
