"""Path-traced pictures: one of each size in each metal."""

from __future__ import annotations

from dataclasses import dataclass, replace

from showroom import poster
from showroom.work import Output, Work


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: its name, its size in pixels, and whether every metal gets its own."""

    name: str
    width: int
    height: int
    every_alloy: bool


@dataclass(frozen=True, slots=True)
class Options:
    """`samples` a pixel; the denoiser leaves no visible noise from 12 on."""

    pictures: tuple[Picture, ...] = (
        Picture("square", 768, 768, every_alloy=True),
        Picture("tall", 768, 960, every_alloy=False),
    )
    samples: int = 12


DEFAULTS = Options()


def posters(work: Work, options: Options = DEFAULTS) -> Work:
    """The work with its posters, written straight into its folder."""
    alloys = work.alloys or ("",)
    outputs = list(work.outputs)
    for picture in options.pictures:
        for alloy in alloys if picture.every_alloy else alloys[:1]:
            target = work.folder / "-".join(filter(None, ("poster", alloy, picture.name)))
            made = poster.render(
                work.scene,
                alloy=alloy or None,
                size=(picture.width, picture.height),
                samples=options.samples,
                out=target,
                kind=work.kind,
            )
            outputs += [
                Output("poster", path.name, path.read_bytes(), 0, alloy)
                for path in (made.webp, made.png)
            ]
    return replace(work, outputs=tuple(outputs))
