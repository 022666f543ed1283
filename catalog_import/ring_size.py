"""A ring's size as a sheet gives it: a label with its system, an inner diameter, or both."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from catalog_import import limits
from catalog_import.problems import Fault
from i18n.errors import UnknownCode
from i18n.ring_sizes import PI, SYSTEMS, circumference, nearest
from i18n.ring_sizes import system as system_of

_PREFIXED = re.compile(r"(?P<system>[A-Za-z]{2,3})[\s:.-]*(?P<label>[\d½¼¾].*|[A-Za-z][½¼¾]?)")
# One US size is 2.5535 mm of circumference: half a size apart is a slip, not rounding.
_TOLERANCE_MM = Decimal("1.3")


@dataclass(frozen=True, slots=True)
class RingSize:
    """A size with its inner circumference in mm; `disagreement` tells of another diameter."""

    label: str
    system: str
    circumference_mm: Decimal
    disagreement: str = ""


@lru_cache(maxsize=4096)  # a catalogue has thousands of rings in a few dozen sizes
def resolve(label: str | None, system: str | None, diameter_mm: Decimal | None) -> RingSize | Fault:
    """The ring's size. "US 6½" names its own system; a diameter alone is ISO 8653."""
    if label is None:
        return _from_diameter(diameter_mm)
    prefixed = _PREFIXED.fullmatch(label)
    if prefixed:
        named, label = prefixed["system"].lower(), prefixed["label"].strip()
        if system and system.lower() != named:
            return Fault(
                "ring_size_system_disagrees",
                f"The size says {named}, the system column says {system}",
                "Write the system once",
            )
        system = named
    if not system:
        return Fault(
            "missing_value",
            f"Size {label} of which system?",
            f"Fill ring_size_system: {', '.join(SYSTEMS)}",
        )
    try:
        code, around = system_of(system).code, circumference(system, label)
    except UnknownCode as error:
        return Fault("unknown_ring_size", error.message, error.hint)
    # One spelling a size: "6.5" and "6 1/2" written over "6½" must not look like a change.
    spelt = label if code == "iso" else nearest(code, around).label
    return RingSize(spelt, code, around, _disagreement(around, diameter_mm))


def _from_diameter(diameter_mm: Decimal | None) -> RingSize | Fault:
    if diameter_mm is None:
        return Fault(
            "missing_value", "A ring needs its size", "Fill ring_size with ring_size_system"
        )
    if diameter_mm > limits.LARGEST_DIAMETER_MM:
        return Fault(
            "out_of_range", f"No finger is {diameter_mm} mm wide", "Is the diameter in mm?"
        )
    around = (diameter_mm * PI).quantize(Decimal("0.1"))
    return RingSize(str(around), "iso", around)


def _disagreement(around: Decimal, diameter_mm: Decimal | None) -> str:
    if diameter_mm is None or abs(diameter_mm * PI - around) <= _TOLERANCE_MM:
        return ""
    expected = (around / PI).quantize(Decimal("0.1"))
    return f"The size means an inner diameter of {expected} mm, the sheet says {diameter_mm} mm"
