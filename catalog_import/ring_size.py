"""A ring's size as a sheet gives it: a label with its system, an inner diameter, or both."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from catalog_import import limits
from catalog_import.cells import fold
from catalog_import.problems import Fault
from catalog_import.texts import say
from catalog_import.words import SIZE_SYSTEMS
from i18n.errors import UnknownCode
from i18n.ring_sizes import PI, SYSTEMS, circumference, nearest
from i18n.ring_sizes import system as system_of

_NAMED = re.compile(
    r"(?P<system>[A-Za-z]{2,8}|港度|港码|港|美码|美号|美国|美|欧码|欧|日码|日|英码|英|意码|国标|内地|中国)"
    r"[\s:：.\-#]*(?P<label>\d.*|½.*|[A-Za-z]½?$)"
)
_DECORATION = re.compile(r"^#\s*|^(?:no\.?|size|号|號)\s*(?=\d)|\s*(?:#|号|號|码|碼|圈)$", re.I)
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


def without_system(text: str) -> tuple[str, str]:
    """The system that a size names, and the size: 港度12 is ("hk", "12"), 12# is ("", "12")."""
    bare = _DECORATION.sub("", text.strip()).strip()
    named = _NAMED.fullmatch(bare)
    if named is None:
        return "", bare
    code = SIZE_SYSTEMS.get(fold(named["system"]), "")
    return (code, _DECORATION.sub("", named["label"]).strip()) if code else ("", bare)


@lru_cache(maxsize=4096)  # a catalogue has thousands of rings in a few dozen sizes
def resolve(label: str | None, system: str | None, diameter_mm: Decimal | None) -> RingSize | Fault:
    """The ring's size. "US 6½" names its own system; a diameter alone is ISO 8653."""
    if label is None:
        return _from_diameter(diameter_mm)
    named, label = without_system(label)
    if not named and (prefixed := _PREFIXED.fullmatch(label)):
        named, label = prefixed["system"].lower(), prefixed["label"].strip()
    if named:
        if system and _code(system) != _code(named):
            return Fault(
                "ring_size_system_disagrees",
                say(
                    "The size says {named}, the system column says {system}",
                    named=named,
                    system=system,
                ),
                say("Write the system once"),
            )
        system = named
    if not system:
        return Fault(
            "missing_value",
            say("Size {label} of which system?", label=label[:20]),
            say("Fill ring_size_system: {systems}", systems=", ".join(SYSTEMS)),
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
            "missing_value",
            say("A ring needs its size"),
            say("Fill ring_size with ring_size_system"),
        )
    if diameter_mm > limits.LARGEST_DIAMETER_MM:
        return Fault(
            "out_of_range",
            say("No finger is {mm} mm wide", mm=str(diameter_mm)),
            say("Is the diameter in mm?"),
        )
    around = (diameter_mm * PI).quantize(Decimal("0.1"))
    return RingSize(str(around), "iso", around)


def _disagreement(around: Decimal, diameter_mm: Decimal | None) -> str:
    if diameter_mm is None or abs(diameter_mm * PI - around) <= _TOLERANCE_MM:
        return ""
    expected = (around / PI).quantize(Decimal("0.1"))
    return say(
        "The size means an inner diameter of {expected} mm, the sheet says {given} mm",
        expected=str(expected),
        given=str(diameter_mm),
    )


def _code(system: str) -> str:
    try:
        return system_of(system).code
    except UnknownCode:
        return system.lower()
