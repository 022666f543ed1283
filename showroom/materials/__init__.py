"""The library of materials: alloys with their finishes, and stones, as data with sources.

`load()` reads the TOML files of this folder once. Codes are those of `i18n.metals.ALLOYS` and
`i18n.passport.STONE_KINDS`.
"""

from __future__ import annotations

from showroom.materials.gltf import Target
from showroom.materials.library import Materials, UnknownMaterial, load
from showroom.materials.model import (
    Finish,
    MetalMaterial,
    Optics,
    Origin,
    Source,
    StoneMaterial,
    ValueState,
)

__all__ = [
    "Finish", "Materials", "MetalMaterial", "Optics", "Origin", "Source", "StoneMaterial", "Target",
    "UnknownMaterial", "ValueState", "load",
]  # fmt: skip
