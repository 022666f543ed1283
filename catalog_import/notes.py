"""Says what of a sheet is easily overlooked: hidden rows, columns and sheets, and formulas."""

from __future__ import annotations

from collections.abc import Iterator

from catalog_import.problems import Problem, Severity
from catalog_import.sheets import Row, Sheet, address
from catalog_import.texts import say


class Notes:
    """Watches the rows of `sheet` go by, to be read in place of the given one."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet.streaming(lambda: self._watched(sheet))
        self._hidden: set[int] = set()
        self._formulas: dict[int, int] = {}  # index of the column → its first row with one

    def _watched(self, sheet: Sheet) -> Iterator[Row]:
        for row in sheet.rows():
            if row.hidden:
                self._hidden.add(row.number)
            for index in row.formulas:
                self._formulas.setdefault(index, row.number)
            yield row

    def problems(self) -> Iterator[Problem]:
        """One for each kind, and one a column for formulas."""
        if self._hidden:
            yield self._note(
                "hidden_rows",
                say("Hidden rows ({count}) are read with the others", count=len(self._hidden)),
                say("Delete rows that are not part of the catalogue"),
                address(1, min(self._hidden)),
            )
        for index in sorted(self.sheet.hidden_columns):
            if index < 256:
                yield self._note(
                    "hidden_column",
                    say("The hidden column is read with the others"),
                    say("Delete it if it is not part of the catalogue"),
                    address(index + 1, 1),
                )
        for index, row in sorted(self._formulas.items()):
            yield self._note(
                "formula_result",
                say("The column holds formulas; their stored results are read"),
                say("Save the sheet in a spreadsheet program after the last change"),
                address(index + 1, row),
            )
        if self.sheet.hidden_sheets:
            names = ", ".join(f"“{name}”" for name in self.sheet.hidden_sheets[:10])
            yield Problem(
                "hidden_sheet",
                say("Hidden sheets are not read: {names}", names=names),
                say("Show a sheet that is part of the catalogue"),
                severity=Severity.WARNING,
            )

    def _note(self, code: str, message: str, hint: str, cell: str) -> Problem:
        return Problem(code, message, hint, self.sheet.name, cell, severity=Severity.WARNING)
