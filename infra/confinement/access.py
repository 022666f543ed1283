"""The files that a confined process may open: its own folder, its source, and the libraries."""

from __future__ import annotations

import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
# Of `infra` the code alone: settings with secrets may be beside it.
_OWN = ("infra/__init__.py", "infra/confinement", "showroom", "catalog_import", "i18n")
_SYSTEM = tuple(map(Path, ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib")))
_SYSTEM_FILES = tuple(map(Path, ("/etc/ld.so.cache", "/dev/zero", "/dev/urandom", "/dev/random")))
NULL = Path("/dev/null")
# What the dynamic loader is called: the kernel opens it together with each program.
_LOADERS = ("/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1")


@dataclass(frozen=True, slots=True)
class Access:
    """Paths, each a file or a whole folder. `/dev/null` is always readable and writable."""

    readable: tuple[Path, ...] = ()
    writable: tuple[Path, ...] = ()  # folders: files in them are read, made, changed, removed
    programs: tuple[Path, ...] = ()  # files that may be executed


def of_python(*readable: Path, writable: Iterable[Path] = ()) -> Access:
    """What a Python process of this package needs, and what it is given to work on."""
    return Access((*_libraries(), *readable), tuple(writable))


def of_program(program: Path, *readable: Path) -> Access:
    """What a program in another language needs: itself, the system's libraries, its own files."""
    return Access(
        (*_SYSTEM, *_SYSTEM_FILES, program.parent.parent, *readable),
        programs=(program.resolve(), *map(Path, _LOADERS)),
    )


@cache
def _libraries() -> tuple[Path, ...]:
    # Never the project's folder as a whole: the shop's data may be in it.
    paths = [*_SYSTEM, *_SYSTEM_FILES, *(_ROOT / name for name in _OWN)]
    for prefix in dict.fromkeys((sys.prefix, sys.base_prefix)):
        paths += [Path(prefix) / name for name in ("bin", "lib", "lib64", "pyvenv.cfg")]
    paths += [Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib")]
    return tuple(dict.fromkeys(paths))
