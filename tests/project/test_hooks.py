"""The git hooks run what CI runs, with programs of the environment, and know a long subject."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.project.files import ROOT, text

CONFIGURED = Path(".pre-commit-config.yaml")


def hooks() -> list[dict[str, Any]]:
    [repository] = yaml.safe_load(text(CONFIGURED))["repos"]
    assert repository["repo"] == "local"
    return list(repository["hooks"])


def recipe(target: str) -> str:
    """The first line that a target of the Makefile runs."""
    found = re.search(rf"^{target}:.*\n\t@(.*)$", text(Path("Makefile")), re.MULTILINE)
    assert found, target
    return found[1].replace("$(BIN)", ".venv/bin")


def refusal(message: str, folder: Path) -> str:
    """What the message hook says of a message; empty where it takes it."""
    file = folder / "COMMIT_EDITMSG"
    file.write_text(message, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, ROOT / "infra" / "commit_message.py", file],
        capture_output=True,
        text=True,
    )
    assert (done.returncode == 0) == (done.stderr == "")
    return done.stderr


def test_every_hook_is_a_program_that_is_here() -> None:
    assert {hook["language"] for hook in hooks()} == {"system"}
    assert [h["id"] for h in hooks() if not (ROOT / h["entry"].split()[0]).exists()] == []


@pytest.mark.parametrize("check", ["lint", "types", "contracts", "drift"])
def test_a_hook_runs_what_make_runs(check: str) -> None:
    [hook] = [hook for hook in hooks() if hook["id"] == check]
    assert hook["entry"].removesuffix(" --force-exclude") == recipe(check).removesuffix(" .")


def test_a_subject_of_72_characters_is_taken_and_73_are_not(tmp_path: Path) -> None:
    assert refusal("a" * 72 + "\n\nA body.\n# a comment\n", tmp_path) == ""
    assert "73 characters" in refusal("a" * 73, tmp_path)
    assert refusal("金" * 72, tmp_path) == ""


def test_a_body_begins_after_an_empty_line(tmp_path: Path) -> None:
    assert "empty" in refusal("Name the thing\nand go on", tmp_path)
    assert "subject" in refusal("\nNothing first", tmp_path)
