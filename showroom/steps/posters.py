"""Path-traced pictures: one of each size in each metal."""

from __future__ import annotations

from dataclasses import dataclass, replace

from showroom import poster
from showroom.work import Output, Work


@dataclass(frozen=True, slots=True)
class Options:
    """`sizes` as (name, width, height); `samples` a pixel; `every_alloy` or the first alone."""

    sizes: tuple[tuple[str, int, int], ...] = (("square", 1024, 1024), ("tall", 1024, 1280))
    samples: int = 16
    every_alloy: bool = True


DEFAULTS = Options()


def posters(work: Work, options: Options = DEFAULTS) -> Work:
    """The work with its posters, written straight into its folder."""
    alloys = work.alloys or ("",)
    outputs = list(work.outputs)
    for alloy in alloys if options.every_alloy else alloys[:1]:
        for name, width, height in options.sizes:
            target = work.folder / "-".join(filter(None, ("poster", alloy, name)))
            made = poster.render(
                work.scene,
                alloy=alloy or None,
                size=(width, height),
                samples=options.samples,
                out=target,
                kind=work.kind,
            )
            outputs += [
                Output("poster", path.name, path.read_bytes(), 0, alloy)
                for path in (made.webp, made.png)
            ]
    return replace(work, outputs=tuple(outputs))
