"""USDZ for Apple's Quick Look: one usdc in an uncompressed, 64-byte-aligned zip.

Y up, metres, UsdPreviewSurface, no lights, no cameras, triangles without subdivision: what Apple
publishes for AR Quick Look. Geometry that is placed several times is stored once and referenced.
"""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from showroom.materials import Materials
from showroom.scene import Mesh, Part, Role, Scene
from showroom.writers.document import enamel, main_metal

_ALIGN = 64
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the oldest date a zip can hold: the same bytes every day


def usdz(scene: Scene, alloy: str, materials: Materials) -> bytes:
    """A baked scene in metres with normals, its main metal in the given alloy."""
    with tempfile.TemporaryDirectory() as folder:
        layer = Path(folder) / "model.usdc"
        _write_layer(scene, alloy, materials, layer)
        return _package("model.usdc", layer.read_bytes())


def _write_layer(scene: Scene, alloy: str, materials: Materials, path: Path) -> None:
    from pxr import Kind, Usd, UsdGeom, UsdShade

    stage = Usd.Stage.CreateNew(str(path))
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.y)
    UsdGeom.SetStageMetersPerUnit(stage, 1.0)
    root = UsdGeom.Xform.Define(stage, "/Piece")
    stage.SetDefaultPrim(root.GetPrim())
    Usd.ModelAPI(root).SetKind(Kind.Tokens.component)
    main = main_metal(scene)
    bound: dict[tuple[str, str], Any] = {}
    sources: dict[int, Any] = {}
    for number, part in enumerate(scene.parts):
        varies = part.role is Role.METAL and part.material == main and alloy
        key = (alloy if varies else part.material, part.finish)
        if key not in bound:
            bound[key] = _material(stage, f"/Piece/Materials/m{len(bound)}", *key, materials)
        name = f"/Piece/{_identifier(part.name)}_{number}"
        for place, transform in enumerate(part.transforms):
            target = name if part.count == 1 else f"{name}/i{place}"
            if part.count > 1 and place == 0:
                UsdGeom.Xform.Define(stage, name)
            prim = _geometry(stage, target, part, scene.mesh(part), sources)
            UsdShade.MaterialBindingAPI.Apply(prim.GetPrim()).Bind(bound[key])
            if not np.array_equal(transform, np.eye(4)):
                _place(prim, transform)
    extent = [tuple(float(value) for value in corner) for corner in scene.bounds()]
    UsdGeom.ModelAPI.Apply(root.GetPrim()).SetExtentsHint(extent)
    stage.GetRootLayer().documentation = "Pavilion"
    stage.GetRootLayer().Save()


def _geometry(stage: Any, path: str, part: Part, mesh: Mesh, sources: dict[int, Any]) -> Any:
    from pxr import Sdf, UsdGeom, Vt

    shape = UsdGeom.Mesh.Define(stage, path)
    if part.geometry in sources:
        shape.GetPrim().GetReferences().AddInternalReference(Sdf.Path(sources[part.geometry]))
        return shape
    if part.count > 1:
        sources[part.geometry] = path
    shape.CreatePointsAttr(Vt.Vec3fArray.FromNumpy(np.ascontiguousarray(mesh.positions)))
    counts = np.full(len(mesh.faces), 3, np.int32)
    shape.CreateFaceVertexCountsAttr(Vt.IntArray.FromNumpy(counts))
    corners = np.ascontiguousarray(mesh.faces.reshape(-1).astype(np.int32))
    shape.CreateFaceVertexIndicesAttr(Vt.IntArray.FromNumpy(corners))
    if mesh.normals is not None:
        shape.CreateNormalsAttr(Vt.Vec3fArray.FromNumpy(np.ascontiguousarray(mesh.normals)))
        shape.SetNormalsInterpolation(UsdGeom.Tokens.vertex)
    shape.CreateSubdivisionSchemeAttr(UsdGeom.Tokens.none)
    low, high = mesh.bounds()
    shape.CreateExtentAttr([tuple(map(float, low)), tuple(map(float, high))])
    return shape


def _place(prim: Any, transform: np.ndarray[Any, np.dtype[np.float64]]) -> None:
    from pxr import Gf

    # USD multiplies row vectors: its matrix is ours transposed.
    rows = [float(value) for value in transform.T.reshape(-1)]
    prim.ClearXformOpOrder()
    prim.AddTransformOp().Set(Gf.Matrix4d(*rows))


def _material(stage: Any, path: str, code: str, finish: str, materials: Materials) -> Any:
    from pxr import Gf, Sdf, UsdShade

    if code.startswith("enamel"):
        look = enamel(code)
    else:
        look = materials.gltf(code, finish if code in materials.alloys else "polished", "usd")
    pbr = look.get("pbrMetallicRoughness", {})
    red, green, blue, alpha = pbr.get("baseColorFactor", (1, 1, 1, 1))
    ior = look.get("extensions", {}).get("KHR_materials_ior", {}).get("ior", 1.5)
    material = UsdShade.Material.Define(stage, path)
    shader = UsdShade.Shader.Define(stage, f"{path}/Surface")
    shader.CreateIdAttr("UsdPreviewSurface")
    kinds = Sdf.ValueTypeNames
    shader.CreateInput("diffuseColor", kinds.Color3f).Set(Gf.Vec3f(red, green, blue))
    for name, value in (
        ("metallic", pbr.get("metallicFactor", 1.0)),
        ("roughness", pbr.get("roughnessFactor", 1.0)),
        ("opacity", alpha if look.get("alphaMode") == "BLEND" else 1.0),
        ("ior", ior),
    ):
        shader.CreateInput(name, kinds.Float).Set(float(value))
    material.CreateSurfaceOutput().ConnectToSource(shader.ConnectableAPI(), "surface")
    return material


def _identifier(name: str) -> str:
    plain = re.sub(r"[^A-Za-z0-9_]+", "_", name)[:40].strip("_")
    return plain if plain and not plain[0].isdigit() else f"part_{plain}"


def _package(name: str, data: bytes) -> bytes:
    """The zip: stored, every file's bytes starting at a multiple of 64 as the USDZ spec demands."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        entry = zipfile.ZipInfo(name, _EPOCH)
        entry.external_attr = 0o644 << 16
        header = 30 + len(name.encode())
        padding = -(target.tell() + header) % _ALIGN
        if 0 < padding < 4:  # an extra field needs four bytes for its own head
            padding += _ALIGN
        if padding:
            entry.extra = b"\x86\x19" + (padding - 4).to_bytes(2, "little") + b"\0" * (padding - 4)
        archive.writestr(entry, data)
    return target.getvalue()
