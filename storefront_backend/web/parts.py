"""A range of bytes of a file, for answers with 206."""

from __future__ import annotations

import io
from pathlib import Path


class FilePart(io.FileIO):
    """Some bytes of a file as a file of its own.

    The server sends files itself (`wsgi.file_wrapper`) without keeping a thread. Bytes from a
    generator would keep one until a slow client has taken all but the last 16 MB of them.
    """

    def __init__(self, path: Path, first: int, last: int) -> None:
        super().__init__(path)
        self._first, self._size = first, last - first + 1
        self.seek(0)

    def read(self, size: int | None = -1, /) -> bytes:
        """As of a file, up to the end of the part."""
        left = max(0, self._size - self.tell())
        wanted = left if size is None or size < 0 else min(size, left)
        return super().read(wanted) or b""

    def seek(self, offset: int, origin: int = io.SEEK_SET, /) -> int:
        """To a position in the part."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self.tell(), io.SEEK_END: self._size}[origin]
        super().seek(self._first + start + offset)
        return self.tell()

    def tell(self) -> int:
        """The position in the part."""
        return super().tell() - self._first
