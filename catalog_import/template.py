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
_EXAMPLE = {
    "product_code": "KAPOK", "sku": "KAPOK-YG-54", "kind": "ring", "name_en": "Kapok ring",
    "name_zh_hans": "木棉戒指", "name_zh_hant": "木棉戒指", "alloy": "gold-750-yellow",
    "grams": "3.2", "finish": "polished", "ring_size": "54", "ring_size_system": "iso",
    "stone_1_kind": "diamond", "stone_1_count": "12", "stone_1_carat": "0.36",
    "stone_1_origin": "natural", "stone_1_treatment": "none", "hallmarks": "750", "origin": "CN",
    "hs_code": "711319", "currency": "CNY", "making_kind": "per-gram", "making": "60",
    "stones_price": "1200", "loss_percent": "8", "margin_percent": "60", "stock": "2",
    "markets": "us, gb, de, jp",
}  # fmt: skip
_AS_TEXT = ("product_code", "sku", "ring_size", "hs_code", "hallmarks")


def header_of(column: Column, language: str = "en") -> str:
    """What the column is called in a language: its name, or its first alias in that script."""
    encoding = _ENCODINGS.get(language)
    if encoding is None:
        return column.name
    return next((each for each in column.aliases if _is_in(each, encoding)), column.name)


# A script of Chinese is what its own encoding can write: 款號 is not in GB 2312, nor 款号 in Big5.
_ENCODINGS = {"zh-Hans": "gb2312", "zh-Hant": "big5"}


def _is_in(words: str, encoding: str) -> bool:
    try:
        words.encode(encoding)
    except UnicodeEncodeError:
        return False
    return any("\u4e00" <= letter <= "\u9fff" for letter in words) and not any(
        letter.isascii() and letter.isalpha() for letter in words
    )


def write(out: Path | IO[bytes], language: str = "en") -> None:
    """Write the empty template workbook to `out`, its headers in a language of the desk."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "Catalogue"
    words = book.create_sheet("Words")
    words.sheet_state = "hidden"
    drop_downs: dict[tuple[str, ...], str] = {}
    for index, column in enumerate(columns().values(), 1):
        _head(sheet, index, column, language)
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
    _explain(book.create_sheet("How to fill"), language)
    book.save(out)


def _head(sheet: Any, index: int, column: Column, language: str) -> None:
    header = header_of(column, language)
    cell = sheet.cell(1, index, header)
    cell.font, cell.fill = _HEADER, _REQUIRED if column.required else _OPTIONAL
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    cell.comment = Comment(f"{column.note}{' Required.' if column.required else ''}", "Pavilion")
    sheet.column_dimensions[get_column_letter(index)].width = max(12, min(28, len(header) + 3))


def _words(sheet: Any, choices: tuple[str, ...], index: int) -> str:
    """A column of the hidden sheet: a list written into the rule itself ends at 255 characters."""
    for row, choice in enumerate(choices, 1):
        sheet.cell(row, index, str(choice))
    letter = get_column_letter(index)
    return f"Words!${letter}$1:${letter}${len(choices)}"


def _explain(sheet: Any, language: str) -> None:
    """What each column means, with the row of a ring as an example. Not read by the import."""
    sheet.append(["Column", "Meaning", "Needed", "Example", "Also understood", "Words"])
    for column in columns().values():
        needed = "yes" if column.required else ""
        sheet.append(
            [
                header_of(column, language),
                column.note,
                needed,
                _EXAMPLE.get(column.name, ""),
                ", ".join(column.aliases[:8]),
                ", ".join(column.choices),
            ]
        )
    for cell in sheet[1]:
        cell.font, cell.fill = _HEADER, _REQUIRED
    for letter, width in zip("ABCDEF", (22, 60, 8, 24, 60, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
    sheet.freeze_panes = "A2"
