"""How the readers of brands' files are confined: required in production, logged by the worker.

Every management command, the worker's among them, runs the check before it starts. Workers of
another queue may skip it; for them `follow_settings` has each reading refuse by itself.
"""

from __future__ import annotations

from typing import Any

import structlog
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from infra import confinement
from infra.confinement import Kind

log = structlog.get_logger(__name__)


def follow_settings() -> None:
    """Let this process read nothing unconfined, unless the settings allow it."""
    if not settings.ALLOW_UNCONFINED_READERS:
        confinement.require()


def log_at_start(supervisor: Any) -> None:
    """What this machine offers, in the worker's log."""
    found = confinement.found()
    level = log.warning if found.kind is Kind.NONE else log.info
    level(found.sentence, confinement=found.kind.value, landlock=found.landlock)


@register("confinement")
def check(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """An error where confinement is required and this machine has none."""
    if settings.ALLOW_UNCONFINED_READERS:
        return []
    found = confinement.found()
    if found.kind is not Kind.NONE:
        return []
    return [
        Error(
            f"This machine cannot confine the readers of brands' files. {' '.join(found.missing)}",
            hint="See docs/confinement.md, or set ALLOW_UNCONFINED_READERS=true to read without.",
            id="models3d.E001",
        )
    ]
