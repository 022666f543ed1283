"""Packs the piece for iPhones: one USDZ in each metal, judged by our own Quick Look rules."""

from __future__ import annotations

from dataclasses import dataclass, replace

from showroom import quicklook
from showroom.errors import InvalidOutput
from showroom.materials import load
from showroom.work import Output, Work
from showroom.writers.packing import baked
from showroom.writers.usdz import usdz as package


@dataclass(frozen=True, slots=True)
class Options:
    """`every_alloy`: a file for each metal it is sold in, since USDZ cannot switch on the phone."""

    every_alloy: bool = True


DEFAULTS = Options()


def usdz(work: Work, options: Options = DEFAULTS) -> Work:
    """The work with its USDZ outputs as bytes, the pictured metal's named model.usdz."""
    library = load()
    scene = baked(work.ar or work.scene)
    alloys = work.alloys or ("",)
    outputs = list(work.outputs)
    for number, alloy in enumerate(alloys if options.every_alloy else alloys[:1]):
        name = "model.usdz" if number == 0 else f"model.{alloy}.usdz"
        data = package(scene, alloy, library)
        check = work.folder / f".{name}"
        check.write_bytes(data)
        problems = quicklook.check(check)
        check.unlink()
        if problems:
            raise InvalidOutput(f"{name}: {problems[0].message}", hint=problems[0].hint)
        outputs.append(Output("usdz", name, data, scene.triangles, alloy))
    return replace(work, outputs=tuple(outputs))
