"""The child of `showroom.sandbox`: confines itself, reads one file, writes one parcel."""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from showroom import confinement, files
from showroom.confinement import Found, Kind
from showroom.confinement.access import of_python
from showroom.confinement.linux import die_with_parent
from showroom.errors import Unreadable
from showroom.limits import Limits
from showroom.photographs.kinds import is_picture

type Answer = tuple[dict[str, Any], list[Any]]  # a letter and its arrays
type Task = Callable[[Path, Path, Limits], Answer]

SETTLED = "settled.zip"  # beside the answer
NOT_CONFINED = 97  # exit status

# Python's own door, closed on top: it holds also where the kernel offers nothing.
_FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork",
              "pty.", "ftplib.", "urllib.", "ctypes.dlopen")  # fmt: skip
# What reads a mesh in an archive, by what the mesh is called.
_LIBRARIES = {
    ".3dm": "rhino3dm", ".step": "cascadio", ".stp": "cascadio", ".glb": "DracoPy",
    ".gltf": "DracoPy",
}  # fmt: skip


def main() -> int:
    """Carry out the order in argv[1] for the parent argv[2]; 0 whenever an answer was written."""
    order = json.loads(sys.argv[1])
    if (
        Found.of(order["confinement"]).kind is not Kind.BUBBLEWRAP
    ):  # which sees to it, and hides the parent
        die_with_parent(int(sys.argv[2]))
    return carry_out(order)


def carry_out(order: dict[str, Any]) -> int:
    """Do one task of TASKS, confined; the exit status, 0 whenever an answer was written."""
    folder, source = Path(order["folder"]), Path(order["source"])
    os.chdir(folder)
    tempfile.tempdir = str(folder)
    bound(order["limits"])
    offered = Found.of(order["confinement"])
    if offered.kind is Kind.NONE and not offered.seccomp:
        leave_network()
    companions = map(Path, order["companions"])
    try:
        confinement.enter(offered, of_python(source, *companions, writable=[folder]))
    except OSError as error:
        os.write(2, str(error).encode())
        return NOT_CONFINED
    return answer_with(TASKS[order["task"]], source, Path(order["answer"]), order["limits"])


def read_scene(source: Path, folder: Path, limits: Limits) -> Answer:
    """The scene in `source`."""
    from showroom import formats
    from showroom.scene_parcel import letter_of

    name, scene = formats.read(source, limits)
    letter, arrays = letter_of(scene)
    letter["format"] = name
    return letter, arrays


def settle(source: Path, folder: Path, limits: Limits) -> Answer:
    """Unpack `source` and write the one ZIP of its files into `folder`."""
    workspace = folder / "files"
    workspace.mkdir()
    return {"packed": files.settle(source, folder / SETTLED, workspace, limits) != source}, []


def develop(source: Path, folder: Path, limits: Limits) -> Answer:
    """The photograph in `source` as files for pages, in `folder`."""
    from showroom.photographs.child import develop as developed

    return developed(source, folder), []


TASKS: dict[str, Task] = {"read": read_scene, "settle": settle, "develop": develop}


def answer_with(work: Task, source: Path, answer: Path, raw: dict[str, Any]) -> int:
    """The untrusted part: do the work and write what came of it, or the Unreadable, to `answer`."""
    from showroom import parcel

    preload(source)
    sys.addaudithook(_refuse)
    try:
        letter, arrays = work(source, answer.parent, Limits(**raw))
    except Unreadable as error:
        letter, arrays = {"error": error.problem.to_json()}, []
    with answer.open("wb") as file:
        parcel.write(file, letter, arrays)
    return 0


def preload(source: Path) -> None:
    """Load the library that will read `source`, before the audit hook closes that door."""
    with source.open("rb") as file:
        head = file.read(64)
    if head.startswith(b"3D Geometry"):
        import rhino3dm  # noqa: F401
    elif b"ISO-10303" in head:
        import cascadio  # noqa: F401
    elif is_picture(head):
        import showroom.photographs.child  # noqa: F401
    elif head.startswith(b"glTF") or head.lstrip().startswith(b"{"):
        import DracoPy  # noqa: F401
    elif head.startswith(files.MAGIC):
        for suffix in files.suffixes(source) & _LIBRARIES.keys():
            import_module(_LIBRARIES[suffix])


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(f"a reader may not do {event}")


def leave_network() -> None:
    """Without seccomp: a network namespace of its own, which holds not even a loopback.

    Where that fails too, the network stays open to native code; `Found.sentence` says so at start.
    """
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
    """Set the limits that the kernel enforces; seccomp then keeps them from being raised."""

    def cap(what: int, value: int) -> None:
        _, hard = resource.getrlimit(what)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(what, (value, value))

    cap(resource.RLIMIT_AS, int(limits["memory_bytes"]))
    cap(resource.RLIMIT_CPU, int(limits["cpu_seconds"]))
    cap(resource.RLIMIT_NOFILE, int(limits["open_files"]))
    cap(resource.RLIMIT_FSIZE, int(limits["written_bytes"]))
    cap(resource.RLIMIT_CORE, 0)
