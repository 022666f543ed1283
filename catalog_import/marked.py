"""A sheet with its problems in it: cells coloured and commented, to be mended and sent back."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from catalog_import.confined.running import IN_A_REQUEST, MARKED, TO_MARK, ask, damaged
from catalog_import.corrections import NONE, Corrections
from catalog_import.marking import FILLS, Wanted
from catalog_import.problems import Problem
from infra.confinement.answers import NoAnswer, plain
from infra.confinement.request import Bounds

CHECKED_FILLS = FILLS
_ZIP = b"PK\x03\x04"


def write(
    path: Path,
    problems: Sequence[Problem],
    out: IO[bytes],
    *,
    language: str = "en",
    titles: Sequence[str] = ("Sheet", "Cell", "Column", "Value", "Problem", "What to do"),
    corrections: Corrections = NONE,
    bounds: Bounds = IN_A_REQUEST,
) -> None:
    """Write the marked workbook, which a confined child makes of the file.

    Raises SheetRefused, as reading the file does, and ReaderFailed.
    """
    wanted = Wanted(problems, corrections, language, titles)
    with tempfile.TemporaryDirectory(prefix="sheet-") as name:
        folder = Path(name)
        (folder / TO_MARK).write_text(json.dumps(wanted.to_json()), encoding="ascii")
        ask("mark", path, folder, bounds, {})
        try:
            with plain(folder / MARKED).open("rb") as made:
                if made.read(4) != _ZIP:
                    raise damaged()
                made.seek(0)
                shutil.copyfileobj(made, out)
        except NoAnswer as error:
            raise damaged() from error
