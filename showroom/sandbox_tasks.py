"""What the confined children of `showroom.sandbox` do: each task reads one file of a brand's.

Its answer is a parcel, in the file ANSWER of the child's folder.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from showroom import files
from showroom.errors import Unreadable
from showroom.limits import Limits
from showroom.photographs.kinds import is_picture

type Answer = tuple[dict[str, Any], list[Any]]  # a letter and its arrays
type Work = Callable[[Path, Path, Limits], Answer]
type Task = Callable[[Path, Path, Mapping[str, Any]], None]

ANSWER = "answer"
SETTLED = "settled.zip"  # beside the answer
# What reads a mesh in an archive, by what the mesh is called.
_LIBRARIES = {
    ".3dm": "rhino3dm", ".step": "cascadio", ".stp": "cascadio", ".glb": "DracoPy",
    ".gltf": "DracoPy",
}  # fmt: skip


def preload(source: Path, task: str) -> None:
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


def answering(work: Work) -> Task:
    """A task that writes what came of the work, or the Unreadable, as a parcel."""

    def task(source: Path, folder: Path, given: Mapping[str, Any]) -> None:
        from showroom import parcel

        try:
            letter, arrays = work(source, folder, Limits(**given))
        except Unreadable as error:
            letter, arrays = {"error": error.problem.to_json()}, []
        with (folder / ANSWER).open("wb") as file:
            parcel.write(file, letter, arrays)

    return task


TASKS: dict[str, Task] = {
    "read": answering(read_scene),
    "settle": answering(settle),
    "develop": answering(develop),
}
