"""What a background task may take, as the settings say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True, slots=True)
class Limit:
    """Seconds, and megabytes of memory with the processes that the task starts."""

    seconds: int
    megabytes: int


def read_limits(words: list[str], defaults: Mapping[str, Limit]) -> dict[str, Limit]:
    """Limits by task name from `name:seconds:megabytes` words, over the defaults.

    Raises ImproperlyConfigured.
    """
    limits = dict(defaults)
    for word in words:
        name, *numbers = word.split(":")
        if not name or len(numbers) != 2 or not all(n.isdigit() and int(n) for n in numbers):
            raise ImproperlyConfigured(
                f"TASK_LIMITS must be like build_model:3600:8192, not {word!r}"
            )
        limits[name] = Limit(int(numbers[0]), int(numbers[1]))
    return limits
