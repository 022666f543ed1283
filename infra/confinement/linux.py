"""The few system calls that Python does not offer, by number; an OSError where one fails."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
_PR_SET_NO_NEW_PRIVS = 38


def system_call(number: int, *arguments: object) -> int:
    """What the call returned."""
    return _checked(_libc().syscall(ctypes.c_long(number), *map(_wide, arguments)))


def no_new_privileges() -> None:
    """No program started from here on gains rights by set-user-ID or file capabilities."""
    _checked(_prctl(_PR_SET_NO_NEW_PRIVS, 1))


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when `parent`, which started it, ends."""
    if sys.platform == "linux":
        _checked(_prctl(_PR_SET_PDEATHSIG, signal.SIGKILL))
        if os.getppid() != parent:
            os._exit(1)  # the parent died before the line above


def _prctl(option: int, value: int) -> int:
    rest = (ctypes.c_ulong(0),) * 3
    return int(_libc().prctl(option, ctypes.c_ulong(value), *rest))


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _wide(argument: object) -> object:
    # Variadic arguments of the C library are 64 bits wide; ctypes would pass an int as 32.
    return ctypes.c_long(argument) if isinstance(argument, int) else argument


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
