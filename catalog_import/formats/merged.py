"""Fills cells that are merged with the one above: a product's name over all its variants."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from catalog_import.formats.row import Merge, Row


class Filler:
    """Fills rows as they go by, from top to bottom.

    Only downwards: a title merged over all columns is not a value of each of them.
    """

    def __init__(self, merges: Iterable[Merge]) -> None:
        tall = [merge for merge in merges if merge.last_row > merge.first_row]
        self._ahead = sorted(tall, key=lambda merge: -merge.first_row)
        self._open: dict[int, tuple[int, Any]] = {}  # index → last row, value

    def filled(self, row: Row) -> Row:
        """The row with the values of cells above that reach into it."""
        if not self._ahead and not self._open:
            return row
        values, filled = list(row.values), set[int]()
        for index, (last, value) in list(self._open.items()):
            if row.number > last:
                del self._open[index]
            elif index >= len(values) or values[index] is None:
                values.extend([None] * (index + 1 - len(values)))
                values[index] = value
                filled.add(index)
        while self._ahead and self._ahead[-1].first_row <= row.number:
            merge = self._ahead.pop()
            index = merge.first_column - 1
            if merge.first_row == row.number and index < len(row.values):
                self._open[index] = merge.last_row, row.values[index]
        if not filled:
            return row
        return replace(row, values=tuple(values), filled=frozenset(filled))
