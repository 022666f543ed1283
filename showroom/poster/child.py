"""The child process of a poster: `python -m showroom.poster.child ORDER MEMORY_BYTES`.

It limits and confines itself before it loads the tracer, which sees nothing but the folder of its
job and the libraries. The limit is on data, not on address space: tracer and denoiser reserve far
more than they touch.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path

from infra import confinement
from infra.confinement import Found
from infra.confinement.access import of_python


def main(folder: Path, offered: Found, memory: int) -> None:
    """Limits and confines this process and renders the job in the folder."""
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.closerange(3, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    confinement.enter(offered, of_python(writable=[folder]))

    from showroom.poster import tracer

    tracer.main(folder)


if __name__ == "__main__":
    order = json.loads(sys.argv[1])
    main(Path(order["folder"]), Found.of(order["found"]), int(sys.argv[2]))
