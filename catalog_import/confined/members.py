"""A file of an archive, or a part of a workbook, as a confined child took it out."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from catalog_import.confined.running import IN_BACKGROUND, TAKEN, ask, damaged
from infra.confinement.answers import NoAnswer, plain

_BESIDE = 1 << 20  # bytes of the child's letter


@contextmanager
def taken_out(path: Path, name: str, most: int, *, of_workbook: bool) -> Iterator[Path]:
    """The file on the disk while the context lasts; of at most `most` bytes.

    `of_workbook`: a part of the workbook that the archive holds, or that the file is. Raises
    SheetRefused where the archive is at fault, ReaderFailed where no child could be started.
    """
    bounds = replace(IN_BACKGROUND, written_bytes=max(most, IN_BACKGROUND.written_bytes) + _BESIDE)
    with tempfile.TemporaryDirectory(prefix="media-") as folder:
        given = {"name": name, "most": most, "of_workbook": of_workbook}
        ask("take_out", path, Path(folder), bounds, given)
        try:
            yield plain(Path(folder) / TAKEN)
        except NoAnswer as error:
            raise damaged() from error
