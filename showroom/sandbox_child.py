"""The child of `showroom.sandbox`: ties its own hands, looks at one file, writes one parcel."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from showroom import files
from showroom.errors import Unreadable
from showroom.limits import Limits

type Answer = tuple[dict[str, Any], list[Any]]  # a letter and its arrays

SETTLED = "settled.zip"  # beside the answer

_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
_FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork",
              "pty.", "ftplib.", "urllib.", "ctypes.dlopen")  # fmt: skip
# What reads a mesh in an archive, by what the mesh is called.
_LIBRARIES = {
    ".3dm": "rhino3dm", ".step": "cascadio", ".stp": "cascadio", ".glb": "DracoPy",
    ".gltf": "DracoPy",
}  # fmt: skip


def main() -> int:
    """Do argv[1] with argv[2], say so in argv[3]; 0 whenever an answer was written."""
    task, source, answer = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    raw = json.loads(os.environ["SHOWROOM_LIMITS"])
    die_with_parent(int(os.environ["SHOWROOM_PARENT"]))
    leave_network()
    bound(raw)
    return TASKS[task](source, answer, raw)


def read_into(source: Path, answer: Path, raw: dict[str, Any]) -> int:
    """The untrusted part: read `source` and write what came of it to `answer`."""
    preload(source)
    return _answered(_scene, source, answer, raw)


def settle_into(source: Path, answer: Path, raw: dict[str, Any]) -> int:
    """The untrusted part: unpack `source` and write the one ZIP of its files beside `answer`."""
    return _answered(_settled, source, answer, raw)


TASKS = {"read": read_into, "settle": settle_into}


def _scene(source: Path, folder: Path, limits: Limits) -> Answer:
    from showroom import formats
    from showroom.scene_parcel import letter_of

    name, scene = formats.read(source, limits)
    letter, arrays = letter_of(scene)
    letter["format"] = name
    return letter, arrays


def _settled(source: Path, folder: Path, limits: Limits) -> Answer:
    workspace = folder / "files"
    workspace.mkdir()
    return {"packed": files.settle(source, folder / SETTLED, workspace, limits) != source}, []


def _answered(
    work: Callable[[Path, Path, Limits], Answer], source: Path, answer: Path, raw: dict[str, Any]
) -> int:
    from showroom import parcel

    sys.addaudithook(_refuse)
    try:
        letter, arrays = work(source, answer.parent, Limits(**raw))
    except Unreadable as error:
        letter, arrays = {"error": error.problem.to_json()}, []
    with answer.open("wb") as file:
        parcel.write(file, letter, arrays)
    return 0


def preload(source: Path) -> None:
    # Libraries load their shared objects before the hook closes that door.
    with source.open("rb") as file:
        head = file.read(64)
    if head.startswith(b"3D Geometry"):
        import rhino3dm  # noqa: F401
    elif b"ISO-10303" in head:
        import cascadio  # noqa: F401
    elif head.startswith(b"glTF") or head.lstrip().startswith(b"{"):
        import DracoPy  # noqa: F401
    elif head.startswith(files.MAGIC):
        for suffix in files.suffixes(source) & _LIBRARIES.keys():
            import_module(_LIBRARIES[suffix])


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(f"a reader may not do {event}")


def die_with_parent(parent: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)  # the parent died before the line above


def leave_network() -> None:
    # A network namespace of its own holds not even a loopback; without the right to make one the
    # audit hook still stops every socket of Python's.
    flags = getattr(os, "CLONE_NEWNET", 0)
    if not flags:
        return
    for extra in (0, os.CLONE_NEWUSER):
        try:
            os.unshare(flags | extra)
        except OSError:
            continue
        return


def bound(limits: dict[str, Any]) -> None:
    def cap(what: int, value: int) -> None:
        _, hard = resource.getrlimit(what)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(what, (value, value))

    cap(resource.RLIMIT_AS, int(limits["memory_bytes"]))
    cap(resource.RLIMIT_CPU, int(limits["cpu_seconds"]))
    cap(resource.RLIMIT_NOFILE, int(limits["open_files"]))
    cap(resource.RLIMIT_FSIZE, int(limits["written_bytes"]))
    cap(resource.RLIMIT_CORE, 0)
