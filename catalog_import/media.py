"""Meshes and pictures that come with a sheet: which piece each is of, and what was left over.

A sheet's columns name files (`model_file`, `pictures`) or https addresses; pictures may also be in
the workbook itself. What no cell names is matched by its own name or folder with a product code or
SKU. Every file of an archive that no piece takes is a warning with its name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any

from catalog_import.file_names import HandedIn, Pieces, is_mesh, is_picture
from catalog_import.problems import Problem, Severity, shown
from catalog_import.reading import Reading
from catalog_import.sheets import Row, Sheet, address
from catalog_import.texts import say

_SECURE = "https://"


class Kind(StrEnum):
    """What a file becomes."""

    MESH = "mesh"
    PICTURE = "picture"


class Origin(StrEnum):
    """Where a file is."""

    ARCHIVE = "archive"  # beside the sheet in its ZIP; `path` is the member's name
    WORKBOOK = "workbook"  # in the workbook itself; `path` is the part's name
    ADDRESS = "address"  # on the web; `path` is the address


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a piece. `name` is what it is called; `path` says where it is."""

    kind: Kind
    product: str
    origin: Origin
    path: str
    name: str

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Named:
    """A cell that names a file."""

    product: str
    text: str
    sheet: str
    cell: str


@dataclass(slots=True)
class MediaReader:
    """Collects what the rows say of files, and settles it when all rows are read."""

    files: HandedIn
    _models: list[_Named] = field(default_factory=list)
    _pictures: list[_Named] = field(default_factory=list)
    _found: list[Attachment] = field(default_factory=list)
    _placed: dict[str, str] = field(default_factory=dict)  # pictures in cells, by their ids
    _without_piece: dict[str, list[str]] = field(default_factory=dict)  # sheet → cells

    def note(self, reading: Reading, code: str) -> None:
        """What a row of this piece names."""
        if reading["model_file"] is not None:
            self._models.append(
                _Named(code, reading["model_file"], reading.sheet, reading.cell("model_file"))
            )
        for text in reading["pictures"] or ():
            self._pictures.append(_Named(code, text, reading.sheet, reading.cell("pictures")))

    def name(self, sheet: str, row: Row, code: str, pictures: Iterable[str]) -> None:
        """Pictures that an export names in a row of this piece."""
        if code:
            cell = address(1, row.number)
            self._pictures += [_Named(code, text, sheet, cell) for text in pictures]

    def note_placed(self, sheet: Sheet, owners: Mapping[int, str], header: int) -> None:
        """Pictures that the workbook shows at rows, by the code of each row's piece."""
        self._placed.update(sheet.placed)
        for row, parts in sorted(sheet.pictures.items()):
            code = owners.get(row)
            if code is None:
                if row > header:
                    self._without_piece.setdefault(sheet.name, []).append(address(1, row))
                continue
            for part in parts:
                self._add(Kind.PICTURE, code, Origin.WORKBOOK, part)

    def settled(
        self, ready: Collection[str], pieces: Pieces, models: Mapping[str, str]
    ) -> tuple[tuple[Attachment, ...], tuple[Problem, ...]]:
        """The files of pieces, and a warning for each that no piece takes.

        `ready` are the codes of pieces that may have files now; `pieces` knows all codes and SKUs,
        `models` the mesh file that each piece is known to have.
        """
        used: set[str] = set()
        problems: list[Problem] = []
        for named in self._models:
            self._take_mesh(named.product, named.text, used)
        for code, name in models.items():
            self._take_mesh(code, name, used)
        problems += self._named_pictures(used)
        problems += self._left_over(used, pieces)
        problems += self._nowhere()
        seen: set[tuple[str, str]] = set()
        kept: list[Attachment] = []
        for each in self._found:
            if each.product in ready and (each.product, each.path) not in seen:
                seen.add((each.product, each.path))
                kept.append(each)
        # Meshes first: their builds take longest.
        return tuple(sorted(kept, key=lambda each: each.kind)), tuple(problems)

    def _take_mesh(self, code: str, name: str, used: set[str]) -> None:
        path = self.files.find(name)
        if path is not None and path not in used:
            used.add(path)
            self._add(Kind.MESH, code, Origin.ARCHIVE, path)

    def _named_pictures(self, used: set[str]) -> Iterator[Problem]:
        missing: dict[str, list[_Named]] = {}
        for named in self._pictures:
            if named.text.startswith(_SECURE):
                self._add(Kind.PICTURE, named.product, Origin.ADDRESS, named.text)
            elif (part := self._placed.get(named.text)) is not None:
                self._add(Kind.PICTURE, named.product, Origin.WORKBOOK, part)
            elif (path := self.files.find(named.text, pictures=True)) is not None:
                used.add(path)
                self._add(Kind.PICTURE, named.product, Origin.ARCHIVE, path)
            elif self.files.paths:
                yield _missing(named)
            else:
                missing.setdefault(named.sheet, []).append(named)
        for several in missing.values():
            yield _none_sent(several)

    def _left_over(self, used: set[str], pieces: Pieces) -> Iterator[Problem]:
        """Files that no cell names: by their own names, else told."""
        with_mesh = {each.product for each in self._found if each.kind is Kind.MESH}
        for path in self.files.paths:
            if path in used:
                continue
            code = pieces.of_file(path)
            if not is_mesh(path) and not is_picture(path):
                yield _not_used(path, _unread())
            elif not code:
                yield _not_used(path, _no_piece())
            elif is_picture(path):
                self._add(Kind.PICTURE, code, Origin.ARCHIVE, path)
            elif code in with_mesh:
                yield _not_used(path, say("Piece {code} has another model already", code=code))
            else:
                with_mesh.add(code)
                self._add(Kind.MESH, code, Origin.ARCHIVE, path)

    def _nowhere(self) -> Iterator[Problem]:
        for sheet, cells in self._without_piece.items():
            yield Problem(
                "picture_without_piece",
                say("Pictures in the sheet ({count}) are not at the row of a piece",
                    count=len(cells)),
                say("Move each into the row of its piece; these are not read"),
                sheet, cells[0], severity=Severity.WARNING,
            )  # fmt: skip

    def _add(self, kind: Kind, code: str, origin: Origin, path: str) -> None:
        name = PurePosixPath(path).name if origin is not Origin.ADDRESS else path
        self._found.append(Attachment(kind, code, origin, path, name))


def by_kind(media: Iterable[Attachment]) -> dict[str, int]:
    """How many of each kind."""
    counts = {kind.value: 0 for kind in Kind}
    for each in media:
        counts[each.kind] += 1
    return counts


def _missing(named: _Named) -> Problem:
    return Problem(
        "picture_missing",
        say("The picture {name} is not in the archive", name=shown(named.text)),
        say("Add it to the ZIP, or add it to the piece after the import"),
        named.sheet, named.cell, "pictures", shown(named.text), Severity.WARNING, named.product,
    )  # fmt: skip


def _none_sent(several: Sequence[_Named]) -> Problem:
    first = several[0]
    return Problem(
        "pictures_not_sent",
        say("The sheet names pictures ({count}) that did not come with it", count=len(several)),
        say("Upload a ZIP of the sheet with its pictures; files of their names are found in it"),
        first.sheet, first.cell, "pictures", shown(first.text), Severity.WARNING,
    )  # fmt: skip


def _unread() -> str:
    return say("Files of this kind are not read from an archive")


def _no_piece() -> str:
    return say("No cell names it, and its name begins with no product code or SKU")


def _not_used(path: str, why: str) -> Problem:
    return Problem(
        "file_not_used",
        say("The file {name} of the archive is not used. {why}", name=shown(path), why=why),
        say("Name it in the sheet, or call it by its product code: RING-001.stl, RING-001-2.jpg"),
        value=shown(path),
        severity=Severity.WARNING,
    )
