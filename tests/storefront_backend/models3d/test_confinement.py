"""Production does not start where brands' files would be read unconfined, unless allowed to."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest
from dj_queue.management.commands.dj_queue import Command as Worker
from structlog.testing import capture_logs

from infra import confinement
from infra.confinement import Found, Kind
from storefront_backend.models3d.confinement import check, log_at_start
from tests.project.files import ROOT

PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "storefront_backend.settings",
    "PAVILION_ENV": "production",
    "SECRET_KEY": "k" * 40,
    "ALLOWED_HOSTS": "shop.example",
    "PAYMENT_PROVIDER": "stripe",
    "DATABASE_URL": "postgresql://unused@127.0.0.1:1/none",
    "PATH": os.environ["PATH"],
}
# Before Django starts, the machine is made one without Landlock, seccomp or bubblewrap.
BARE = """
import sys
from typing import Any
from infra import confinement as c
c.found = lambda: c.Found(c.Kind.NONE, missing=("Landlock is missing.",))
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", *sys.argv[1:]])
"""


def command(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """A management command in production on a machine without any confinement."""
    environment = {
        **PRODUCTION,
        "DJANGO_SETTINGS_MODULE": "storefront_backend.settings",
        **settings,
    }
    return subprocess.run(
        [sys.executable, "-c", BARE, *words],
        cwd=ROOT, env=environment, capture_output=True, text=True,
    )  # fmt: skip


def test_production_refuses_to_start_a_worker_without_confinement() -> None:
    assert Worker.requires_system_checks == "__all__"  # every check runs before it starts
    done = command("check", "--tag", "confinement")
    assert done.returncode != 0
    assert "models3d.E001" in done.stderr
    assert "Landlock is missing." in done.stderr
    assert "ALLOW_UNCONFINED_READERS" in done.stderr


def test_a_setting_allows_it() -> None:
    done = command("check", "--tag", "confinement", ALLOW_UNCONFINED_READERS="true")
    assert "models3d.E001" not in done.stderr
    assert done.returncode == 0, done.stderr


def test_a_machine_with_confinement_passes_the_check(settings: Any) -> None:
    settings.ALLOW_UNCONFINED_READERS = False
    assert check(None) == []


def test_the_worker_logs_what_it_got(monkeypatch: pytest.MonkeyPatch) -> None:
    with capture_logs() as lines:
        log_at_start(None)
        monkeypatch.setattr(confinement, "found", lambda: Found(Kind.NONE, missing=("None.",)))
        log_at_start(None)
    assert [line["log_level"] for line in lines] == ["info", "warning"]
    assert "UNCONFINED" in lines[1]["event"]
