"""A file that takes over its reader gets nowhere: each attempt runs inside the reading child."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from infra import confinement
from infra.confinement import Found, Kind, bubblewrap
from infra.confinement.access import of_program
from infra.confinement.children import Processes
from showroom import sandbox, tool
from showroom.errors import DamagedFile, OutsideFile, ToolFailed, Unconfined
from showroom.limits import DEFAULTS
from tests.showroom.hostile import ATTEMPTS, PRELUDE
from tests.showroom.workpieces import torus, write_stl

REFUSED = {errno.EPERM, errno.EACCES, errno.ENOSYS}
# Under bubblewrap what is outside is not even there.
ABSENT = {errno.ENOENT, errno.ESRCH, errno.EROFS, errno.EBUSY}
# Without confinement these succeed for any user, and do no harm.
HARMLESS = ("read_another_file", "list_another_folder", "open_tcp", "fork", "signal_the_parent",
            "link_to_a_secret", "change_rights", "make_memory_that_can_be_run")  # fmt: skip
UNCONFINED = Found(Kind.NONE)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A file from outside, beside a private one."""
    (tmp_path / "secret").write_text("the database's password")
    return write_stl(tmp_path / "a.stl", torus(around=24, across=10))


@pytest.fixture(scope="module")
def children() -> Iterator[Processes]:
    """Reading children that have hostile tasks as well, confined as this machine can."""
    processes = Processes(sandbox.LOADED, PRELUDE)
    yield processes
    processes.stop()


def answer(task: str, source: Path, processes: Processes) -> dict[str, Any]:
    """What the child answered."""
    with tempfile.TemporaryDirectory() as folder:
        return sandbox.run_task(task, source, Path(folder), DEFAULTS, processes)[0]


def test_this_machine_offers_a_confinement() -> None:
    assert confinement.found().kind is not Kind.NONE, confinement.found().sentence


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_taken_over_reader_is_refused(attempt: str, source: Path, children: Processes) -> None:
    before = source.read_bytes(), source.stat().st_mode
    offered = confinement.found()
    expected = REFUSED if offered.kind is Kind.KERNEL else REFUSED | ABSENT
    assert answer(attempt, source, children)["errno"] in expected
    assert (source.read_bytes(), source.stat().st_mode) == before
    assert sorted(path.name for path in source.parent.iterdir()) == ["a.stl", "secret"]


@pytest.mark.parametrize("attempt", HARMLESS)
def test_without_confinement_the_same_attempt_succeeds(attempt: str, source: Path) -> None:
    processes = Processes(sandbox.LOADED, PRELUDE, UNCONFINED)
    try:
        assert answer(attempt, source, processes)["errno"] == 0
    finally:
        processes.stop()


@pytest.mark.parametrize("attempt", sorted(ATTEMPTS.keys() - {"list_another_folder"}))
def test_bubblewrap_refuses_it_too(attempt: str, source: Path) -> None:
    program = bubblewrap.program()
    if program is None:
        pytest.skip("bubblewrap is not installed")
    offered = replace(confinement.found(), kind=Kind.BUBBLEWRAP, bubblewrap=program)
    if attempt == "live_on_without_the_parent" and not offered.seccomp:
        pytest.skip("bubblewrap ends its child by itself")
    processes = Processes(sandbox.LOADED, PRELUDE, offered, Path(__file__).parents[1])
    assert answer(attempt, source, processes)["errno"] in REFUSED | ABSENT


def test_a_reader_inherits_neither_environment_nor_open_files(
    source: Path, children: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRIPE_SECRET_KEY", "sk_live_1")
    with (source.parent / "secret").open() as held:
        os.set_inheritable(held.fileno(), True)
        found = answer("look_around", source, children)
    assert set(found["environment"]) <= {*confinement.ENVIRONMENT, "TMPDIR", "PWD", "LC_CTYPE"}
    assert found["open"] == [0, 1, 2]


def test_a_new_interpreter_is_confined_as_a_forked_one(source: Path) -> None:
    processes = Processes(sandbox.LOADED, PRELUDE)
    with processes._turn:  # the host is busy with another file
        found = answer("look_around", source, processes)
        refused = answer("read_another_file", source, processes)
    assert set(found["environment"]) <= {*confinement.ENVIRONMENT, "TMPDIR", "PWD", "LC_CTYPE"}
    assert refused["errno"] in REFUSED | ABSENT


def test_a_link_left_in_place_of_an_answer_is_not_followed(source: Path) -> None:
    processes = Processes(sandbox.LOADED, PRELUDE, UNCONFINED)
    with tempfile.TemporaryDirectory() as folder:
        sandbox.run_task("leave_a_link", source, Path(folder), DEFAULTS, processes)
        with pytest.raises(DamagedFile):
            sandbox.plain(Path(folder) / "settled.zip")
    processes.stop()


def test_a_library_that_aborts_costs_one_file(source: Path, children: Processes) -> None:
    with pytest.raises(DamagedFile):
        answer("abort", source, children)
    assert answer("look_around", source, children)["open"] == [0, 1, 2]


def test_a_child_that_cannot_be_confined_as_planned_reads_nothing(source: Path) -> None:
    prelude = PRELUDE + "from tests.showroom.test_confinement import spoil; spoil(); "
    processes = Processes(sandbox.LOADED, prelude, replace(confinement.found(), kind=Kind.KERNEL))
    try:
        with pytest.raises(ToolFailed, match="could not be confined"):
            answer("look_around", source, processes)
    finally:
        processes.stop()


def spoil() -> None:
    """Have the kernel refuse confinement, in the child."""
    from infra.confinement import landlock

    def refused(access: object) -> None:
        raise OSError(errno.EOPNOTSUPP, "no Landlock")

    landlock.restrict = refused  # type: ignore[assignment]


def test_where_confinement_is_required_nothing_is_read_without_it(source: Path) -> None:
    code = (
        "import sys, dataclasses; from pathlib import Path; from infra import confinement as c;"
        "from showroom.sandbox import load; c.require();"
        "c.found = lambda: c.Found(c.Kind.NONE, missing=('Landlock is missing.',));"
        "load(Path(sys.argv[1]))"
    )
    done = subprocess.run([sys.executable, "-c", code, source], capture_output=True, text=True)
    assert f"{Unconfined.__module__}.{Unconfined.__name__}: No file is read" in done.stderr
    assert "Landlock is missing." in done.stderr


def test_a_mesh_reads_no_file_beside_it_but_materials_and_buffers(tmp_path: Path) -> None:
    (tmp_path / "private.txt").write_text("newmtl gold\nKd 1 0 0\n")
    piece = tmp_path / "a.obj"
    piece.write_text("mtllib private.txt\nv 0 0 0\nv 9 0 0\nv 0 9 0\nf 1 2 3\n")
    with pytest.raises(OutsideFile, match=r"private\.txt"):
        sandbox.load(piece)


def test_node_opens_its_own_scripts_and_nothing_else(source: Path) -> None:
    offered = confinement.found()
    script = """
        const tried = (what) => {
            try { what(); return "done"; } catch (error) { return error.code; }
        };
        console.log(tried(() => require("fs").readFileSync(process.argv[1])));
        console.log(tried(() => require("child_process").execFileSync("/bin/true")));
        console.log(Object.keys(process.env).sort().join());
    """
    command = [tool.node(), "-e", script, source.parent / "secret"]
    words = confinement.program(offered, command, of_program(tool.node(), tool.FOLDER))
    done = subprocess.run(words, env=confinement.ENVIRONMENT, capture_output=True, text=True)
    read, ran, environment = done.stdout.splitlines()
    assert read in ("EACCES", "ENOENT")
    assert ran in ("EPERM", "EACCES", "ENOENT")
    assert environment.split(",") == ["LANG", "OPENSSL_CONF", "PATH"]
