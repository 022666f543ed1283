"""A WSGI application for tests of the server: fast, never ending, and stuck outside of Python."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from storefront_backend.web.parts import FilePart


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """`/loop` and `/regex` never end, `/saleor/…` answers as all others do: with the process id."""
    path = environ["PATH_INFO"]
    if path == "/loop":
        while True:
            pass
    if path == "/regex":  # holds the interpreter: no other thread of the process runs
        re.match(r"(a+)+$", "a" * 64 + "b")
    if path == "/wait":
        time.sleep(300)
    start_response("200 OK", [("Content-Type", "text/plain")])
    if path == "/part":
        file = Path(os.environ["PART_OF"])
        return environ["wsgi.file_wrapper"](FilePart(file, 1, file.stat().st_size - 1))  # type: ignore[no-any-return]
    if path == "/large":
        return (b"x" * 1_000_000 for _ in range(100))
    return [str(os.getpid()).encode()]
