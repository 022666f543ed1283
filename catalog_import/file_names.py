"""What files that came with a sheet are called, and which piece a name means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from catalog_import.cells import Cell, as_text, says_nothing
from catalog_import.problems import Fault

MESHES = (".3dm", ".stl", ".obj", ".ply", ".glb", ".gltf", ".3mf", ".step", ".stp", ".zip")
PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".avif", ".tif", ".tiff")
# Lists of names: by commas, semicolons, lines. Of addresses: what is before the next address.
_BETWEEN = re.compile(r"[,;|、，；\n]+")
_BEFORE_ADDRESS = re.compile(r"[\s,;|、，；]+(?=https?://)")
# A picture in a cell of WPS: =DISPIMG("ID_1F…",1), with or without a prefix.
PLACED = re.compile(r'DISPIMG\(\s*"([^"]{1,80})"')
# "RING-001-2", "RING-001_front", "RING-001 (3)": what may stand behind a piece's code.
_BEHIND = re.compile(r"[-_ .(#]")
_LONGEST = 2_000


type HasModel = Callable[[str], bool]
"""Whether the brand handed over a model of that plain file name."""


def in_folder(folder: Path) -> HasModel:
    """Whether a model is a file of that folder itself: no link leads out of it."""
    folder = folder.resolve()

    def has(name: str) -> bool:
        model = folder / name
        return model.is_file() and model.resolve().parent == folder

    return has


def is_mesh(path: str) -> bool:
    """Whether a file is a model, by its ending."""
    return path.lower().endswith(MESHES)


def is_picture(path: str) -> bool:
    """Whether a file is a picture, by its ending."""
    return path.lower().endswith(PICTURES)


def pictures(cell: Cell) -> tuple[str, ...] | None:
    """The names and https addresses of pictures in a cell; the id of one that the cell shows."""
    placed = PLACED.findall(str(getattr(cell.value, "formula", cell.value)))
    if placed:
        return tuple(dict.fromkeys(placed))
    words = as_text(cell)
    if isinstance(words, Fault) or not words or says_nothing(words):
        return None  # a formula's result, an error of a picture that Excel keeps in the cell
    found: list[str] = []
    for part in _BEFORE_ADDRESS.split(words):
        found += [part.strip(" ,;|、，；")] if "://" in part else _BETWEEN.split(part)
    # Pictures are fetched by https alone; an old export says http of a place that has both.
    names = (re.sub(r"^http://", "https://", each.strip(), flags=re.I) for each in found)
    return tuple(dict.fromkeys(each for each in names if each and len(each) <= _LONGEST)) or None


@dataclass(frozen=True, slots=True)
class HandedIn:
    """The files beside a sheet, by their paths in the archive."""

    paths: tuple[str, ...] = ()
    _by_name: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    _by_stem: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, paths: Iterable[str]) -> HandedIn:
        """These files."""
        given = tuple(sorted(paths))
        names: dict[str, tuple[str, ...]] = {}
        stems: dict[str, tuple[str, ...]] = {}
        for path in given:
            name = PurePosixPath(_folded(path))
            names[name.name] = (*names.get(name.name, ()), path)
            if is_picture(path):
                stems[name.stem] = (*stems.get(name.stem, ()), path)
        return cls(given, names, stems)

    def find(self, said: str, *, pictures: bool = False) -> str | None:
        """The file that a cell names, with or without its folders; capitals do not count.

        A picture may be named without its ending. Of several with one name, the one in the folder
        that the cell says, else the first.
        """
        wanted = _folded(said.replace("\\", "/")).lstrip("./")
        name = PurePosixPath(wanted).name
        found = self._by_name.get(name, ())
        if pictures:
            found = tuple(filter(is_picture, found)) or self._by_stem.get(name, ())
        exact = (path for path in found if _folded(path).endswith(wanted))
        return next(exact, found[0] if found else None)


@dataclass(frozen=True, slots=True)
class Pieces:
    """Product codes, and SKUs with the product of each."""

    _codes: Mapping[str, str]

    @classmethod
    def of(cls, codes: Iterable[str], skus: Mapping[str, str]) -> Pieces:
        """A code goes before a SKU of the same letters."""
        known = {_folded(sku): code for sku, code in skus.items()}
        return cls({**known, **{_folded(code): code for code in codes}})

    def of_file(self, path: str) -> str:
        """The code of the piece that a file's name means, empty where it means none.

        `RING-001.jpg`, `ring-001-2.jpg`, `RING-001_front.png` and `RING-001/any.jpg`; the longest
        code that fits, so RING-001-A is not taken for RING-001.
        """
        parts = PurePosixPath(_folded(path.replace("\\", "/")))
        for name in (parts.stem, *reversed(parts.parent.parts)):
            for begin in _beginnings(name):
                if begin in self._codes:
                    return self._codes[begin]
        return ""


def _beginnings(name: str) -> Iterator[str]:
    yield name
    ends = [found.start() for found in _BEHIND.finditer(name)]
    yield from (name[:end] for end in reversed(ends) if end)


def _folded(name: str) -> str:
    """Mac writes é as e and an accent; Windows does not tell capitals apart."""
    return unicodedata.normalize("NFC", name).casefold()
