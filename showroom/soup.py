"""Triangle soup to indexed triangles: corners at the same place become one vertex."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from showroom.scene import Faces, Points

Rows = NDArray[np.uint32]  # (n, k)
Index = NDArray[np.uint32]  # (n,)

_MOST_ROUNDS = 24  # 15 million rows, a sixth of them distinct, need five
_STRIDE = 1 << 20  # rows at a time: 15 million at once would hold every passing result in full


def joined(corners: Points) -> tuple[Points, Faces]:
    """Vertices and faces of soup: every three rows of `corners` (3m, 3) are one triangle."""
    first, inverse = same_rows(np.ascontiguousarray(corners, np.float32))
    faces = inverse.reshape(-1, 3)
    return corners[first], faces


def same_rows(rows: Points) -> tuple[NDArray[np.int64], Index]:
    """The first index of every distinct row in order of appearance, and each row's number."""
    rows = rows + np.float32(0)  # turns -0.0 into 0.0
    owner = first_of(rows.view(np.uint32))
    del rows
    first = np.flatnonzero(owner == np.arange(len(owner), dtype=np.uint32))
    number = np.zeros(len(owner), np.uint32)
    number[first] = np.arange(len(first), dtype=np.uint32)
    return first, number[owner]


def first_of(rows: Rows) -> Index:
    """(n,): for each row the index of the first row that is the same.

    A hash table filled in rounds. In each, every row left writes its index into the slot of its
    hash, the earliest last, and reads which row is there: one that is the same as its own, and then
    it has found it, or another, and then it retries under another hash. Equal rows always move
    together, so the first of them is never lost. A quarter of the time that sorting hashes takes,
    and linear. Rows made to collide end in a comparison of them all.
    """
    count = len(rows)
    owner = np.arange(count, dtype=np.uint32)
    table = np.empty(1 << max((count - 1).bit_length() - 1, 4), np.uint32)
    left = owner.copy()
    for turn in range(_MOST_ROUNDS):
        own = rows[left] if turn else rows
        slots = np.concatenate([_slots(own[part], turn, table) for part in _slices(left)])
        table[slots[::-1]] = left[::-1]  # of repeated slots numpy keeps the last that is written
        others = []
        for part in _slices(left):
            mine, found = left[part], table[slots[part]]
            same = np.ones(len(mine), bool)
            for column, requested in zip(rows.T, own[part].T, strict=True):
                same &= requested == column[found]
            owner[mine[same]] = found[same]
            others.append(mine[~same])
        left = np.concatenate(others)
        if len(left) == 0:
            return owner
    return _sorted(rows)


def _slots(rows: Rows, turn: int, table: Index) -> Index:
    # The mixing of murmur3 (A. Appleby, public domain), another seed each turn.
    key = np.full(len(rows), (0x9E3779B9 * (turn + 1)) & 0xFFFFFFFF, np.uint32)
    for column in rows.T:
        key ^= column
        key *= np.uint32(0x85EBCA6B)
        key ^= key >> np.uint32(15)
        key *= np.uint32(0xC2B2AE35)
        key ^= key >> np.uint32(13)
    return key & np.uint32(len(table) - 1)


def _slices(rows: Index) -> list[slice]:
    return [slice(start, start + _STRIDE) for start in range(0, max(len(rows), 1), _STRIDE)]


def _sorted(rows: Rows) -> Index:
    _, first, inverse = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    owner: Index = first[inverse.reshape(-1)].astype(np.uint32)
    return owner
