"""bubblewrap: a file system, network and process table of its own, where Landlock is missing.

It has to start the program itself, so each file costs a new interpreter. `bwrap` needs the right
to make user namespaces, which containers usually lack: there Landlock is the way.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from infra.confinement.access import Access

_PATH = "/usr/bin:/bin:/usr/local/bin"


def program() -> str | None:
    """Where bubblewrap is installed."""
    return shutil.which("bwrap", path=_PATH)


def command(bwrap: str, access: Access) -> list[str]:
    """What to put before a command so that it can open these files and nothing else."""
    words = [bwrap, "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    words += ["--dev", "/dev"]
    for path in access.readable:  # programs and the loader are in these
        if not path.is_relative_to(Path("/dev")):
            words += ["--ro-bind-try", str(path), str(path)]
    for path in access.writable:
        words += ["--bind", str(path), str(path)]
    return [*words, "--remount-ro", "/"]
