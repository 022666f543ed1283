"""Landlock: a process gives up every file but those it names (Linux 5.13; landlock(7)).

Written out here since no package on PyPI does it that is released and maintained. Each ABI version
guards more: 2 moving files, 3 truncating, 4 TCP, 5 devices' ioctl, 6 signals and abstract sockets
outside. What a version lacks, `infra.confinement.seccomp` refuses by other means.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
import sys
from pathlib import Path

from infra.confinement.access import NULL, Access
from infra.confinement.linux import no_new_privileges, system_call

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # on every architecture
_ASK_VERSION = 1
_PATH_BENEATH = 1

# <linux/landlock.h>, LANDLOCK_ACCESS_FS_*
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR, _REMOVE_DIR, _REMOVE_FILE = (
    1 << bit for bit in range(6)
)
_MAKE_DIR, _MAKE_REG = 1 << 7, 1 << 8
_TRUNCATE = 1 << 14
_HANDLED_FILES = {1: 13, 2: 14, 3: 15, 4: 15}  # so many of the rights, from the lowest, by ABI
_ALL_FILES = 16
_ALL_TCP = 0b11  # bind and connect
_ALL_SCOPES = 0b11  # abstract UNIX sockets and signals

_READ = _READ_FILE | _READ_DIR
# Not links, sockets, pipes or devices: the parent reads the folder later and must not follow them.
_WRITE = _READ | _WRITE_FILE | _TRUNCATE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE  # what makes sense for a mere file


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("handled_access_fs", ctypes.c_uint64),
        ("handled_access_net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


def version() -> int:
    """The kernel's ABI version; 0 without Landlock."""
    if sys.platform != "linux":
        return 0
    try:
        return system_call(_CREATE_RULESET, None, 0, _ASK_VERSION)
    except OSError:  # not built in, not switched on, or forbidden by a container's own filter
        return 0


def restrict(access: Access) -> None:
    """Give up every file but these, for ever, here and in every process started from here.

    Raises OSError where the kernel refuses; the process must then not go on.
    """
    abi = version()
    handled = (1 << _HANDLED_FILES.get(abi, _ALL_FILES)) - 1
    attributes = _Ruleset(handled, _ALL_TCP if abi >= 4 else 0, _ALL_SCOPES if abi >= 6 else 0)
    size = 8 if abi < 4 else 16 if abi < 6 else 24
    ruleset = system_call(_CREATE_RULESET, ctypes.byref(attributes), size, 0)
    try:
        for paths, rights in (
            (access.readable, _READ),
            (access.writable, _WRITE),
            (access.programs, _READ_FILE | _EXECUTE),
            ((NULL,), _READ_FILE | _WRITE_FILE),
        ):
            for path in paths:
                _allow(ruleset, path, rights & handled)
        no_new_privileges()
        system_call(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: Path, rights: int) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return  # what cannot be opened needs no rule
    try:
        if not stat.S_ISDIR(os.fstat(opened).st_mode):
            rights &= _OF_FILES
        path_beneath = ctypes.create_string_buffer(struct.pack("=Qi", rights, opened), 12)
        system_call(_ADD_RULE, ruleset, _PATH_BENEATH, path_beneath, 0)
    finally:
        os.close(opened)
