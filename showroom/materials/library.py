"""Reads the TOML files and answers by code."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import log
from pathlib import Path
from typing import Any

import numpy as np

from showroom.errors import ShowroomError
from showroom.materials import gltf, surfaces
from showroom.materials.model import (
    Finish,
    MetalMaterial,
    Optics,
    Origin,
    Source,
    StoneMaterial,
    ValueState,
)

_FOLDER = Path(__file__).parent


class UnknownMaterial(ShowroomError):
    """A code or a finish that the library does not hold."""

    code = "unknown_material"


@dataclass(frozen=True, slots=True)
class Materials:
    """All alloys, finishes and stones."""

    alloys: Mapping[str, MetalMaterial]  # polished
    finishes: Mapping[str, Finish]
    stones: Mapping[str, StoneMaterial]
    sources: Mapping[str, Source]

    def alloy(self, code: str, finish: str = "polished") -> MetalMaterial:
        """The alloy with a finish, or UnknownMaterial naming what there is."""
        found = _pick(self.alloys, code, "alloy")
        return MetalMaterial(
            found.code,
            found.base_color,
            found.eta,
            found.k,
            found.density_g_cm3,
            _pick(self.finishes, finish, "finish"),
            found.plating,
            found.origins,
        )

    def stone(self, kind: str) -> StoneMaterial:
        """The stone of that kind, or UnknownMaterial naming what there is."""
        return _pick(self.stones, kind, "stone")

    def gltf(
        self, code: str, finish: str = "polished", target: gltf.Target = "web"
    ) -> dict[str, Any]:
        """The glTF 2.0 material of an alloy or a stone for a reader: "web", "ar" or "usd".

        `extras.pavilion` carries what our own viewer needs.
        """
        if code in self.stones:
            return gltf.stone(self.stones[code], target)
        return gltf.metal(self.alloy(code, finish), target)


@cache
def load() -> Materials:
    """The library as the files of this folder hold it."""
    sources = {key: Source(**entry) for key, entry in _read("sources.toml").items()}
    finishes = {name: _finish(name, raw, sources) for name, raw in _read("finishes.toml").items()}
    book = _read("alloys.toml")
    metals = {name: _metal(raw) for name, raw in book["metals"].items()}
    densities = {
        name: raw["density"]["value"] for name, raw in book["metals"].items() if "density" in raw
    }
    polished = finishes["polished"]
    alloys = {
        code: _alloy(code, raw, metals, densities, polished, sources)
        for code, raw in book["alloys"].items()
    }
    stones = {kind: _stone(kind, raw, sources) for kind, raw in _read("stones.toml").items()}
    return Materials(alloys, finishes, stones, sources)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / name).read_text(encoding="utf-8"))


def _pick[T](shelf: Mapping[str, T], key: str, noun: str) -> T:
    try:
        return shelf[key]
    except KeyError:
        raise UnknownMaterial(
            f"There is no {noun} {key!r}", hint=f"Use one of: {', '.join(shelf)}"
        ) from None


def _origins(raw: Mapping[str, Any], sources: Mapping[str, Source]) -> dict[str, Origin]:
    return {
        name: Origin(sources[entry["source"]], ValueState(entry["state"]))
        for name, entry in raw.items()
        if isinstance(entry, dict)
    }


def _finish(name: str, raw: Mapping[str, Any], sources: Mapping[str, Source]) -> Finish:
    values = {key: float(entry["value"]) for key, entry in raw.items()}
    return Finish(name, **values, origins=_origins(raw, sources))


def _metal(raw: Mapping[str, Any]) -> tuple[surfaces.Rgb, surfaces.Rgb]:
    eta = np.array(raw["eta"]["value"])
    if "reflectance" in raw:
        return surfaces.complex_index(np.array(raw["reflectance"]["value"]), eta)
    return eta, np.array(raw["k"]["value"])


def _alloy(
    code: str,
    raw: Mapping[str, Any],
    metals: Mapping[str, tuple[surfaces.Rgb, surfaces.Rgb]],
    densities: Mapping[str, float],
    finish: Finish,
    sources: Mapping[str, Source],
) -> MetalMaterial:
    plating = raw["plating"]["value"] if "plating" in raw else ""
    recipe: Mapping[str, float] = raw["recipe"]["value"]
    volumes = {plating: 1.0} if plating else {m: g / densities[m] for m, g in recipe.items()}
    eta, k = surfaces.mixture(volumes, metals)
    if "colour" in raw:
        eta, k = surfaces.complex_index(np.array(raw["colour"]["value"]), eta)
    return MetalMaterial(
        code,
        _rgb(surfaces.reflectance(eta, k)),
        _rgb(eta),
        _rgb(k),
        float(raw["density"]["value"]),
        finish,
        plating,
        _origins(raw, sources),
    )


def _stone(kind: str, raw: Mapping[str, Any], sources: Mapping[str, Source]) -> StoneMaterial:
    optics = Optics(raw["optics"])
    color, over = _rgb(raw["colour"]["value"]), float(raw["over"]["value"])
    clear = optics in (Optics.FACETED, Optics.CLEAR, Optics.TRANSLUCENT)
    red, green, blue = (-log(max(c, 1e-4)) / over if clear else 0.0 for c in color)
    return StoneMaterial(
        kind,
        optics,
        color,
        over,
        float(raw["ior"]["value"]),
        float(raw["dispersion"]["value"]),
        float(raw["density"]["value"]),
        (red, green, blue),
        float(raw["roughness"]["value"]),
        raw["plain"]["value"] if "plain" in raw else "",
        float(raw["film_nm"]["value"]) if "film_nm" in raw else 0.0,
        float(raw["scatter"]["value"]) if "scatter" in raw else 0.0,
        _origins(raw, sources),
    )


def _rgb(values: Any) -> tuple[float, float, float]:
    red, green, blue = (round(float(value), 5) for value in values)
    return red, green, blue
