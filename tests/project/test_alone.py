"""A lone clone runs every test: what they need is in the repository or made by them."""

from __future__ import annotations

import re

from tests.project.files import ours, text

# Written in parts, so that this file keeps the rule it states.
SKIP = re.compile(r"pytest\.(?:mark\.)?(?:skip(?:if)?|importor" + r"skip)\b[^\n]*(?:\n[^\n]*)?")
OUTSIDE = re.compile(r"\.\./" + r"shared|ROOT\.parent\b|parents\[\d\]\.parent\b")
# A service that has to be running somewhere: its address is an environment variable. A program of
# the system that `.ci/run` installs, and a database of the operator's own.
LIVE = re.compile(r"SALEOR_API_URL|STRIPE_SECRET_KEY|bubblewrap|DATABASE_URL names a server")


def test_the_only_skips_are_for_what_a_clone_cannot_hold() -> None:
    skips = [
        f"{path}: {match.group()}"
        for path in ours()
        if path.parts[0] == "tests" and path.suffix == ".py"
        for match in SKIP.finditer(text(path))
        if not LIVE.search(match.group())
    ]
    assert skips == []


def test_nothing_is_read_from_outside_the_repository() -> None:
    reached = [
        f"{path}: {match.group()}"
        for path in ours()
        if path.suffix in {".py", ".sh", ".md", ""}
        for match in OUTSIDE.finditer(text(path))
    ]
    assert reached == []
