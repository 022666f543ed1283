"""Normals that keep creases: smooth across bends under an angle, split above it."""

from __future__ import annotations

import numpy as np

from showroom.atelier.mesh import Floats, Ints


def creased(vertices: Floats, faces: Ints, degrees: float) -> tuple[Floats, Floats, Ints]:
    """Vertices, unit normals and faces with a corner split where faces bend by more than `degrees`.

    A corner's normal is the area-weighted sum over those faces at its vertex that lean less than
    `degrees` against the corner's own face; equal corners are merged again.
    """
    corners = vertices[faces]
    area = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    length = np.linalg.norm(area, axis=1)
    unit = area / np.maximum(length, 1e-30)[:, None]
    # weigh by the corner's angle too: slivers of a boolean must not steer a normal
    weight = _angles(corners)
    flat = faces.ravel()
    order = np.argsort(flat, kind="stable")
    face_of = order // 3
    starts = np.searchsorted(flat[order], np.arange(len(vertices)))
    ends = np.append(starts[1:], len(flat))
    out = np.zeros((len(flat), 3))
    weights = weight.ravel()[order]
    limit = np.cos(np.radians(degrees))
    counts = ends - starts
    for step in range(int(counts.max())):
        # pair every corner with the step-th corner (cyclically) of the same vertex
        own = np.repeat(starts, counts)
        place = np.arange(len(flat)) - own
        live = step < np.repeat(counts, counts)
        other = own + (place + step) % np.repeat(counts, counts)
        near = np.einsum("ij,ij->i", unit[face_of], unit[face_of[other]]) > limit
        use = live & near
        out[use] += unit[face_of[other[use]]] * weights[other[use], None]
    norm = np.linalg.norm(out, axis=1, keepdims=True)
    out = np.where(norm > 1e-9, out / np.maximum(norm, 1e-30), unit[face_of])
    normals = np.empty_like(out)
    normals[order] = out
    blank = np.linalg.norm(normals, axis=1) < 0.5
    normals[blank] = (0.0, 0.0, 1.0)
    keys = np.column_stack([flat, np.round(normals * 4096).astype(np.int64)])
    _, first, index = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    return vertices[flat[first]], normals[first], index.ravel().reshape(-1, 3)


def _angles(corners: Floats) -> Floats:
    out = np.empty(corners.shape[:2])
    for i in range(3):
        a = corners[:, (i + 1) % 3] - corners[:, i]
        b = corners[:, (i + 2) % 3] - corners[:, i]
        scale = np.maximum(np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1), 1e-30)
        out[:, i] = np.arccos(np.clip(np.einsum("ij,ij->i", a, b) / scale, -1, 1))
    return out
