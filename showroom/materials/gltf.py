"""Materials as glTF 2.0 JSON, per reader.

- "web": every extension; stones that plain viewers draw badly become bright facets by the stone's
  own `plain` value, and our viewer replaces them by its gem shader from `extras.pavilion`.
- "ar": Android's Scene Viewer knows the core material only; nothing here is required or missed.
- "usd": the core material too, plus opacity for clear stones, which UsdPreviewSurface has.
"""

from __future__ import annotations

from typing import Any, Literal

from showroom.materials.model import MetalMaterial, Optics, Rgb, StoneMaterial

_ROLES = {"pearl-white": "pearl", "pearl-black": "pearl", "jadeite": "jade", "nephrite": "jade"}

_METRE = 0.001

Target = Literal["web", "ar", "usd"]


def metal(material: MetalMaterial, target: Target) -> dict[str, Any]:
    """An alloy: core metallic-roughness; on the web also the brushing direction."""
    result = _core(
        f"{material.code} {material.finish.name}",
        material.base_color,
        metallic=1.0,
        roughness=material.roughness,
    )
    if target == "web" and material.finish.anisotropy:
        result["extensions"] = {
            "KHR_materials_anisotropy": {"anisotropyStrength": material.finish.anisotropy}
        }
    result["extras"] = {
        "pavilion": {
            "role": "metal",
            "kind": material.code,
            "finish": material.finish.name,
            "eta": list(material.eta),
            "k": list(material.k),
            "dimples": material.finish.dimples,
            "patina": material.finish.patina,
        }
    }
    return result


def stone(material: StoneMaterial, target: Target) -> dict[str, Any]:
    """A stone by its optics."""
    drawn = {
        Optics.FACETED: _faceted,
        Optics.CLEAR: _translucent,
        Optics.TRANSLUCENT: _translucent,
        Optics.PEARL: _pearl,
        Optics.OPAQUE: _opaque,
    }[material.optics](material, target)
    drawn["extras"] = {
        "pavilion": {
            "role": _ROLES.get(material.kind, "stone"),
            "kind": material.kind,
            "optics": material.optics.value,
            "ior": material.ior,
            "dispersion": material.dispersion,
            "absorption": list(material.absorption_per_mm),  # per millimetre
            "color": list(material.color),
        }
    }
    return drawn


def _faceted(material: StoneMaterial, target: Target) -> dict[str, Any]:
    if material.plain == "mirror":
        # A brilliant is mostly mirror: what leaves its table came in through its crown.
        result = _core(material.kind, _scaled(material.color, 0.97), metallic=1.0, roughness=0.0)
        if target == "web":
            result["extensions"] = {
                "KHR_materials_iridescence": {
                    "iridescenceFactor": 0.35,
                    "iridescenceIor": 1.8,
                    "iridescenceThicknessMinimum": 200.0,
                    "iridescenceThicknessMaximum": 400.0,
                }
            }
        return result
    if target == "web":
        # The colour is the surface's: a volume's depends on its thickness, which readers take in
        # the space of a mesh that is packed to whole numbers, and so see none of it.
        result = _core(material.kind, material.color, metallic=0.0, roughness=0.0)
        result["extensions"] = {
            "KHR_materials_ior": {"ior": material.ior},
            "KHR_materials_transmission": {"transmissionFactor": material.transmission},
            "KHR_materials_volume": {"thicknessFactor": material.over_mm * _METRE},
            "KHR_materials_specular": {"specularFactor": 1.0},
            # KHR_materials_dispersion counts in 20 / Abbe.
            "KHR_materials_dispersion": {"dispersion": round(20 / material.abbe, 4)},
        }
        return result
    # Without transmission a coloured stone reads best as tinted facets, half mirror.
    result = _core(material.kind, _facet_colour(material.color), metallic=0.6, roughness=0.05)
    if target == "usd":
        result["extensions"] = {"KHR_materials_ior": {"ior": material.ior}}
        result["pbrMetallicRoughness"]["baseColorFactor"][3] = 0.92
        result["alphaMode"] = "BLEND"
    return result


def _translucent(material: StoneMaterial, target: Target) -> dict[str, Any]:
    result = _core(material.kind, material.body_color, metallic=0.0, roughness=material.roughness)
    if target == "web":
        result["extensions"] = {
            "KHR_materials_ior": {"ior": material.ior},
            "KHR_materials_transmission": {"transmissionFactor": material.transmission},
            "KHR_materials_volume": _volume(material),
            "KHR_materials_clearcoat": {
                "clearcoatFactor": 0.6,
                "clearcoatRoughnessFactor": 0.03,
            },
        }
    return result


def _pearl(material: StoneMaterial, target: Target) -> dict[str, Any]:
    result = _core(material.kind, material.color, metallic=0.0, roughness=material.roughness)
    if target == "web":
        result["extensions"] = {
            "KHR_materials_ior": {"ior": material.ior},
            "KHR_materials_clearcoat": {"clearcoatFactor": 1.0, "clearcoatRoughnessFactor": 0.08},
            "KHR_materials_iridescence": {
                "iridescenceFactor": 0.4,
                "iridescenceIor": 1.4,
                "iridescenceThicknessMinimum": material.film_nm,
                "iridescenceThicknessMaximum": material.film_nm,
            },
            "KHR_materials_sheen": {
                "sheenColorFactor": list(_scaled(material.color, 0.25)),
                "sheenRoughnessFactor": 0.4,
            },
        }
    return result


def _opaque(material: StoneMaterial, target: Target) -> dict[str, Any]:
    result = _core(material.kind, material.color, metallic=0.0, roughness=material.roughness)
    if target == "web":
        result["extensions"] = {"KHR_materials_ior": {"ior": material.ior}}
    return result


def _core(name: str, color: Rgb, *, metallic: float, roughness: float) -> dict[str, Any]:
    return {
        "name": name,
        "pbrMetallicRoughness": {
            "baseColorFactor": [*color, 1.0],
            "metallicFactor": metallic,
            "roughnessFactor": roughness,
        },
    }


def _volume(material: StoneMaterial) -> dict[str, Any]:
    return {
        "thicknessFactor": material.over_mm * _METRE,
        "attenuationColor": list(material.color),
        "attenuationDistance": material.over_mm * _METRE,
    }


def _scaled(color: Rgb, factor: float) -> Rgb:
    red, green, blue = (round(channel * factor, 5) for channel in color)
    return red, green, blue


def _facet_colour(color: Rgb) -> Rgb:
    # Half the path of the full colour: facets that merely reflect would look too dark.
    red, green, blue = (round(float(channel) ** 0.6, 5) for channel in color)
    return red, green, blue
