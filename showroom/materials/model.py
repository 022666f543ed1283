"""What is known of a material, with where each number comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

Rgb = tuple[float, float, float]


class ValueState(StrEnum):
    """How a number came about."""

    PUBLISHED = "published"  # the source prints it, or a range of which this is the middle
    DERIVED = "derived"  # computed from published numbers
    CHOSEN = "chosen"  # ours, by eye on test pictures


@dataclass(frozen=True, slots=True)
class Source:
    """Where a number comes from and when that was last looked at."""

    title: str
    url: str
    checked: date


@dataclass(frozen=True, slots=True)
class Origin:
    """The source of one value and how the value follows from it."""

    source: Source
    state: ValueState


class Optics(StrEnum):
    """Which shader draws a stone."""

    FACETED = "faceted"  # clear and cut: light is traced through its facets
    CLEAR = "clear"  # clear and round: amber
    TRANSLUCENT = "translucent"  # light scatters inside: jade, amber, opal
    PEARL = "pearl"  # layers of nacre
    OPAQUE = "opaque"


@dataclass(frozen=True, slots=True)
class Finish:
    """How a metal surface is worked.

    `roughness` is glTF's (microfacet alpha is its square), `anisotropy` 0 to 1 along the brushing,
    `dimples` the tilt of hammer marks in radians, `patina` 0 to 1 how dark the recesses are.
    """

    name: str
    roughness: float
    anisotropy: float
    dimples: float
    patina: float
    origins: Mapping[str, Origin]


@dataclass(frozen=True, slots=True)
class MetalMaterial:
    """An alloy with a finish.

    `base_color` is the reflectance at normal incidence in linear RGB; `eta` and `k` the complex
    index per channel that gives it. `plating` is the metal that covers the alloy, or "".
    """

    code: str
    base_color: Rgb
    eta: Rgb
    k: Rgb
    density_g_cm3: float
    finish: Finish
    plating: str
    origins: Mapping[str, Origin]

    @property
    def metallic(self) -> float:
        """glTF's metallic factor: always 1."""
        return 1.0

    @property
    def roughness(self) -> float:
        """glTF's roughness factor."""
        return self.finish.roughness


@dataclass(frozen=True, slots=True)
class StoneMaterial:
    """A kind of stone.

    `color` is linear RGB: what comes through `over_mm` of a faceted or translucent stone, what the
    surface of another reflects. `dispersion` is the rise of the index from the B to the G line
    (686.7 to 430.8 nm). `absorption_per_mm` is Beer-Lambert, 0 where light does not go through.
    `scatter_mm` is the mean way between two scatterings in a translucent stone, else 0.
    """

    kind: str
    optics: Optics
    color: Rgb
    over_mm: float
    ior: float
    dispersion: float
    density_g_cm3: float
    absorption_per_mm: Rgb
    roughness: float
    plain: str
    film_nm: float
    scatter_mm: float
    origins: Mapping[str, Origin]

    @property
    def transmission(self) -> float:
        """glTF's transmission factor: 1 for clear stones, a share for translucent ones."""
        return {Optics.FACETED: 1.0, Optics.CLEAR: 0.8, Optics.TRANSLUCENT: 0.35}.get(
            self.optics, 0.0
        )

    @property
    def body_color(self) -> Rgb:
        """Linear RGB of the surface where a reader shows no light within.

        What comes through thin jade is far brighter than jade: a thick piece reflects little of
        it. The exponent was chosen by eye beside path-traced pictures; milky opal stays bright.
        """
        if self.optics is not Optics.TRANSLUCENT:
            return self.color
        red, green, blue = self.color
        share = (0.2126 * red + 0.7152 * green + 0.0722 * blue) ** 1.25
        return round(red * share, 5), round(green * share, 5), round(blue * share, 5)

    @property
    def abbe(self) -> float:
        """The Abbe number, (n - 1) / (nF - nC), or 0 without dispersion.

        Gem tables give the B to G interval; by Cauchy's formula F to C is 0.566 of it.
        """
        return (self.ior - 1) / (self.dispersion * F_TO_C) if self.dispersion else 0.0

    def index_at(self, nanometres: float) -> float:
        """The refractive index at a wavelength: Cauchy's n = A + B/λ² through `ior` at 589.3 nm."""
        slope = self.dispersion / (430.8**-2 - 686.7**-2)
        return self.ior + slope * (nanometres**-2 - 589.3**-2)


F_TO_C = (486.1**-2 - 656.3**-2) / (430.8**-2 - 686.7**-2)
