"""Why background work was ended or put off.

BackgroundError
├── StepFailed       a step of the sweep did part of its work only; the message says what is left
└── TaskOverran      a task was ended from outside; a job that does so again is set aside
    ├── TaskTooLong     it ran for longer than its limit
    └── TaskTooLarge    it took more memory than its limit
"""

from __future__ import annotations


class BackgroundError(Exception):
    """`code` is stable."""

    code = "background"


class TaskOverran(BackgroundError):
    """A task was ended from outside."""

    code = "task_overran"


class TaskTooLong(TaskOverran):
    """A task ran for longer than its limit."""

    code = "task_too_long"


class TaskTooLarge(TaskOverran):
    """A task took more memory than its limit."""

    code = "task_too_large"
