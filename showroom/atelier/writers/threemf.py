"""3MF core: an object a part with its material, millimetres, copies as build items."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.sax.saxutils import quoteattr

from showroom.atelier.colours import colour
from showroom.atelier.mesh import Floats
from showroom.atelier.model import Model, Part

_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="model" '
    'ContentType="application/vnd.ms-package.3dmanufacturing-3dmodel+xml"/>'
    "</Types>"
)
_RELS = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Target="/3D/3dmodel.model" Id="rel0" '
    'Type="http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"/></Relationships>'
)


def write(model: Model, path: Path) -> None:
    """A zip with fixed dates."""
    bases = "".join(
        f"<base name={quoteattr(part.material)} displaycolor={quoteattr(_hex(part))}/>"
        for part in model.parts
    )
    objects, items = [], []
    for i, part in enumerate(model.parts):
        corners = "".join(
            f'<vertex x="{x:.6f}" y="{y:.6f}" z="{z:.6f}"/>'
            for x, y, z in part.mesh.vertices.tolist()
        )
        faces = "".join(
            f'<triangle v1="{a}" v2="{b}" v3="{c}"/>' for a, b, c in part.mesh.faces.tolist()
        )
        objects.append(
            f'<object id="{i + 2}" type="model" pid="1" pindex="{i}" name={quoteattr(part.name)}>'
            f"<mesh><vertices>{corners}</vertices><triangles>{faces}</triangles></mesh></object>"
        )
        items += [
            f'<item objectid="{i + 2}" transform="{_transform(place)}"/>' for place in part.places
        ]
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<model unit="millimeter" xml:lang="en-US" '
        'xmlns="http://schemas.microsoft.com/3dmanufacturing/core/2015/02">'
        f'<resources><basematerials id="1">{bases}</basematerials>{"".join(objects)}</resources>'
        f"<build>{''.join(items)}</build></model>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (
            ("[Content_Types].xml", _TYPES), ("_rels/.rels", _RELS), ("3D/3dmodel.model", body)
        ):  # fmt: skip
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text)


def _hex(part: Part) -> str:
    return "#" + "".join(f"{int(255 * channel):02X}" for channel in colour(part.material))


def _transform(place: Floats) -> str:
    return " ".join(f"{value:.9f}" for value in place.T[:, :3].ravel())
