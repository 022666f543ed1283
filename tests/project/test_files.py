"""Rules about the files themselves."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.project.files import ROOT, ours, text, tracked

LONGEST = 500  # lines
REASON = re.compile(r"long file: \S.{9,}")
CODE = {".py", ".ts", ".mjs", ".js", ".css", ".html", ".sh"}
# A module is named for what is in it; these names say only that somebody did not know.
EMPTY_NAMES = {"utils", "helpers", "common", "core", "misc", "manager", "data", "info"}
# Written in halves, so that this file keeps the rule it states.
HOSTS = ["pypi" + ".org", "files.python" + "hosted.org", "registry.npm" + "js.org"]
MACHINE_PATHS = re.compile(
    r"(?<![\w.$}/-])/(?:root|home/\w+|work|Users/\w+)/[\w.-]+|(?<![\w.$}/-])/tmp/(?:probe|contracts)\b"
)


def test_a_long_file_says_why_it_is_long() -> None:
    without_reason = [
        path.as_posix()
        for path in ours()
        if path.suffix in CODE
        and "/migrations/" not in path.as_posix()
        and len(text(path).splitlines()) > LONGEST
        and not REASON.search("\n".join(text(path).splitlines()[:30]))
    ]
    assert without_reason == []


def test_no_file_speaks_of_one_machine() -> None:
    found = [
        f"{path}: {match.group()}"
        for path in ours()
        for match in MACHINE_PATHS.finditer(text(path))
    ]
    assert found == []


def test_no_file_names_a_package_registry() -> None:
    found = [f"{path}: {host}" for path in tracked() for host in HOSTS if host in _loosely(path)]
    assert found == []


def test_the_node_lock_pins_by_hash_and_not_by_address() -> None:
    locks = [path for path in tracked() if path.name == "package-lock.json"]
    packages = [entry for path in locks for entry in json.loads(text(path))["packages"].items()]
    assert [name for name, entry in packages if "resolved" in entry] == []
    unpinned = [name for name, entry in packages if name and "integrity" not in entry]
    assert unpinned == []


def test_every_module_is_named_for_what_is_in_it() -> None:
    parts = {(path, part) for path in ours() for part in (*path.parts[:-1], path.stem)}
    assert sorted(str(path) for path, part in parts if part.lower() in EMPTY_NAMES) == []


def _loosely(path: Path) -> str:
    return (ROOT / path).read_bytes().decode("latin-1")
