"""What can stop Pavilion from running here.

RunningError            code, message (what and where), hint (what to do)
├── DatabaseUnavailable     the embedded PostgreSQL cannot be made, started or reached
├── AlreadyRunning          another supervisor holds this home
├── PortTaken               another program listens on HOST:PORT
└── StepFailed              migrate, collectstatic or the demo ended with an error
"""

from __future__ import annotations


class RunningError(Exception):
    """One reason, in a sentence. `code` is stable."""

    code = "running"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class DatabaseUnavailable(RunningError):
    """The embedded PostgreSQL cannot be made, started or reached."""

    code = "database-unavailable"


class AlreadyRunning(RunningError):
    """Another supervisor runs Pavilion from this home."""

    code = "already-running"


class PortTaken(RunningError):
    """Another program listens where the shop should."""

    code = "port-taken"


class StepFailed(RunningError):
    """A command that must succeed before the doors open did not."""

    code = "step-failed"
