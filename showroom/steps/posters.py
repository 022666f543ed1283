"""Path-traced pictures: every size in every metal."""

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
    every_alloy: bool = True


@dataclass(frozen=True, slots=True)
class Options:
    """`samples` a pixel; None lets the size and the stones decide."""

    pictures: tuple[Picture, ...] = (Picture("square", 1024, 1024), Picture("tall", 1024, 1280))
    samples: int | None = None


DEFAULTS = Options()


def posters(work: Work, options: Options = DEFAULTS) -> Work:
    """The work with its posters, written straight into its folder."""
    alloys = work.alloys or ("",)
    outputs = list(work.outputs)
    for alloy in alloys:
        sizes = {
            work.folder / "-".join(filter(None, ("poster", alloy, picture.name))): (
                picture.width,
                picture.height,
            )
            for picture in options.pictures
            if picture.every_alloy or alloy == alloys[0]
        }
        if not sizes:
            continue
        made = poster.render_each(
            work.scene, sizes, alloy=alloy or None, samples=options.samples, kind=work.kind
        )
        outputs += [
            Output("poster", path.name, path.read_bytes(), 0, alloy)
            for one in made
            for path in (one.webp, one.png)
        ]
    return replace(work, outputs=tuple(outputs))
