"""The piece turned once around, for a hero piece: a sprite of frames and a moving picture."""

from __future__ import annotations

from dataclasses import dataclass, replace

from showroom.poster import turntable as camera
from showroom.work import Output, Work


@dataclass(frozen=True, slots=True)
class Options:
    """`frames` of `side` × `side` pixels, traced with `samples` a pixel, in the pictured metal."""

    frames: int = 24
    side: int = 480
    samples: int = 8


DEFAULTS = Options()


def turntable(work: Work, options: Options = DEFAULTS) -> Work:
    """The work with its sprite and its moving picture, written straight into its folder."""
    alloy = work.alloys[0] if work.alloys else ""
    made = camera.render(
        work.scene,
        alloy=alloy or None,
        size=(options.side, options.side),
        frames=options.frames,
        samples=options.samples,
        out=work.folder / "turntable",
        kind=work.kind,
    )
    grid = f"{made.columns}x{made.rows}"
    outputs = (
        Output("sprite", made.sprite.name, made.sprite.read_bytes(), 0, alloy, grid),
        Output("turntable", made.animation.name, made.animation.read_bytes(), 0, alloy),
    )
    return replace(work, outputs=(*work.outputs, *outputs))
