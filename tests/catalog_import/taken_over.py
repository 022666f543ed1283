"""What a sheet that has taken over its reader would do: tasks of the sheet's confined child."""

from __future__ import annotations

import ctypes
import json
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from catalog_import.confined.running import LETTER
from catalog_import.confined.tasks import TASKS
from tests.showroom.hostile import ATTEMPTS, Attempt

PRELUDE = "from tests.catalog_import.taken_over import install; install(); "
TOLD: Mapping[str, Any] = {
    "name": "Rings", "notation": "point", "encoding": "", "guessed_encoding": False, "merges": [],
    "hidden_columns": [], "hidden_sheets": [],
}  # fmt: skip

type Task = Callable[[Path, Path, Mapping[str, Any]], None]


def hang(source: Path, folder: Path, given: Mapping[str, Any]) -> None:
    time.sleep(600)


def spin(source: Path, folder: Path, given: Mapping[str, Any]) -> None:
    while True:
        pass


def bloat(source: Path, folder: Path, given: Mapping[str, Any]) -> None:
    held = []
    while True:
        held.append(bytearray(64 << 20))


def fill_the_disk(source: Path, folder: Path, given: Mapping[str, Any]) -> None:
    with (folder / "0.rows").open("wb") as file:
        while True:
            file.write(b"\0" * (8 << 20))


def die(source: Path, folder: Path, given: Mapping[str, Any]) -> None:
    os.abort()


def say_nothing(source: Path, folder: Path, given: Mapping[str, Any]) -> None:
    pass


def lie(source: Path, folder: Path, given: Mapping[str, Any]) -> None:
    """Answer with what the file itself holds: the letter, and the lines of its one sheet."""
    letter, _, rows = source.read_text().partition("\n")
    (folder / LETTER).write_text(letter)
    (folder / "0.rows").write_text(rows)


def attempt(how: Attempt) -> Task:
    def task(source: Path, folder: Path, given: Mapping[str, Any]) -> None:
        ctypes.set_errno(0)
        refused = how(source) < 0
        letter = {"errno": ctypes.get_errno() if refused else 0}
        (folder / LETTER).write_text(json.dumps(letter))

    return task


def install() -> None:
    """Make these tasks of the sheet's reading child, which knows no others then."""
    TASKS.clear()
    TASKS.update({name: attempt(how) for name, how in ATTEMPTS.items()})
    for task in (hang, spin, bloat, fill_the_disk, die, say_nothing):
        TASKS[task.__name__] = task
    TASKS["read"] = lie
