"""A catalogue as a sheet of the import's own columns: imported again, it changes nothing.

Written as it is read, a product at a time: memory does not grow with the catalogue. What a program
would run as a formula is made harmless (`neutral`), and numbers of a workbook are numbers.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from io import StringIO
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from catalog_import.columns import columns
from catalog_import.drafts import ProductDraft, VariantDraft
from catalog_import.earlier import of_product, of_variant
from catalog_import.neutral import neutral
from catalog_import.template import header_of

BOM = "\ufeff"  # without it a spreadsheet program takes Chinese for Western letters
_PI = Decimal("3.14159265358979323846")
_FINE = Decimal("0.00001")


class Format(StrEnum):
    """What a catalogue is written as."""

    XLSX = "xlsx"
    CSV = "csv"


def rows(product: ProductDraft) -> Iterator[dict[str, Any]]:
    """The product's rows: values by column, without those that are empty."""
    shared = {"product_code": product.code, **of_product(product)}
    for variant in product.variants:
        said = {**shared, "sku": variant.sku, **of_variant(variant), **_size(variant)}
        yield {name: value for name, value in said.items() if value is not None}


def csv_lines(products: Iterable[ProductDraft], language: str = "en") -> Iterator[str]:
    """The catalogue as comma-separated text, a row at a time; the first is the header."""
    names = list(columns())
    yield BOM + _line([header_of(columns()[name], language) for name in names])
    for product in products:
        for said in rows(product):
            yield _line([_text(said.get(name)) for name in names])


def write_workbook(products: Iterable[ProductDraft], out: IO[bytes], language: str = "en") -> int:
    """The catalogue as a workbook; how many rows. It grows in a temporary file, not in memory."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Catalogue")
    sheet.freeze_panes = "C2"
    names = list(columns())
    sheet.append([header_of(columns()[name], language) for name in names])
    written = 0
    for product in products:
        for said in rows(product):
            sheet.append([_cell(sheet, said.get(name)) for name in names])
            written += 1
    book.save(out)
    return written


def _size(variant: VariantDraft) -> Mapping[str, Any]:
    """The size of a ring that has no label: its diameter, from the circumference."""
    around = variant.passport.ring_size_mm
    if around is None or variant.ring_size_label:
        return {}
    return {"inner_diameter_mm": (around / _PI).quantize(_FINE, ROUND_HALF_UP).normalize()}


def _line(cells: list[str]) -> str:
    line = StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, (tuple, list)):
        return neutral(", ".join(str(each) for each in value))
    return neutral(str(value))


def _cell(sheet: Any, value: Any) -> Any:
    """A number where a program's number is exactly it, else a text that it does not touch."""
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, Decimal):
        return float(value) if Decimal(repr(float(value))) == value else f"{value:f}"
    cell = WriteOnlyCell(sheet, _text(value))
    cell.number_format = "@"
    cell.data_type = "s"
    return cell
