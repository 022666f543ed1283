"""Meshes and pictures that come with a sheet: which piece each is of, and what is left over."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.drawing.image import Image as Drawn
from PIL import Image

from catalog_import import CheckOptions, CheckResult, ProductDraft, check
from catalog_import.cells import Cell
from catalog_import.file_names import HandedIn, Pieces, pictures
from tests.catalog_import.workbooks import altered, row, xlsx

_CELL_IMAGES = """<etc:cellImages xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData"
 xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><etc:cellImage>
 <xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="ID_7F"/></xdr:nvPicPr>
 <xdr:blipFill><a:blip r:embed="rId1"/></xdr:blipFill></xdr:pic></etc:cellImage></etc:cellImages>"""
_CELL_IMAGE_RELS = """<Relationships
 xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
 Target="media/image1.png"/></Relationships>"""


def png() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(made, "PNG")
    return made.getvalue()


def packed(book: Path, files: Mapping[str, bytes]) -> Path:
    path = book.with_suffix(".zip")
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(book, f"set/{book.name}")
        for name, content in files.items():
            archive.writestr(name, content)
    book.unlink()
    return path


def found(result: CheckResult) -> list[str]:
    return [f"{each.kind} {each.product} {each.origin} {each.path}" for each in result.media]


def told(result: CheckResult) -> list[tuple[str, str]]:
    return [(problem.code, problem.value) for problem in result.problems]


def test_columns_name_files_whatever_their_capitals_and_folders(tmp_path: Path) -> None:
    named = row(model_file="Lion.stl", pictures="front.JPG, side")
    path = packed(
        xlsx(tmp_path / "a.xlsx", named),
        {"cad/lion.STL": b"solid", "shots/Front.jpg": b"1", "shots/side.png": b"2"},
    )
    result = check(path)
    assert result.problems == ()
    assert found(result) == [
        "mesh LION archive cad/lion.STL",
        "picture LION archive shots/Front.jpg",
        "picture LION archive shots/side.png",
    ]


def test_files_that_no_cell_names_go_by_code_and_sku_and_the_rest_is_told(tmp_path: Path) -> None:
    files = {
        "lion.stl": b"", "LION-2/any.jpg": b"", "lion-1_front.png": b"", "x9.glb": b"",
        "LION-B.stl": b"", "price list.pdf": b"", "Thumbs.db": b"",
    }  # fmt: skip
    result = check(packed(xlsx(tmp_path / "a.xlsx", row(), row(sku="LION-2")), files))
    assert found(result) == [
        "mesh LION archive LION-B.stl",
        "picture LION archive LION-2/any.jpg",
        "picture LION archive lion-1_front.png",
    ]
    unused = ["lion.stl", "price list.pdf", "x9.glb"]
    assert told(result) == [("file_not_used", name) for name in unused]


def test_files_of_a_held_piece_wait_with_it_and_those_of_a_piece_in_the_shop_are_taken(
    tmp_path: Path,
) -> None:
    shop = {"OLD": ProductDraft("OLD", "ring", {"en": "Old"}, model_file="old one.stl")}
    path = packed(xlsx(tmp_path / "a.xlsx", row(grams="?")), {"LION.stl": b"", "old one.stl": b""})
    result = check(path, options=CheckOptions(earlier=shop))
    assert found(result) == ["mesh OLD archive old one.stl"]
    assert [code for code, _ in told(result)] == ["not_a_number"]


def test_addresses_of_several_columns_are_taken_and_missing_files_told_once(
    tmp_path: Path,
) -> None:
    first = row(**{"image 1": "http://img.example/a,1.jpg", "图片2": "https://img.example/b.jpg"})
    result = check(xlsx(tmp_path / "a.xlsx", first))
    assert found(result) == [
        "picture LION address https://img.example/a,1.jpg",
        "picture LION address https://img.example/b.jpg",
    ]
    plain = check(xlsx(tmp_path / "b.xlsx", row(pictures="a.jpg, b.jpg")))
    assert (plain.media, told(plain)) == ((), [("pictures_not_sent", "a.jpg")])


def drawn(path: Path, *places: str) -> Path:
    book: Workbook = load_workbook(path)
    for place in places:
        assert book.active is not None
        book.active.add_image(Drawn(io.BytesIO(png())), place)
    book.save(path)
    return path


def test_pictures_in_a_workbook_belong_to_the_piece_of_their_row(tmp_path: Path) -> None:
    book = xlsx(tmp_path / "a.xlsx", row(), row(product_code="TWO", sku="TWO-1"))
    result = check(drawn(book, "A1", "K3", "B9"))
    assert found(result) == ["picture TWO workbook xl/media/image2.png"]
    (problem,) = result.problems
    assert (problem.code, problem.cell) == ("picture_without_piece", "A9")


def test_a_picture_that_wps_puts_in_a_cell_is_found(tmp_path: Path) -> None:
    book = drawn(xlsx(tmp_path / "a.xlsx", row(pictures='=DISPIMG("ID_7F",1)')), "A1")
    rels = "xl/_rels/cellimages.xml.rels"
    altered(book, {"xl/cellimages.xml": _CELL_IMAGES.encode(), rels: _CELL_IMAGE_RELS.encode()})
    assert found(check(book)) == ["picture LION workbook xl/media/image1.png"]


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("a.jpg; b.png", ("a.jpg", "b.png")),
        ("https://x/a.jpg https://x/b;c.jpg", ("https://x/a.jpg", "https://x/b;c.jpg")),
        ("#VALUE!", None),
        ("N/A", None),
    ],
    ids=["names", "addresses", "error", "nothing"],
)
def test_a_cell_names_several_pictures(cell: str, names: tuple[str, ...] | None) -> None:
    assert pictures(Cell(cell)) == names


def test_the_longest_code_that_fits_is_meant() -> None:
    pieces = Pieces.of(["R-1", "R-1-A", "É2"], {"R-1-52": "R-1"})
    names = ("r-1.jpg", "R-1-A (2).jpg", "R-1-52-front.jpg", "e\u03012_x.png", "R-10.jpg")
    assert [pieces.of_file(name) for name in names] == ["R-1", "R-1-A", "R-1", "É2", ""]


def test_of_several_files_of_one_name_the_one_in_the_folder_said_is_meant() -> None:
    files = HandedIn.of(["b/1.jpg", "a/1.jpg"])
    assert [files.find(name) for name in ("b/1.jpg", "1.jpg", "2.jpg")] == [
        "b/1.jpg", "a/1.jpg", None,
    ]  # fmt: skip
