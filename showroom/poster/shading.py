"""Materials as the path tracer's surfaces: plain dictionaries, no tracer needed."""

from __future__ import annotations

from typing import Any

import numpy as np

from showroom.materials import Materials, MetalMaterial, Optics, StoneMaterial
from showroom.poster.shapes import Shape

Surface = dict[str, Any]

# The three wavelengths that represent red, green and blue when a stone spreads light.
WAVELENGTHS_NM = (620.0, 545.0, 455.0)
# How far light runs through a cut stone, in depths of the stone: down, across, and up again. The
# tracer's dielectric has no absorption, so the loss of the mean path is put on its two crossings.
_PATH_IN_DEPTHS = 1.25
_FIRE = 1.0  # 1: the published dispersion

ENAMEL_INDEX = 1.52
_NACRE = np.array([0.95, 0.885, 0.905])  # the rose overtone of the films

SWEEP: Surface = {
    "type": "twosided",
    "inner": {
        "type": "diffuse",
        "reflectance": {"type": "mesh_attribute", "name": "vertex_color"},
    },
}


def surface(shape: Shape, library: Materials) -> Surface:
    """How a shape reflects and lets through light."""
    if shape.material in library.stones:
        return _stone(library.stone(shape.material), shape.depth * 1000)
    if shape.material in library.alloys:
        return _metal(library.alloy(shape.material, shape.finish))
    return _enamel(shape.material)


def indices(shape: Shape, library: Materials) -> tuple[float, float, float] | None:
    """The refractive index for red, green and blue, or None where light is not spread."""
    stone = library.stones.get(shape.material)
    if stone is None or stone.optics is not Optics.FACETED or not stone.dispersion:
        return None
    red, green, blue = (stone.index_at(nm) for nm in WAVELENGTHS_NM)
    return red, green, blue


def medium(shape: Shape, library: Materials) -> Surface | None:
    """The inside of a translucent stone, where light scatters; None for all others.

    Lengths are metres. A painted surface with some light let through was tried first and looked
    like plastic; this takes some six times as long and looks like jade.
    """
    stone = library.stones.get(shape.material)
    if stone is None or not stone.scatter_mm:
        return None
    scattered = 1 / stone.scatter_mm
    absorbed = np.array(stone.absorption_per_mm)
    return {
        "type": "homogeneous",
        "sigma_t": float(scattered + absorbed.mean()) * 1000,
        "albedo": _rgb(scattered / (scattered + absorbed)),
        # No lamp is seen straight from inside, for the polish bends every ray. Looking for one at
        # each scattering was half the time of a jade bangle's picture.
        "sample_emitters": False,
    }


def _metal(metal: MetalMaterial) -> Surface:
    index = {"eta": _rgb(metal.eta), "k": _rgb(metal.k)}
    alpha = metal.roughness**2
    if alpha < 0.004:
        return {"type": "twosided", "inner": {"type": "conductor", **index}}
    stretch = np.sqrt(1 - 0.9 * metal.finish.anisotropy)
    rough: Surface = {
        "type": "roughconductor",
        "distribution": "ggx",
        "alpha_u": float(alpha * stretch),  # smooth along the scratches, rough across
        "alpha_v": float(alpha / stretch),
        **index,
    }
    if metal.finish.patina:
        dark: Surface = {
            **rough,
            "alpha_u": 0.3,
            "alpha_v": 0.3,
            "specular_reflectance": _rgb([1 - metal.finish.patina] * 3),
        }
        weight = {"type": "mesh_attribute", "name": "vertex_patina"}
        rough = {"type": "blendbsdf", "weight": weight, "bright": rough, "dark": dark}
    return {"type": "twosided", "inner": rough}


def _stone(stone: StoneMaterial, depth_mm: float) -> Surface:
    return {
        Optics.FACETED: _clear,
        Optics.CLEAR: _clear,
        Optics.TRANSLUCENT: _translucent,
        Optics.PEARL: _pearl,
        Optics.OPAQUE: _opaque,
    }[stone.optics](stone, depth_mm)


def _clear(stone: StoneMaterial, depth_mm: float) -> Surface:
    path = depth_mm * _PATH_IN_DEPTHS
    crossing = np.exp(-np.array(stone.absorption_per_mm) * path / 2)
    return {
        "type": "dielectric",
        "int_ior": stone.ior,
        "ext_ior": 1.0,
        "specular_transmittance": _rgb(crossing),
    }


def _translucent(stone: StoneMaterial, depth_mm: float) -> Surface:
    # The polish alone; what happens below it is the medium's.
    return {"type": "dielectric", "int_ior": stone.ior, "ext_ior": 1.0}


def _pearl(stone: StoneMaterial, depth_mm: float) -> Surface:
    # Nacre is a stack of films: a soft body colour under a blurred mirror. Lustre is the mirror.
    body: Surface = {
        "type": "principled",
        "base_color": _rgb(np.array(stone.color) * 0.82),
        "roughness": 0.5,
        "specular": 0.5,
        "sheen": 0.4,
        "sheen_tint": 0.6,
    }
    mirror: Surface = {
        "type": "roughconductor",
        "material": "none",
        "distribution": "ggx",
        "alpha": stone.roughness**2 + 0.03,
        "specular_reflectance": _rgb(_NACRE * np.array(stone.color) ** 0.35),
    }
    return {
        "type": "twosided",
        "inner": {"type": "blendbsdf", "weight": 0.34, "body": body, "mirror": mirror},
    }


def _opaque(stone: StoneMaterial, depth_mm: float) -> Surface:
    return _gloss(stone.color, stone.ior, stone.roughness)


# Vitreous enamel by the word in its code; a soft cream where none is known.
_ENAMEL = {
    "red": (0.45, 0.012, 0.02),
    "blue": (0.012, 0.05, 0.32),
    "green": (0.01, 0.18, 0.07),
    "black": (0.012, 0.012, 0.014),
    "white": (0.82, 0.81, 0.78),
    "turquoise": (0.03, 0.38, 0.42),
    "pink": (0.72, 0.25, 0.32),
    "yellow": (0.75, 0.45, 0.03),
}


def enamel_colour(code: str) -> tuple[float, float, float]:
    """Linear RGB of an enamel by the word in its code."""
    return next((rgb for word, rgb in _ENAMEL.items() if word in code), (0.72, 0.68, 0.58))


def _enamel(code: str) -> Surface:
    return _gloss(enamel_colour(code), ENAMEL_INDEX, 0.0)


def _gloss(colour: tuple[float, float, float], ior: float, roughness: float) -> Surface:
    coat: Surface = {
        "type": "plastic" if roughness < 0.06 else "roughplastic",
        "diffuse_reflectance": _rgb(colour),
        "int_ior": ior,
        "ext_ior": 1.0,
        "nonlinear": True,
    }
    if roughness >= 0.06:
        coat["alpha"] = roughness**2 + 0.01
    return {"type": "twosided", "inner": coat}


def _rgb(values: Any) -> dict[str, Any]:
    return {"type": "rgb", "value": [float(value) for value in values]}
