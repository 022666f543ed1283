"""Plain colours for MTL, GLB, 3DM and PLY; the showroom has the real materials."""

from __future__ import annotations

Rgb = tuple[float, float, float]

_COLOURS: dict[str, Rgb] = {
    "gold-999": (1.00, 0.74, 0.28),
    "gold-916": (1.00, 0.76, 0.33),
    "gold-750-yellow": (1.00, 0.78, 0.40),
    "gold-750-white": (0.88, 0.86, 0.82),
    "gold-750-rose": (0.96, 0.70, 0.55),
    "platinum-950": (0.84, 0.83, 0.82),
    "silver-925": (0.95, 0.94, 0.92),
    "diamond": (0.95, 0.97, 1.00),
    "ruby": (0.72, 0.04, 0.12),
    "sapphire": (0.06, 0.15, 0.60),
    "emerald": (0.03, 0.45, 0.22),
    "spinel": (0.80, 0.12, 0.28),
    "citrine": (0.93, 0.62, 0.10),
    "onyx": (0.02, 0.02, 0.02),
    "jadeite": (0.22, 0.55, 0.28),
    "pearl-white": (0.93, 0.90, 0.85),
}


def colour(material: str) -> Rgb:
    """Linear red, green and blue from 0 to 1; a mid grey for what the table does not hold."""
    return _COLOURS.get(material, (0.6, 0.6, 0.6))
