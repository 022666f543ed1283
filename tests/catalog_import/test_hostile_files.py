"""A hostile file costs a refusal with a clear reason, and nothing else."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from catalog_import import check
from catalog_import.sheets import Limits
from tests.catalog_import.workbooks import altered, part, row, text, xlsx

SHEET = "xl/worksheets/sheet1.xml"
BOOK = "xl/workbook.xml"
HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


def _refusal(path: Path, limits: Limits | None = None) -> str:
    result = check(path, limits=limits)
    (problem,) = result.problems
    assert result.products == ()
    assert problem.message
    return problem.code


def _entities(path: Path) -> Path:
    laughs = b'<!DOCTYPE workbook [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    return altered(path, {BOOK: part(path, BOOK).replace(b"<workbook", laughs + b"<workbook", 1)})


def _external_entity(path: Path) -> Path:
    reads = b'<!DOCTYPE worksheet [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    return altered(
        path, {SHEET: part(path, SHEET).replace(b"<worksheet", reads + b"<worksheet", 1)}
    )


def _utf16(path: Path) -> Path:
    return altered(path, {SHEET: part(path, SHEET).decode().encode("utf-16")})


def _expanding(path: Path) -> Path:
    return altered(path, {"xl/media/a.bin": b"\0" * (8 << 20)})


def _endless_row(path: Path) -> Path:
    return altered(path, {SHEET: HEAD + b"<row>" + b"<c/>" * 300_000})


def _ten_million_rows(path: Path) -> Path:
    return altered(path, {SHEET: HEAD + b"<row/>" * 1_100_000 + b"</sheetData></worksheet>"})


def _far_row(path: Path) -> Path:
    far = b'<row r="9999999999"><c><v>1</v></c></row></sheetData></worksheet>'
    return altered(path, {SHEET: HEAD + far})


def _macros(path: Path) -> Path:
    return altered(path, {"xl/vbaProject.bin": b"Sub Auto_Open()"})


def _links(path: Path) -> Path:
    return altered(path, {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"})


def _cut_off(path: Path) -> Path:
    path.write_bytes(path.read_bytes()[:-200])
    return path


def _broken_xml(path: Path) -> Path:
    return altered(path, {SHEET: part(path, SHEET)[:-40]})


def _no_workbook(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "hello")
    return path


def _encrypted(path: Path) -> Path:
    storage = "EncryptedPackage".encode("utf-16-le")
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + storage)
    return path


def _old_and_damaged(path: Path) -> Path:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    return path


def _empty(path: Path) -> Path:
    path.write_bytes(b"")
    return path


def _binary(path: Path) -> Path:
    path.write_bytes(bytes(range(256)) * 40)
    return path


def _lying_size(path: Path) -> Path:
    """The directory declares eight bytes where the deflated part holds a thousand times more."""
    altered(path, {"a.bin": b"\0" * 100_000})
    raw = bytearray(path.read_bytes())
    for start, offset in ((raw.find(b"PK\x03\x04"), 22), (raw.find(b"PK\x01\x02"), 24)):
        at = start
        while raw.find(b"a.bin", at) - at > 80:
            at = raw.find(raw[start : start + 4], at + 4)
        struct.pack_into("<I", raw, at + offset, 8)
    path.write_bytes(raw)
    return path


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (_entities, "xml_entities"), (_external_entity, "xml_entities"), (_utf16, "damaged_file"),
        (_expanding, "zip_bomb"), (_endless_row, "zip_bomb"), (_ten_million_rows, "too_many_rows"),
        (_far_row, "too_many_rows"), (_macros, "macros"), (_links, "external_links"),
        (_cut_off, "damaged_file"), (_broken_xml, "damaged_file"), (_no_workbook, "not_a_sheet"),
        (_encrypted, "encrypted"), (_old_and_damaged, "damaged_file"),
        (_empty, "not_a_sheet"), (_binary, "unknown_encoding"),
        (_lying_size, "damaged_file"),
    ],
)  # fmt: skip
def test_a_hostile_or_broken_file_is_refused_by_its_code(
    tmp_path: Path, spoil: Callable[[Path], Path], code: str
) -> None:
    sheet = spoil(xlsx(tmp_path / "a.xlsx", row()))
    assert _refusal(sheet, Limits(unpacked_bytes=8 << 20)) == code


def test_a_worksheet_hidden_under_another_name_is_counted_too(tmp_path: Path) -> None:
    sheet = xlsx(tmp_path / "a.xlsx", row())
    rels = part(sheet, "xl/_rels/workbook.xml.rels")
    altered(
        sheet,
        {
            "xl/_rels/workbook.xml.rels": rels.replace(b"worksheets/sheet1.xml", b"media/a.png"),
            "xl/media/a.png": HEAD + b"<row>" + b"<c/>" * 300_000,
        },
    )
    assert _refusal(sheet) == "zip_bomb"


def test_the_sheets_own_claim_of_its_size_is_not_believed(tmp_path: Path) -> None:
    sheet = xlsx(tmp_path / "a.xlsx", row())
    claim = b'<dimension ref="A1:XFD1048576"'
    changed = part(sheet, SHEET).replace(b'<dimension ref="A1:I2"', claim)
    assert claim in changed
    result = check(altered(sheet, {SHEET: changed}))
    assert [product.code for product in result.products] == ["LION"]
    assert result.problems == ()


@pytest.mark.parametrize(
    ("limits", "code"),
    [(Limits(file_bytes=100), "file_too_big"), (Limits(rows=2), "too_many_rows"),
     (Limits(columns=7), "too_many_columns"), (Limits(parts=3), "zip_bomb")],
)  # fmt: skip
def test_what_is_merely_too_big_is_refused(tmp_path: Path, limits: Limits, code: str) -> None:
    assert (
        _refusal(xlsx(tmp_path / "a.xlsx", row(), row(sku="L-2"), row(sku="L-3")), limits) == code
    )


def test_a_quotation_mark_left_open_is_found(tmp_path: Path) -> None:
    sheet = text(tmp_path / "a.csv", row())
    sheet.write_text(sheet.read_text() + 'LION,"LION-2,pendant\n' + "x" * 200_000)
    assert _refusal(sheet) == "damaged_file"


def test_a_hidden_sheet_is_not_read(tmp_path: Path) -> None:
    sheet = xlsx(tmp_path / "a.xlsx", row())
    book = part(sheet, BOOK).replace(b'state="visible"', b'state="hidden"')
    result = check(altered(sheet, {BOOK: book}))
    assert [problem.code for problem in result.problems] == ["no_catalogue"]


def test_more_cells_than_a_catalogue_has_are_refused_before_they_are_parsed(tmp_path: Path) -> None:
    sheet = xlsx(tmp_path / "a.xlsx", row())
    many = (b"<row>" + b"<c/>" * 200 + b"</row>") * 50
    altered(sheet, {SHEET: HEAD + many + b"</sheetData></worksheet>"})
    assert _refusal(sheet, Limits(sheet_tags=10_000)) == "zip_bomb"
