"""Packs the levels into GLB files: meshopt for the web, plain for Android's AR."""

from __future__ import annotations

from dataclasses import dataclass, replace

from showroom.materials import load
from showroom.scene import Scene
from showroom.steps.decimate import Options as Budget
from showroom.steps.decimate import simplified
from showroom.steps.normals import with_normals
from showroom.steps.weld import welded
from showroom.work import Output, Work
from showroom.writers import glb
from showroom.writers.packing import baked, pack


@dataclass(frozen=True, slots=True)
class Options:
    """`position_bits` over the piece's extent: 14 are 1.8 µm on a 30 mm ring. Eight `normal_bits`
    show as blotches on mirror gold, twelve do not. `ar_triangles` is the bound that Khronos'
    3D Commerce guidelines and Quick Look advise.
    """

    position_bits: int = 14
    normal_bits: int = 12
    ar_triangles: int = 100_000
    ar_error: float = 0.05


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
    small = for_ar(work.scene, options)
    ar = glb.plain(baked(small), work.alloys[:1], library)
    alloy = work.alloys[0] if work.alloys else ""
    outputs.append(Output("ar-glb", "model.ar.glb", ar, small.triangles, alloy))
    return replace(work, outputs=tuple(outputs))


def for_ar(scene: Scene, options: Options) -> Scene:
    """The scene within what phones' AR viewers accept."""
    if scene.triangles <= options.ar_triangles:
        return scene
    budget = Budget(triangles=options.ar_triangles, error=options.ar_error)
    joined = scene.with_meshes(tuple(welded(mesh) for mesh in scene.geometries))
    return with_normals(simplified(joined, budget))
