"""Writes every output into the work's folder, which is published as a whole afterwards."""

from __future__ import annotations

import os
from dataclasses import dataclass

from showroom.work import Work


@dataclass(frozen=True, slots=True)
class Options:
    """`sync`: wait until the disk has it, so that a published build survives a power cut."""

    sync: bool = True


DEFAULTS = Options()


def write(work: Work, options: Options = DEFAULTS) -> Work:
    """The same work; its folder then holds the outputs."""
    for output in work.outputs:
        with (work.folder / output.path).open("wb") as file:
            file.write(output.data)
            if options.sync:
                file.flush()
                os.fsync(file.fileno())
    return work
