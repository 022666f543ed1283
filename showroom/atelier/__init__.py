"""The atelier: parametric jewellery at true scale, for the demo and as fixtures of known truth.

`PIECES` holds 24 designs of the demo brands. `write` puts one into a file; every part is named by
role and material ("metal:gold-750-yellow band", "stone:diamond centre"), a closed solid, in
millimetres. The same piece gives the same bytes in every format but 3DM (see writers.rhino).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from showroom.atelier.collections import lanyue, sanmu, tideglass, wokear
from showroom.atelier.errors import UnknownFormat, UnknownPiece
from showroom.atelier.model import Model, Part, Piece, StoneGroup
from showroom.atelier.writers import glb, obj, ply, rhino, step, stl, threemf

__all__ = ["FORMATS", "PIECES", "Model", "Part", "Piece", "StoneGroup", "piece", "write"]

PIECES: tuple[Piece, ...] = (*lanyue.PIECES, *sanmu.PIECES, *wokear.PIECES, *tideglass.PIECES)

FORMATS: dict[str, Callable[[Model, Path], None]] = {
    "stl": stl.write,
    "obj": obj.write,
    "glb": glb.write,
    "3dm": rhino.write,
    "ply": ply.write,
    "3mf": threemf.write,
    "step": step.write,
}


def piece(code: str) -> Piece:
    """The piece of that code, or UnknownPiece."""
    for one in PIECES:
        if one.code == code:
            return one
    known = ", ".join(one.code for one in PIECES)
    raise UnknownPiece(f"There is no piece {code!r}", hint=f"Use one of: {known}")


def write(piece: Piece, folder: Path, format: str, **changes: Any) -> Path:
    """Build the piece and write it to `folder`/CODE.format; returns that path.

    `changes` override parameters of the piece (`alloy`, `inner_diameter` in mm, …). An OBJ puts
    its MTL beside itself. Raises UnknownFormat.
    """
    try:
        writer = FORMATS[format]
    except KeyError:
        raise UnknownFormat(
            f"There is no writer for {format!r}", hint=f"Use one of: {', '.join(FORMATS)}"
        ) from None
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{piece.code}.{format}"
    writer(piece.build(**changes), path)
    return path
