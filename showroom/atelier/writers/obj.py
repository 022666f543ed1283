"""OBJ with its MTL beside it: one object and one material a part, millimetres, Y up."""

from __future__ import annotations

from pathlib import Path

from showroom.atelier.colours import colour
from showroom.atelier.model import Model, Part


def write(model: Model, path: Path) -> None:
    """Writes `path` and the .mtl of the same stem."""
    lines = ["# Pavilion atelier; units: millimetres", f"mtllib {path.stem}.mtl"]
    start = 1
    for part in model.parts:
        mesh = part.laid_out()
        lines += [f"o {part.name}", f"g {part.name.replace(' ', '_')}", f"usemtl {part.material}"]
        lines.append("s off" if part.is_faceted else "s 1")
        # The bench has Z up; OBJ files have Y up, as CAD programs write them.
        lines += [f"v {x:.5f} {z:.5f} {-y:.5f}" for x, y, z in mesh.vertices.tolist()]
        lines += [f"f {a} {b} {c}" for a, b, c in (mesh.faces + start).tolist()]
        start += len(mesh.vertices)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    path.with_suffix(".mtl").write_text(_materials(model.parts), encoding="utf-8", newline="\n")


def _materials(parts: tuple[Part, ...]) -> str:
    out = []
    for material, role in sorted({(part.material, part.role) for part in parts}):
        red, green, blue = colour(material)
        clear = (
            0.35 if role == "stone" and material not in ("jadeite", "onyx", "pearl-white") else 1
        )
        shine = "Ks 0.90 0.90 0.90\nNs 400" if role == "metal" else "Ks 0.50 0.50 0.50\nNs 800"
        out.append(f"newmtl {material}\nKd {red:.3f} {green:.3f} {blue:.3f}\n{shine}\nd {clear}\n")
    return "\n".join(out)
