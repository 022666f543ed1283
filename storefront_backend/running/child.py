"""One supervised process: started in a session of its own, restarted with a growing pause."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

FIRST_PAUSE = 1.0  # seconds
LONGEST_PAUSE = 30.0  # seconds
STEADY_AFTER = 60.0  # seconds of life after which an end counts as the first again


@dataclass
class Child:
    """A command that has to stay alive. `before_restart` runs ahead of every start but the
    first."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    before_restart: Callable[[], None] = lambda: None
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    ends: int = 0
    resumes: float = field(default=0.0)

    def start(self) -> None:
        """Starts the command. Its session is its own, so that Ctrl-C reaches the supervisor
        alone and the group can be ended as one."""
        self.process = subprocess.Popen(  # noqa: S603 - our own commands
            self.command,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.started = time.monotonic()

    def watch(self) -> str | None:
        """Notices an end and, when its pause is over, starts again. Returns what happened."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.resumes:
                self.before_restart()
                self.start()
                return f"{self.name} started again"
            return None
        status = self.process.poll()
        if status is None:
            return None
        self.kill()  # the rest of its group
        self.process = None
        self.ends = 1 if now - self.started > STEADY_AFTER else self.ends + 1
        pause = min(FIRST_PAUSE * 2 ** (self.ends - 1), LONGEST_PAUSE)
        self.resumes = now + pause
        cause = f"signal {-status}" if status < 0 else f"exit code {status}"
        return f"{self.name} ended ({cause}); starting it again in {pause:.0f} s"

    def terminate(self) -> None:
        """Asks the whole group to stop."""
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """Ends what is left of the group."""
        self._signal(signal.SIGKILL)

    def wait(self, until: float) -> bool:
        """Waits for the command to end, at most until the monotonic time `until`."""
        if self.process is None:
            return True
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(max(until - time.monotonic(), 0.01))
        return self.process.returncode is not None

    def _signal(self, number: int) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)
