"""Exports of other shops, recognised as they come and turned into the house's columns.

Each module has one shape: `NAME`, `recognises(headers)`, and `rows(table)`, which yields a
record for each variant with its cells by our columns. What jewellery needs and a format lacks is
found in titles, tags, options and attributes where it is certain (`jewellery`); what is not there
is one problem a product, and can be answered once for the file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from catalog_import.answers import Answers
from catalog_import.layout import Layout
from catalog_import.presets import google, meta, shopify, woocommerce
from catalog_import.presets.table import Preset, Record, Table, layout_of, pictures_in
from catalog_import.sheets import Row, Sheet

PRESETS: tuple[Preset, ...] = (shopify, woocommerce, meta, google)
_SEARCHED = 5  # an export has its header in the first row; a person may put a title above


@dataclass(frozen=True, slots=True)
class Recognised:
    """An export: its layout, and how its rows become ours."""

    layout: Layout
    preset: Preset
    table: Table

    def records(self, below: Iterable[Row]) -> Iterator[Record]:
        """A record for each variant, in the file's order."""
        return self.preset.rows(self.table, below)

    def pictures(self, row: Row) -> tuple[str, ...]:
        """The names and addresses of pictures in a row."""
        return pictures_in(self.table, self.preset, row)


def recognise(
    sheet: Sheet, top: Sequence[Row], ignored: Collection[str], answers: Answers
) -> Recognised | None:
    """The export that a sheet is, or None."""
    for n, row in enumerate(top[:_SEARCHED]):
        headers = [str(value).strip() if isinstance(value, str) else "" for value in row.values]
        for preset in PRESETS:
            if preset.recognises(headers):
                table = Table.of(sheet.name, row, headers, answers)
                return Recognised(
                    layout_of(sheet, table, preset, ignored, top[n + 1 : n + 30]), preset, table
                )
    return None
