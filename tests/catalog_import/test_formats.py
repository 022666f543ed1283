"""One catalogue in every format that is read: the same products, or a clear word why not."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from openpyxl import Workbook, load_workbook

from catalog_import import CheckResult, check
from catalog_import.sheets import Limits, Row, open_sheets
from tests.catalog_import.workbooks import row, text, xlsx

ROWS = (row(), row(sku="LION-2", grams=5.5))


def _cells(*rows: Mapping[str, Any]) -> list[list[Any]]:
    names = list(rows[0])
    return [names, *([each[name] for name in names] for each in rows)]


def _xlsx(path: Path) -> Path:
    return xlsx(path.with_suffix(".xlsx"), *ROWS)


def _xls(path: Path) -> Path:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Catalogue")
    for n, cells in enumerate(_cells(*ROWS)):
        for index, value in enumerate(cells):
            sheet.write(n, index, value)
    book.save(str(path.with_suffix(".xls")))
    return path.with_suffix(".xls")


def _ods(path: Path) -> Path:
    book = OpenDocumentSpreadsheet()
    table = Table(name="Catalogue")
    book.spreadsheet.addElement(table)
    for cells in _cells(*ROWS):
        line = TableRow()
        table.addElement(line)
        for value in cells:
            number = isinstance(value, int | float)
            given = {"valuetype": "float", "value": value} if number else {"valuetype": "string"}
            cell = TableCell(**given)
            cell.addElement(P(text=str(value)))
            line.addElement(cell)
    book.save(str(path.with_suffix(".ods")))
    return path.with_suffix(".ods")


def _html(path: Path) -> Path:
    lines = "".join(
        "<tr>" + "".join(f"<td>{value}</td>" for value in cells) + "</tr>"
        for cells in _cells(*ROWS)
    )
    page = f'<html><meta charset="gb2312"><p>库存</p><table>{lines}</table></html>'
    path.with_suffix(".xls").write_text(page, encoding="gb18030")
    return path.with_suffix(".xls")


def _json_lines(path: Path) -> Path:
    path.with_suffix(".jsonl").write_text("\n".join(json.dumps(each) for each in ROWS))
    return path.with_suffix(".jsonl")


def _json(path: Path) -> Path:
    path.with_suffix(".json").write_text(json.dumps(ROWS, indent=1))
    return path.with_suffix(".json")


def _zip(path: Path) -> Path:
    with zipfile.ZipFile(path.with_suffix(".zip"), "w") as archive:
        archive.write(_xlsx(path), "brand/catalogue.xlsx")
        archive.writestr("__MACOSX/brand/._catalogue.xlsx", b"")
    return path.with_suffix(".zip")


def _grams(result: CheckResult) -> list[Decimal | None]:
    (product,) = result.products
    return [variant.passport.grams for variant in product.variants]


def _rows(path: Path) -> list[Row]:
    return [each for sheet in open_sheets(path) for each in sheet.rows()]


@pytest.mark.parametrize("write", [_xlsx, _xls, _ods, _html, _json_lines, _json, _zip])
def test_every_format_reads_the_same(tmp_path: Path, write: Callable[[Path], Path]) -> None:
    result = check(write(tmp_path / "catalogue"))
    assert result.problems == ()
    assert _grams(result) == [Decimal("4.2"), Decimal("5.5")]


def test_a_model_in_the_zip_is_there(tmp_path: Path) -> None:
    book = xlsx(tmp_path / "a.xlsx", row(model_file="lion.stl"), row(sku="L-2"))
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(book, "a.xlsx")
        archive.writestr("meshes/lion.stl", b"solid")
    book.unlink()
    assert check(tmp_path / "a.zip").problems == ()


def test_a_zip_of_two_sheets_names_both(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.csv", "x")
        archive.writestr("b.csv", "x")
    (problem,) = check(tmp_path / "a.zip").problems
    assert problem.code == "several_files"
    assert "a.csv, b.csv" in problem.message


def _changed(path: Path, change: Callable[[Any], object]) -> Path:
    book = load_workbook(xlsx(path, *ROWS))
    change(book.active)
    book.save(path)
    return path


def test_a_formula_without_a_stored_result_is_an_error_in_its_cell(tmp_path: Path) -> None:
    sheet = _changed(tmp_path / "a.xlsx", lambda cells: cells.__setitem__("F3", "=F2*2"))
    (problem,) = check(sheet).problems
    assert (problem.code, problem.cell, problem.value) == ("formula", "F3", "=F2*2")


def test_a_stored_result_is_read_and_the_column_named_once(tmp_path: Path) -> None:
    sheet = xlsx(tmp_path / "a.xlsx", *ROWS)
    with zipfile.ZipFile(sheet) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    assert b"<v>5.5</v>" in parts[name]
    parts[name] = parts[name].replace(b"<v>5.5</v>", b"<f>F2+1.3</f><v>5.5</v>")
    with zipfile.ZipFile(sheet, "w") as archive:
        for each, content in parts.items():
            archive.writestr(each, content)
    result = check(sheet)
    assert [(p.code, p.cell, p.severity) for p in result.problems] == [
        ("formula_result", "F3", "warning")
    ]
    assert _grams(result) == [Decimal("4.2"), Decimal("5.5")]


def test_hidden_rows_columns_and_sheets_are_named(tmp_path: Path) -> None:
    def hide(cells: Any) -> None:
        cells.row_dimensions[3].hidden = True
        cells.column_dimensions["D"].hidden = True
        cells.parent.create_sheet("Old").sheet_state = "hidden"

    result = check(_changed(tmp_path / "a.xlsx", hide))
    assert [(p.code, p.cell) for p in result.problems] == [
        ("hidden_rows", "A3"), ("hidden_column", "D1"), ("hidden_sheet", "")
    ]  # fmt: skip
    assert len(_grams(result)) == 2


def test_a_code_merged_over_its_variants_holds_for_each(tmp_path: Path) -> None:
    sheet = _changed(tmp_path / "a.xlsx", lambda cells: cells.merge_cells("A2:A3"))
    first, second = _rows(sheet)[1:]
    assert (first.values[0], first.filled) == ("LION", frozenset())
    assert (second.values[0], second.filled) == ("LION", frozenset({0}))
    assert check(sheet).problems == ()


def test_percent_and_money_are_told_of_each_cell(tmp_path: Path) -> None:
    book = Workbook()
    cells = book.active
    assert cells is not None
    for index, (value, shown) in enumerate(
        [(0.08, "0%"), (12.8, "[$HK$-C04]#,##0.00"), (3, "General"), (12, "00000"), (5, '"¥"0')], 1
    ):
        cells.cell(1, index, value).number_format = shown
    book.save(tmp_path / "a.xlsx")
    (only,) = _rows(tmp_path / "a.xlsx")
    assert only.values == (0.08, 12.8, 3, "00012", 5)
    assert only.formats[0].percent
    assert {index: each.currency for index, each in only.formats.items() if each.currency} == {
        1: "HK$", 4: "¥"
    }  # fmt: skip


def _priced(path: Path, column: str, value: float, shown: str) -> Path:
    book = load_workbook(xlsx(path, row(**{column: value}), headers=[*row(), column]))
    cells = book.active
    assert cells is not None
    cells.cell(2, len(row()) + 1).number_format = shown
    book.save(path)
    return path


def test_a_percent_cell_is_read_as_it_is_shown(tmp_path: Path) -> None:
    (product,) = check(_priced(tmp_path / "a.xlsx", "loss_percent", 0.08, "0%")).products
    assert product.variants[0].price.loss_percent == Decimal(8)


def test_a_price_shown_in_another_currency_than_the_rows_is_an_error(tmp_path: Path) -> None:
    same = check(_priced(tmp_path / "a.xlsx", "fixed_price", 12800, "[$CNY] #,##0"))
    assert same.products[0].variants[0].price.fixed == Decimal(12800)
    other = check(_priced(tmp_path / "b.xlsx", "fixed_price", 12800, "[$HK$-C04]#,##0.00"))
    assert [problem.code for problem in other.errors] == ["currency_conflict"]


def test_xml_of_another_shape_reads_the_same(tmp_path: Path) -> None:
    sheet = xlsx(tmp_path / "a.xlsx", *ROWS)
    with zipfile.ZipFile(sheet) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = parts[name].replace(b"<sheetData>", b"<sheetData><!-- by hand -->")
    with zipfile.ZipFile(sheet, "w") as archive:
        for each, content in parts.items():
            archive.writestr(each, content)
    result = check(sheet)
    assert (result.problems, _grams(result)) == ((), [Decimal("4.2"), Decimal("5.5")])


def test_rows_are_the_same_wherever_the_sheet_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = xlsx(tmp_path / "a.xlsx", *(row(sku=f"L-{n}", grams=n) for n in range(1, 400)))
    whole = _rows(sheet)
    for module_name in ("_PIECE", "_FIRST", "_CHUNK"):
        monkeypatch.setattr(f"catalog_import.formats.xlsx.{module_name}", 4096)
    assert _rows(sheet) == whole
    assert [each.number for each in whole] == list(range(1, 401))


def test_a_far_cell_costs_no_memory(tmp_path: Path) -> None:
    sheet = _changed(tmp_path / "a.xlsx", lambda cells: cells.__setitem__("A1048576", "far"))
    assert [problem.code for problem in check(sheet).problems] == ["too_many_rows"]


def test_pictures_do_not_count_as_the_sheets_size(tmp_path: Path) -> None:
    sheet = xlsx(tmp_path / "a.xlsx", *ROWS)
    with zipfile.ZipFile(sheet, "a") as archive:
        archive.writestr("xl/media/image1.jpeg", b"\xff\xd8" + bytes(range(256)) * 400)
    assert sheet.stat().st_size > 100_000
    assert check(sheet, limits=Limits(file_bytes=50_000)).problems == ()


def test_the_sender_may_name_the_encoding(tmp_path: Path) -> None:
    sheet = text(tmp_path / "a.csv", row(name_fr="Bague dorée"), encoding="cp1252")
    assert [problem.code for problem in check(sheet).problems] == ["unknown_encoding"]
    named = check(sheet, encoding="cp1252")
    assert named.problems == ()
    assert named.products[0].names["fr"] == "Bague dorée"
    assert [p.code for p in check(sheet, encoding="zip").problems] == ["unknown_encoding"]


@pytest.mark.parametrize("content", ['{"a": 1}\n[2]', '{"a": 1', "[1, 2]", "{}\nx"])
def test_json_that_is_no_table_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.jsonl").write_text(content)
    assert [p.code for p in check(tmp_path / "a.jsonl").problems] == ["damaged_file"]


def test_a_tab_separated_text_is_read(tmp_path: Path) -> None:
    with (tmp_path / "a.tsv").open("w", newline="") as stream:
        csv.writer(stream, delimiter="\t").writerows(_cells(*ROWS))
    assert _grams(check(tmp_path / "a.tsv")) == [Decimal("4.2"), Decimal("5.5")]


def test_a_repeated_cell_of_an_open_document_is_no_bomb(tmp_path: Path) -> None:
    sheet = _ods(tmp_path / "a")
    with zipfile.ZipFile(sheet) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["content.xml"] = parts["content.xml"].replace(
        b"<table:table-cell ", b'<table:table-cell table:number-columns-repeated="16384" ', 1
    )
    with zipfile.ZipFile(sheet, "w") as archive:
        for each, content in parts.items():
            archive.writestr(each, content)
    assert [p.code for p in check(sheet).problems] == ["zip_bomb"]
