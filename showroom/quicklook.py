"""Whether a USDZ will open in Apple's Quick Look: our own reading of the published limits.

Sources: the USDZ specification (openusd.org/release/spec_usdz.html: stored zip, 64-byte alignment,
allowed files) and Apple's "Creating USD files for Apple devices" and WWDC notes (Y up, metres,
UsdPreviewSurface only, no lights or cameras, about 100,000 polygons, textures up to 2048 pixels).
usd-core 26.11 has no ComplianceChecker any more, and UsdValidation passed a Z-up file with lights.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from showroom.errors import Problem

_FIRST = (".usdc", ".usda", ".usd")
_ALLOWED = (*_FIRST, ".png", ".jpg", ".jpeg", ".m4a", ".mp3", ".wav")
_PRIMS = {"Xform", "Scope", "Mesh", "Material", "Shader", "GeomSubset", "Skeleton", "SkelRoot", ""}
_SHADERS = {"UsdPreviewSurface", "UsdUVTexture", "UsdTransform2d"}
MOST_TRIANGLES = 100_000
_SMALLEST, _LARGEST = 0.001, 2.0  # metres: smaller vanishes on a table, larger is a wrong unit


def check(path: Path) -> tuple[Problem, ...]:
    """Everything that Quick Look would refuse or show wrong; empty when it is sound."""
    found = list(_archive(path))
    return tuple(found) if found else tuple(_stage(path))


def _problem(message: str) -> Problem:
    return Problem("quicklook", message, "Build the file again with the current version.")


def _archive(path: Path) -> list[Problem]:
    problems = []
    with zipfile.ZipFile(path) as archive, path.open("rb") as raw:
        entries = archive.infolist()
        if not entries or not entries[0].filename.endswith(_FIRST):
            problems.append(_problem("The first file of the package is no USD layer."))
        for entry in entries:
            if entry.compress_type != zipfile.ZIP_STORED or entry.flag_bits & 1:
                problems.append(_problem(f"{entry.filename} is compressed or encrypted."))
            if not entry.filename.lower().endswith(_ALLOWED):
                problems.append(_problem(f"{entry.filename} is of a kind that may not be inside."))
            raw.seek(entry.header_offset + 26)
            sizes = raw.read(4)
            data = entry.header_offset + 30
            data += int.from_bytes(sizes[:2], "little") + int.from_bytes(sizes[2:], "little")
            if data % 64:
                problems.append(_problem(f"{entry.filename} does not start at a multiple of 64."))
    return problems


def _stage(path: Path) -> list[Problem]:
    from pxr import Usd, UsdGeom

    stage = Usd.Stage.Open(str(path))
    problems = []
    if not stage.GetDefaultPrim():
        problems.append(_problem("The stage has no default prim."))
    if UsdGeom.GetStageUpAxis(stage) != "Y":
        problems.append(_problem("The stage is not Y up."))
    if not stage.HasAuthoredMetadata("metersPerUnit"):
        problems.append(_problem("The stage does not say how long its unit is."))
    triangles = 0
    for prim in stage.Traverse(Usd.TraverseInstanceProxies()):
        kind = str(prim.GetTypeName())
        if kind not in _PRIMS:
            problems.append(_problem(f"{prim.GetPath()} is a {kind}, which Quick Look ignores."))
        if kind == "Shader" and str(prim.GetAttribute("info:id").Get()) not in _SHADERS:
            problems.append(_problem(f"{prim.GetPath()} is a shader that Quick Look cannot draw."))
        if kind == "Mesh":
            problems += _mesh(prim)
            triangles += len(UsdGeom.Mesh(prim).GetFaceVertexCountsAttr().Get() or ())
    if not triangles:
        problems.append(_problem("The stage holds no triangles."))
    if triangles > MOST_TRIANGLES:
        problems.append(_problem(f"{triangles:,} triangles; {MOST_TRIANGLES:,} are advised."))
    return problems + _size(stage)


def _mesh(prim: Any) -> list[Problem]:
    from pxr import UsdGeom, UsdShade

    mesh, problems = UsdGeom.Mesh(prim), []
    points = np.asarray(mesh.GetPointsAttr().Get())
    corners = np.asarray(mesh.GetFaceVertexIndicesAttr().Get())
    counts = np.asarray(mesh.GetFaceVertexCountsAttr().Get())
    if not np.isfinite(points).all() or (len(corners) and corners.max() >= len(points)):
        problems.append(_problem(f"{prim.GetPath()} has points or corners that do not exist."))
    if len(corners) != counts.sum():
        problems.append(_problem(f"{prim.GetPath()} has other corners than its faces need."))
    if mesh.GetSubdivisionSchemeAttr().Get() != "none":
        problems.append(_problem(f"{prim.GetPath()} would be smoothed by subdivision."))
    if not mesh.GetExtentAttr().HasAuthoredValue():
        problems.append(_problem(f"{prim.GetPath()} does not say how large it is."))
    normals = mesh.GetNormalsAttr().Get()
    if normals is not None and len(normals):
        length = np.linalg.norm(np.asarray(normals), axis=1)
        if np.abs(length - 1).max() > 1e-3:
            problems.append(_problem(f"{prim.GetPath()} has normals that are not of length one."))
    if not UsdShade.MaterialBindingAPI(prim).ComputeBoundMaterial()[0]:
        problems.append(_problem(f"{prim.GetPath()} has no material."))
    return problems


def _size(stage: Any) -> list[Problem]:
    from pxr import Usd, UsdGeom

    cache = UsdGeom.BBoxCache(Usd.TimeCode.Default(), [UsdGeom.Tokens.default_])
    box = cache.ComputeWorldBound(stage.GetPseudoRoot()).ComputeAlignedRange()
    metres = UsdGeom.GetStageMetersPerUnit(stage) * max(box.GetSize()) if not box.IsEmpty() else 0
    if not _SMALLEST <= metres <= _LARGEST:
        return [_problem(f"The piece is {metres * 1000:.1f} mm large, which cannot be.")]
    return []
