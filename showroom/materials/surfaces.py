"""Fresnel arithmetic of metals: colour and complex index, mixtures.

Arrays have shape (3,): linear RGB with the primaries of Rec. 709.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Rgb = NDArray[np.float64]


# At eta = 0 every k reflects all; published samples of gold print 0 for red.
_SMALLEST_ETA = 0.1


def reflectance(eta: Rgb, k: Rgb) -> Rgb:
    """What a metal reflects at normal incidence (Fresnel)."""
    result: Rgb = ((eta - 1) ** 2 + k**2) / ((eta + 1) ** 2 + k**2)
    return result


def complex_index(colour: Rgb, eta: Rgb) -> tuple[Rgb, Rgb]:
    """The index (eta, k) with that reflectance at normal incidence and that real part.

    Solves the Fresnel equation for k. Where no k can give the colour, k is 0.
    """
    eta = np.maximum(eta, _SMALLEST_ETA)
    square = (colour * (eta + 1) ** 2 - (eta - 1) ** 2) / (1 - colour)
    return eta, np.sqrt(np.maximum(square, 0))


def mixture(shares: Mapping[str, float], metals: Mapping[str, tuple[Rgb, Rgb]]) -> tuple[Rgb, Rgb]:
    """The index of a mixture by volume shares: the mean of the permittivities (eta + ik)²."""
    total = sum(shares.values())
    permittivity = sum(
        share / total * (metals[name][0] + 1j * metals[name][1]) ** 2
        for name, share in shares.items()
    )
    index = np.sqrt(np.asarray(permittivity, dtype=np.complex128))
    return index.real, index.imag
