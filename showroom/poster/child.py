"""The child process of a poster: `python -m showroom.poster.child FOLDER MEMORY_BYTES`.

It limits itself before it loads the tracer. The limit is on data, not on address space: tracer and
denoiser reserve far more than they touch.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path


def main(folder: Path, memory: int) -> None:
    """Limits this process and renders the job in the folder."""
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    from showroom.poster import tracer

    tracer.main(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
