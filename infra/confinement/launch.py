"""`python -c "…main()" ORDER COMMAND…`: confines itself, then becomes the command."""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path

from infra.confinement import Found, enter
from infra.confinement.access import Access

_ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "OPENSSL_CONF": "/dev/null",  # Node stops where the system's is there and cannot be opened
}


def main() -> None:
    """Never returns; an OSError where the confinement or the program fails."""
    order = json.loads(sys.argv[1])
    paths = {name: tuple(map(Path, found)) for name, found in order["access"].items()}
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.closerange(3, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    os.chdir("/")
    enter(Found.of(order["found"]), Access(**paths), may_execute=True)
    os.execve(sys.argv[2], sys.argv[2:], _ENVIRONMENT)  # noqa: S606  the command is ours
