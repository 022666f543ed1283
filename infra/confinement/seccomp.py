"""seccomp: the system calls that a confined process may not make (Linux 3.5; seccomp(2)).

The filter refuses what reading a file never needs: sockets, other processes, programs, rights and
owners of files, mounts, keys, and all that is newer than the table. It is assembled here, in sixty
lines, because the one binding on PyPI (pyseccomp) needs a C library that many images lack.

A refused call fails with EPERM, a newer one with ENOSYS, as on a kernel that lacks it.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys
from collections.abc import Iterable

from infra.confinement.linux import no_new_privileges, system_call
from infra.confinement.system_calls import LOOKED_INTO, NEWEST, REFUSED, Numbers

# <linux/audit.h>, and the number of seccomp(2) itself
_MACHINES = {"x86_64": (0, 0xC000003E, 317), "aarch64": (1, 0xC00000B7, 277)}
_X32 = 0x40000000  # a second set of numbers for the same calls on x86_64
_SET_MODE_FILTER = 1
_TSYNC = 1  # for every thread

# <linux/bpf_common.h>, <linux/seccomp.h>
_LOAD, _AND = 0x20, 0x54
_IF_EQUAL, _IF_ABOVE, _IF_AT_LEAST = 0x15, 0x25, 0x35
_RETURN = 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_REFUSE = _ERRNO | errno.EPERM
_UNKNOWN = _ERRNO | errno.ENOSYS
_NUMBER, _MACHINE, _ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data

_CLONE_THREAD = 0x00010000
_PR_SET_PDEATHSIG = 1
_O_TRUNC_READING = os.O_TRUNC | os.O_ACCMODE
# A signal of the caller's choice to a process of its choice, when a pipe is ready.
_F_SETOWN, _F_SETSIG, _F_SETOWN_EX = 8, 10, 15
_FIOSETOWN, _SIOCSPGRP = 0x8901, 0x8902
_TIOCSTI = 0x5412  # types into a terminal

type _Instruction = tuple[int, int, int, int]  # code, jump if true, jump if false, operand


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def available() -> bool:
    """Whether there is a table for this machine; `restrict` finds out about the kernel."""
    return sys.platform == "linux" and platform.machine() in _MACHINES and sys.maxsize > 2**32


def restrict(*, may_execute: bool = False) -> None:
    """Give up these calls, for ever, here and in every process started from here.

    `may_execute` leaves starting a program in this process's own place: what it may be is then up
    to Landlock. Raises OSError where the kernel refuses; the process must then not go on.
    """
    if not available():
        raise OSError(errno.ENOSYS, "no table of system calls for this machine")
    code = b"".join(struct.pack("=HBBI", *one) for one in _filter(os.getpid(), may_execute))
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    no_new_privileges()
    number = _MACHINES[platform.machine()][2]
    system_call(number, _SET_MODE_FILTER, _TSYNC, ctypes.byref(program))


def _filter(process: int, may_execute: bool) -> list[_Instruction]:
    column, machine, _ = _MACHINES[platform.machine()]
    code: list[_Instruction] = [
        (_LOAD, 0, 0, _MACHINE),
        (_IF_EQUAL, 1, 0, machine),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_IF_AT_LEAST, 0, 1, _X32),
        (_RETURN, 0, 0, _REFUSE),
        (_IF_ABOVE, 0, 1, NEWEST),
        (_RETURN, 0, 0, _UNKNOWN),
    ]

    def on(name: str, body: Iterable[_Instruction]) -> None:
        numbers: Numbers = LOOKED_INTO.get(name) or REFUSED[name]
        if (number := numbers[column]) is not None:
            body = list(body)
            code.extend([(_IF_EQUAL, 0, len(body), number), *body])

    for name in REFUSED:
        on(name, [(_RETURN, 0, 0, _REFUSE)])
    # What these do is said in memory, which a filter cannot read; callers fall back to the older.
    for name in ("clone3", "openat2"):
        on(name, [(_RETURN, 0, 0, _UNKNOWN)])
    if not may_execute:
        on("execve", [(_RETURN, 0, 0, _REFUSE)])
    on("clone", _unless(0, mask=_CLONE_THREAD, value=_CLONE_THREAD))
    for name in ("kill", "tgkill"):  # abort() signals its own process
        on(name, _unless(0, value=process))
    on("prctl", _if_any(0, _PR_SET_PDEATHSIG))
    on("prlimit64", _unless_null(2))
    on("fcntl", _if_any(1, _F_SETOWN, _F_SETSIG, _F_SETOWN_EX))
    on("ioctl", _if_any(1, _FIOSETOWN, _SIOCSPGRP, _TIOCSTI))
    # Opening to read and truncating at once is guarded by Landlock from ABI 3 on only.
    on("open", _if_masked(1, mask=_O_TRUNC_READING, value=os.O_TRUNC))
    on("openat", _if_masked(2, mask=_O_TRUNC_READING, value=os.O_TRUNC))
    code.append((_RETURN, 0, 0, _ALLOW))
    return code


def _low(argument: int) -> _Instruction:
    return (_LOAD, 0, 0, _ARGUMENTS + 8 * argument)


def _high(argument: int) -> _Instruction:
    return (_LOAD, 0, 0, _ARGUMENTS + 8 * argument + 4)


def _unless(argument: int, *, value: int, mask: int = 0xFFFFFFFF) -> list[_Instruction]:
    return [
        _low(argument),
        (_AND, 0, 0, mask),
        (_IF_EQUAL, 1, 0, value),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    ]


def _if_masked(argument: int, *, mask: int, value: int) -> list[_Instruction]:
    return [
        _low(argument),
        (_AND, 0, 0, mask),
        (_IF_EQUAL, 0, 1, value),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    ]


def _if_any(argument: int, *values: int) -> list[_Instruction]:
    tests = [(_IF_EQUAL, len(values) - at, 0, value) for at, value in enumerate(values)]
    return [_low(argument), *tests, (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]


def _unless_null(argument: int) -> list[_Instruction]:
    return [
        _low(argument),
        (_IF_EQUAL, 0, 2, 0),
        _high(argument),
        (_IF_EQUAL, 1, 0, 0),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    ]
