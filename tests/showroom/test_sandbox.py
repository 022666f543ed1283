"""Loads come from one waiting process, each in a child of its own that can be ended alone."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from showroom.errors import TooMuchMemory, TooSlow
from showroom.limits import DEFAULTS
from showroom.sandbox import load
from tests.showroom.workpieces import torus, write_stl


def readers() -> list[psutil.Process]:
    """The processes of this one that read files."""
    below = psutil.Process().children(recursive=True)
    return [p for p in below if any("showroom.sandbox" in word for word in p.cmdline())]


def test_a_load_over_its_time_leaves_no_process_and_the_next_one_works(tmp_path: Path) -> None:
    source = write_stl(tmp_path / "a.stl", torus(around=400, across=200))
    with pytest.raises(TooSlow):
        load(source, replace(DEFAULTS, wall_seconds=0.001))
    assert readers() == []
    assert load(source)[1].triangles == 160_000
    assert len(readers()) == 1


def test_one_file_over_its_memory_costs_only_its_own_child(tmp_path: Path) -> None:
    source = write_stl(tmp_path / "a.stl", torus(around=400, across=200))
    load(source)
    (host,) = readers()
    with pytest.raises(TooMuchMemory):
        load(source, replace(DEFAULTS, memory_bytes=64 << 20))
    assert load(source)[1].triangles == 160_000
    assert readers() == [host]


def test_a_host_that_was_killed_is_replaced(tmp_path: Path) -> None:
    source = write_stl(tmp_path / "a.stl", torus(around=24, across=10))
    load(source)
    (host,) = readers()
    os.kill(host.pid, signal.SIGKILL)
    assert load(source)[1].triangles == 480
    assert host not in readers()


def test_threads_read_at_once(tmp_path: Path) -> None:
    files = [write_stl(tmp_path / f"{n}.stl", torus(around=24 + n, across=10)) for n in range(4)]
    with ThreadPoolExecutor(4) as threads:
        found = [scene.triangles for _, scene in threads.map(load, files)]
    assert found == [480, 500, 520, 540]
