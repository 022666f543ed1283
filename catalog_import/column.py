"""What a column is: its header, how its cells are read, how it is explained to a brand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from catalog_import.cells import Parser, fold


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its canonical header, how to read a cell, and how to explain it to a brand.

    `of_product` columns hold the same value in every row of a product; a blank one inherits.
    `choices` become a drop-down in the template. `measure` is what its numbers count: "money",
    "g", "mm", "ct", "%", or nothing. `weak` are headers that may mean other things, too.
    """

    name: str
    parse: Parser
    note: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    of_product: bool = False
    choices: tuple[str, ...] = ()
    measure: str = ""
    weak: tuple[str, ...] = ()

    @property
    def headers(self) -> Iterator[str]:
        """Every header it answers to, folded."""
        yield from (fold(header) for header in (self.name, *self.aliases))
