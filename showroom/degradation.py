"""What Scene Viewer and Quick Look will not show of a piece, said before a shopper notices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from showroom.materials import Materials
from showroom.scene import Role, Scene

_SAYS = {
    "KHR_materials_transmission": "light does not pass through it",
    "KHR_materials_volume": "its depth of colour is even",
    "KHR_materials_dispersion": "it has no fire",
    "KHR_materials_iridescence": "its play of colour is missing",
    "KHR_materials_clearcoat": "its surface is a little duller",
    "KHR_materials_sheen": "its lustre is flatter",
    "KHR_materials_anisotropy": "brushing shows no direction",
    "KHR_materials_specular": "its highlights are plain",
}


def losses(
    scene: Scene, alloys: tuple[str, ...], materials: Materials, web: int, ar: int
) -> tuple[Mapping[str, str], ...]:
    """{reader, part, loss} for everything that a phone's own viewer will show otherwise."""
    found: list[dict[str, str]] = []
    for code, finish in dict.fromkeys((part.material, part.finish) for part in scene.parts):
        names: Mapping[str, Any] = _extensions(code, finish, materials)
        said = [text for name, text in _SAYS.items() if name in names]
        if said:
            loss = "; ".join(said)
            found += [
                {"reader": reader, "part": code, "loss": loss}
                for reader in ("Scene Viewer", "Quick Look")
            ]
    if any(part.role is Role.STONE for part in scene.parts):
        found += [
            {"reader": reader, "part": "stones", "loss": "drawn as bright facets, not traced"}
            for reader in ("Scene Viewer", "Quick Look")
        ]
    if len(alloys) > 1:
        found.append(
            {"reader": "Scene Viewer", "part": "metal", "loss": f"only {alloys[0]} is in the file"}
        )
        found.append(
            {"reader": "Quick Look", "part": "metal", "loss": "each metal is a file of its own"}
        )
    if ar < web:
        found += [
            {"reader": reader, "part": "all", "loss": f"{ar:,} of {web:,} triangles"}
            for reader in ("Scene Viewer", "Quick Look")
        ]
    return tuple(found)


def _extensions(code: str, finish: str, materials: Materials) -> Mapping[str, Any]:
    if code in materials.alloys:
        return dict(materials.gltf(code, finish, "web").get("extensions", {}))
    if code in materials.stones:
        return dict(materials.gltf(code, target="web").get("extensions", {}))
    return {}
