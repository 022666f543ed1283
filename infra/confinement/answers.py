"""What a child left in its folder, looked at with suspicion."""

from __future__ import annotations

import os
import stat
from pathlib import Path


class NoAnswer(Exception):
    """No plain file of the child's own is there: it was taken over, or died."""


def plain(path: Path) -> Path:
    """The path, where a plain file of the child's own is there; else NoAnswer."""
    # A child that was taken over could leave a link to some other file of ours, or a pipe.
    try:
        found = path.lstat()
    except FileNotFoundError:
        raise NoAnswer(path.name) from None
    if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1:
        raise NoAnswer(path.name)
    return path


def said(path: Path, most: int = 1 << 16) -> bytes:
    """The end of what a child wrote to its standard error, a file that its host made."""
    # The child may have put another thing in its place.
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return b""
    with open(descriptor, "rb") as file:
        return file.read(1 << 20)[-most:]
