"""Columns that rows need and a sheet has not."""

from __future__ import annotations

from collections.abc import Iterator

from catalog_import import layout
from catalog_import.columns import columns
from catalog_import.problems import Problem
from catalog_import.rows import NO_PRICE, PRICE_COLUMNS
from catalog_import.sheets import address
from catalog_import.texts import say


def missing_columns(sheet: str, found: layout.Layout, lacking: set[str]) -> Iterator[Problem]:
    """One problem a column that rows need and the sheet has not, instead of one a row."""
    cell = address(1, found.header)
    for column in columns().values():
        if column.name in lacking:
            yield Problem(
                "missing_column",
                say("There is no column {name}", name=column.name),
                say("Add it. {note}", note=column.note),
                sheet,
                cell,
                column.name,
            )
    if NO_PRICE in lacking:
        yield Problem(
            "no_price_column",
            say(
                "No column holds a price or a making charge: the pieces would be sold for their"
                " metal"
            ),
            say(
                "Add {words}; where that is meant, say that the brand sells at metal value, or add"
                " making_kind with metal-value",
                words=" or ".join(PRICE_COLUMNS[:2]),
            ),
            sheet,
            cell,
        )
