"""Packs the levels into GLB files: meshopt for the web, plain for Android's AR."""

from __future__ import annotations

from dataclasses import dataclass, replace

from showroom.materials import load
from showroom.work import Output, Work
from showroom.writers import glb
from showroom.writers.packing import baked, pack


@dataclass(frozen=True, slots=True)
class Options:
    """`position_bits` over the piece's extent: 14 are 1.8 µm on a 30 mm ring. Eight `normal_bits`
    show as blotches on mirror gold, twelve do not.
    """

    position_bits: int = 14
    normal_bits: int = 12


DEFAULTS = Options()


def compress(work: Work, options: Options = DEFAULTS) -> Work:
    """The work with its GLB outputs as bytes, not yet written."""
    library = load()
    scenes = [baked(scene) for scene in (work.scene, *work.levels)]
    packed = pack(scenes, position_bits=options.position_bits, normal_bits=options.normal_bits)
    outputs = list(work.outputs)
    for level, (scene, streams) in enumerate(zip(scenes, packed, strict=True)):
        data = glb.web(scene, streams, work.alloys, library)
        name = "model.glb" if level == 0 else f"model.lod{level}.glb"
        kind = "web-glb" if level == 0 else "lod-glb"
        outputs.append(Output(kind, name, data, scene.triangles))
    small = work.ar or work.scene
    ar = glb.plain(baked(small), work.alloys[:1], library)
    alloy = work.alloys[0] if work.alloys else ""
    outputs.append(Output("ar-glb", "model.ar.glb", ar, small.triangles, alloy))
    return replace(work, outputs=tuple(outputs))
