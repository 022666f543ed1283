"""Timeouts of tests grow with the machine's load, and none is written down anywhere else."""

from __future__ import annotations

import re

import pytest

from tests.patience import BROWSER, factor, milliseconds, stretched
from tests.project.files import ours, text

# A number of seconds (or Playwright's milliseconds) that sets the timeout of a wait.
WRITTEN = re.compile(
    r"(?<!statement_)(?<!session_)timeout=\d|default_timeout\(\d|wait_for_timeout\(\d"
    r"|(?:communicate|result|\.wait)\(\d|monotonic\(\) \+ \d"
)
# Drivers of shops and servers elsewhere, and measurements: these are not part of the tests.
DRIVERS = ("live", "bench")


@pytest.mark.parametrize(
    ("wanting", "cores", "slowness", "times"),
    [(0.1, 2, 0.2, 1.0), (13, 2, 0.2, 6.5), (2, 4, 3.0, 3.0), (500, 2, 1.0, 15.0)],
)
def test_a_busy_or_a_slow_machine_waits_longer(
    wanting: float, cores: int, slowness: float, times: float
) -> None:
    assert factor(wanting, cores, slowness) == times


def test_an_idle_machine_waits_as_long_as_is_written() -> None:
    assert stretched(20) >= 20
    assert milliseconds(BROWSER) >= 90_000


def test_no_test_writes_down_a_timeout_of_its_own() -> None:
    written = [
        f"{path}:{number}: {line.strip()}"
        for path in ours()
        if path.parts[0] == "tests" and path.parts[1] not in DRIVERS and path.suffix == ".py"
        for number, line in enumerate(text(path).splitlines(), 1)
        if WRITTEN.search(line)
    ]
    assert written == []
