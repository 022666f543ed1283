"""What the README and CONTRIBUTING tell a reader to type exists."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.project.files import ROOT, ours, text

BLOCK = re.compile(r"^```(?:sh|bash|console|shell)\n(.*?)^```", re.MULTILINE | re.DOTALL)
TARGET = re.compile(r"\bmake((?: +[a-z][\w-]*)+)")
PROGRAM = re.compile(r"\.venv/bin/([\w-]+)")


def commands_in(document: str) -> str:
    """The shell lines of a Markdown text, without comments."""
    lines = "\n".join(BLOCK.findall(document)).splitlines()
    return "\n".join(line.split(" #")[0] for line in lines if not line.startswith("#"))


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z][\w-]*):", text(Path("Makefile")), re.MULTILINE))


def documents() -> list[Path]:
    return [path for path in ours() if path.suffix == ".md"]


@pytest.mark.parametrize("path", documents(), ids=str)
def test_every_make_target_it_names_exists(path: Path) -> None:
    named = {
        target for group in TARGET.findall(commands_in(text(path))) for target in group.split()
    }
    assert named <= make_targets()


@pytest.mark.parametrize("path", documents(), ids=str)
def test_every_program_it_names_is_installed(path: Path) -> None:
    named = set(PROGRAM.findall(commands_in(text(path))))
    assert sorted(name for name in named if not (ROOT / ".venv" / "bin" / name).exists()) == []


def test_the_readme_shows_how_to_run_and_to_test() -> None:
    shown = commands_in(text(Path("README.md")))
    assert "make run" in shown
    assert "make test" in shown


def test_the_projects_own_programs_are_installed() -> None:
    scripts = tomllib.loads(text(Path("pyproject.toml")))["project"]["scripts"]
    assert set(scripts) == {"showroom", "landed-cost", "catalog-import"}
    assert [name for name in scripts if not (ROOT / ".venv" / "bin" / name).exists()] == []


def test_what_make_pytest_leaves_out_has_a_command_of_its_own() -> None:
    makefile = text(Path("Makefile"))
    [apart] = re.findall(r"^APART := (.*)$", makefile, re.MULTILINE)
    left_out = set(re.findall(r"not (\w+)", apart))
    assert left_out == {"drill", "load", "fuzz", "long"}
    assert left_out <= set(re.findall(r"-m (\w+) \$\(ARGS\)", makefile))


def test_make_help_lists_every_command_a_reader_is_told_of() -> None:
    helped = set(re.findall(r"^([a-z-]+):.*## ", text(Path("Makefile")), re.MULTILINE))
    assert {"setup", "run", "test", "lint", "types", "bench", "clean", "help"} <= helped
    assert {"shell", "hooks", "drill", "load", "audit"} <= helped
