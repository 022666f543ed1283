"""An empty sheet for a brand: headers with notes, drop-downs, and a page that explains each."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from catalog_import.columns import Column, columns

_ROWS = 5_000  # how far down the drop-downs and text formats reach
_REQUIRED = PatternFill("solid", fgColor="FF1F2A37")
_OPTIONAL = PatternFill("solid", fgColor="FF6B7280")
_HEADER = Font(name="Calibri", bold=True, color="FFFFFFFF")
# Codes that look like numbers or dates stay what was typed only in cells formatted as text.
_AS_TEXT = ("product_code", "sku", "ring_size", "hs_code", "hallmarks")


def write(out: Path | IO[bytes]) -> None:
    """Write the empty template workbook to `out`."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "Catalogue"
    words = book.create_sheet("Words")
    words.sheet_state = "hidden"
    drop_downs: dict[tuple[str, ...], str] = {}
    for index, column in enumerate(columns().values(), 1):
        _head(sheet, index, column)
        letter = get_column_letter(index)
        if column.name in _AS_TEXT:
            for row in range(2, 202):
                sheet.cell(row, index).number_format = "@"
        if column.choices:
            formula = drop_downs.get(column.choices) or _words(
                words, column.choices, len(drop_downs) + 1
            )
            drop_downs[column.choices] = formula
            validation = DataValidation(
                "list", formula1=formula, allow_blank=True, showErrorMessage=False
            )
            validation.add(f"{letter}2:{letter}{_ROWS}")
            sheet.add_data_validation(validation)
    sheet.freeze_panes = "C2"
    sheet.row_dimensions[1].height = 32
    _explain(book.create_sheet("How to fill"))
    book.save(out)


def _head(sheet: Any, index: int, column: Column) -> None:
    cell = sheet.cell(1, index, column.name)
    cell.font, cell.fill = _HEADER, _REQUIRED if column.required else _OPTIONAL
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    cell.comment = Comment(f"{column.note}{' Required.' if column.required else ''}", "Pavilion")
    sheet.column_dimensions[get_column_letter(index)].width = max(12, min(28, len(column.name) + 3))


def _words(sheet: Any, choices: tuple[str, ...], index: int) -> str:
    """A column of the hidden sheet: a list written into the rule itself ends at 255 characters."""
    for row, choice in enumerate(choices, 1):
        sheet.cell(row, index, str(choice))
    letter = get_column_letter(index)
    return f"Words!${letter}$1:${letter}${len(choices)}"


def _explain(sheet: Any) -> None:
    sheet.append(["Column", "Meaning", "Needed", "Also understood", "Words"])
    for column in columns().values():
        needed = "yes" if column.required else ""
        sheet.append(
            [
                column.name,
                column.note,
                needed,
                ", ".join(column.aliases[:8]),
                ", ".join(column.choices),
            ]
        )
    for cell in sheet[1]:
        cell.font, cell.fill = _HEADER, _REQUIRED
    for letter, width in zip("ABCDE", (22, 60, 8, 60, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
    sheet.freeze_panes = "A2"
