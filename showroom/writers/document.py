"""Builds a glTF document: views, accessors, materials, variants, and the GLB around it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from i18n.metals import ALLOYS
from showroom.materials import Materials, Target
from showroom.scene import Role, Scene, placed_bounds

_JSON, _BIN = 0x4E4F534A, 0x004E4942
# Colours of vitreous enamel, linear RGB, ours by eye; glass over metal: dielectric and smooth.
_ENAMELS = {
    "red": (0.35, 0.008, 0.012), "blue": (0.01, 0.04, 0.32), "green": (0.01, 0.16, 0.06),
    "white": (0.82, 0.82, 0.78), "black": (0.008, 0.008, 0.01),
}  # fmt: skip


class Document:
    """A glTF document under construction."""

    def __init__(self, materials: Materials, target: Target) -> None:
        self.library = materials
        self.target = target
        self.json: dict[str, Any] = {
            "asset": {"version": "2.0", "generator": "Pavilion showroom"},
            "scene": 0,
            "scenes": [{"nodes": []}],
            "nodes": [],
            "meshes": [],
            "materials": [],
            "accessors": [],
            "bufferViews": [],
            "buffers": [],
        }
        self.binary = bytearray()
        self._materials: dict[tuple[str, str], int] = {}
        self._used: set[str] = set()
        self._required: set[str] = set()

    def use(self, *extensions: str, required: bool = False) -> None:
        """Name extensions as used, and as required where a reader cannot do without."""
        self._used.update(extensions)
        if required:
            self._required.update(extensions)

    def add(self, kind: str, entry: dict[str, Any]) -> int:
        """Append to a list of the document and return the index."""
        self.json[kind].append(entry)
        return len(self.json[kind]) - 1

    def bytes_at(self, data: bytes) -> int:
        """Put bytes into the binary chunk at a multiple of four and return the offset."""
        self.binary.extend(b"\0" * (-len(self.binary) % 4))
        offset = len(self.binary)
        self.binary.extend(data)
        return offset

    def material(self, code: str, finish: str) -> int:
        """The index of a material by code, added on first use."""
        key = (code, finish)
        if key not in self._materials:
            entry = enamel(code) if code.startswith("enamel") else self._from_library(code, finish)
            self.use(*entry.get("extensions", {}))
            self._materials[key] = self.add("materials", entry)
        return self._materials[key]

    def _from_library(self, code: str, finish: str) -> dict[str, Any]:
        return self.library.gltf(code, finish if code in ALLOYS else "polished", self.target)

    def variants(self, alloys: Sequence[str]) -> None:
        """Declare the alloys as the variants of the whole file, in that order."""
        self.use("KHR_materials_variants")
        names = [{"name": code} for code in alloys]
        self.json["extensions"] = {"KHR_materials_variants": {"variants": names}}

    def mappings(self, finish: str, alloys: Sequence[str]) -> dict[str, Any]:
        """The extension of a primitive that changes with the alloy."""
        return {
            "KHR_materials_variants": {
                "mappings": [
                    {"material": self.material(code, finish), "variants": [index]}
                    for index, code in enumerate(alloys)
                ]
            }
        }

    def glb(self) -> bytes:
        """The finished file."""
        document = {key: value for key, value in self.json.items() if value != []}
        if self._used:
            document["extensionsUsed"] = sorted(self._used)
        if self._required:
            document["extensionsRequired"] = sorted(self._required)
        text = json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()
        text += b" " * (-len(text) % 4)
        binary = bytes(self.binary) + b"\0" * (-len(self.binary) % 4)
        size = 12 + 8 + len(text) + 8 + len(binary)

        def word(*values: int) -> bytes:
            return b"".join(value.to_bytes(4, "little") for value in values)

        head = b"glTF" + word(2, size) + word(len(text), _JSON)
        return head + text + word(len(binary), _BIN) + binary


def main_metal(scene: Scene) -> str:
    """The alloy of the metal that fills the largest boxes: the one that variants replace."""
    sizes: dict[str, float] = {}
    for part in scene.parts:
        if part.role is Role.METAL:
            low, high = placed_bounds(scene.mesh(part), part.transforms)
            diagonal = float(((high - low) ** 2).sum() ** 0.5)
            sizes[part.material] = sizes.get(part.material, 0.0) + diagonal
    return max(sizes, key=lambda code: sizes[code], default="")


def enamel(code: str) -> dict[str, Any]:
    """The material of `enamel-<colour>`."""
    red, green, blue = _ENAMELS.get(code.partition("-")[2], _ENAMELS["red"])
    return {
        "name": code,
        "pbrMetallicRoughness": {
            "baseColorFactor": [red, green, blue, 1.0],
            "metallicFactor": 0.0,
            "roughnessFactor": 0.12,
        },
    }
