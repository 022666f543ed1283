"""`make digests` writes what the registries say, and nothing where they say nothing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.project.files import ROOT

FILES = ("compose.yaml", "Containerfile")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in FILES:
        shutil.copy(ROOT / "infra" / name, tmp_path / name)
    return tmp_path


def run(folder: Path, skopeo: str) -> subprocess.CompletedProcess[str]:
    program = folder / "bin" / "skopeo"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f"#!/bin/sh\n{skopeo}\n")
    program.chmod(0o755)
    return subprocess.run(
        [ROOT / "infra" / "digests.sh", folder],
        env={"PATH": f"{program.parent}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
    )


def images(folder: Path) -> list[str]:
    text = "\n".join((folder / name).read_text() for name in FILES)
    return re.findall(r"(?m)^(?: *image:|FROM) (\S+:\S+)", text)


def test_every_image_gets_its_digest_and_keeps_its_tag(folder: Path) -> None:
    before = [image.partition("@")[0] for image in images(folder)]
    for digit in "ab":  # again, with newer digests
        digest = f"sha256:{digit * 64}"
        assert run(folder, f"echo {digest}").returncode == 0
        assert images(folder) == [f"{image}@{digest}" for image in before]
    assert len(before) >= 6


@pytest.mark.parametrize("skopeo", ["exit 1", "echo nonsense"])
def test_a_registry_that_does_not_answer_changes_nothing(folder: Path, skopeo: str) -> None:
    before = [(folder / name).read_text() for name in FILES]
    assert run(folder, skopeo).returncode == 1
    assert [(folder / name).read_text() for name in FILES] == before
