"""A market is a folder of data, a language is a line and a folder: both added to a copy."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.project.added import overlay

REQUESTED = (
    "tests/project/added/checks.py",
    "tests/i18n/test_examples.py",
    "tests/i18n/test_markets.py",
)


@pytest.mark.long
def test_everything_knows_a_market_and_a_language_that_are_added(tmp_path: Path) -> None:
    project = overlay.copy_to(tmp_path / "project")
    overlay.add_market(project)
    overlay.add_language(project)
    # A database of its own beside this run's.
    address = urlsplit(os.environ["DATABASE_URL"])
    address = address._replace(path=f"{address.path}_added_{os.getpid()}")
    environment = os.environ | {"DATABASE_URL": address.geturl(), "PYTHONPATH": str(project)}
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:xdist",
            *REQUESTED,
        ],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
