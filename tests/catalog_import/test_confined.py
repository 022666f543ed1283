"""A sheet is opened by a child that can reach nothing, and its answer is not believed."""

from __future__ import annotations

import errno
import json
import resource
import tempfile
import zipfile
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from catalog_import import check
from catalog_import.confined import IN_A_REQUEST, opened
from catalog_import.confined.running import TASKS, ask, damaged
from catalog_import.confined.xliff import units_of
from catalog_import.errors import ReaderFailed, SheetRefused
from catalog_import.texts import text
from infra.confinement.children import Processes
from infra.confinement.request import Bounds
from tests.catalog_import.taken_over import PRELUDE, TOLD
from tests.catalog_import.workbooks import row, xlsx
from tests.patience import stretched
from tests.project.files import ROOT
from tests.showroom.hostile import ATTEMPTS

BOUNDS = Bounds(memory_bytes=1 << 30, cpu_seconds=2, wall_seconds=stretched(30))
REFUSED = {errno.EPERM, errno.EACCES, errno.ENOSYS, errno.ENOENT, errno.ESRCH, errno.EROFS}


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """A brand's sheet, beside a private file."""
    (tmp_path / "secret").write_text("the database's password")
    return xlsx(tmp_path / "a.xlsx", row())


@pytest.fixture(scope="module")
def taken_over() -> Iterator[Processes]:
    """Children that do what a hostile sheet says."""
    processes = Processes((TASKS,), PRELUDE)
    yield processes
    processes.stop()


def refusal(path: Path, processes: Processes | None = None, **bounds: Any) -> str:
    """The code that reading all rows of a file is refused with; empty where it is not."""
    try:
        with opened(path, bounds=replace(BOUNDS, **bounds), processes=processes) as tables:
            for sheet in tables.sheets:
                deque(sheet.rows(), maxlen=0)
    except SheetRefused as refused:
        return refused.code
    return ""


def answer(task: str, sheet: Path, processes: Processes, **bounds: Any) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        return ask(task, sheet, Path(folder), replace(BOUNDS, **bounds), {}, processes)


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_sheet_that_takes_over_its_reader_is_refused(
    attempt: str, sheet: Path, taken_over: Processes
) -> None:
    before = sheet.read_bytes()
    assert answer(attempt, sheet, taken_over)["errno"] in REFUSED
    assert sheet.read_bytes() == before
    assert sorted(path.name for path in sheet.parent.iterdir()) == ["a.xlsx", "secret"]


@pytest.mark.parametrize(
    ("task", "bounds", "code"),
    [
        ("hang", {"wall_seconds": 0.5}, "too_slow"),
        ("spin", {"cpu_seconds": 1}, "too_slow"),
        ("bloat", {}, "too_much_memory"),
        ("fill_the_disk", {"written_bytes": 32 << 20}, "damaged_file"),
        ("die", {}, "damaged_file"),
        ("say_nothing", {}, "damaged_file"),
    ],
)
def test_what_a_reader_dies_of_is_a_problem_of_its_sheet(
    task: str, bounds: dict[str, Any], code: str, sheet: Path, taken_over: Processes
) -> None:
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(SheetRefused) as refused:
        answer(task, sheet, taken_over, **bounds)
    assert refused.value.code == code
    assert refused.value.hint
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - held < 32 << 10


LETTER = {"files": [], "sheets": [TOLD]}
FORMAT = {"template": "{a:>999999999}", "parameters": {"a": 1}}
DEEP = "[" * 100_000 + "]" * 100_000


@pytest.mark.parametrize(
    ("letter", "rows"),
    [
        ("no JSON", ""),
        ("[]", ""),
        (DEEP, ""),
        (json.dumps({"files": ["a"] * 20_001, "sheets": []}), ""),
        (json.dumps({"files": [], "sheets": [{}]}), ""),
        (json.dumps({"files": [], "sheets": [{**TOLD, "merges": [[1, 2, 3]]}]}), ""),
        (json.dumps({"refused": {"code": "a", "message": FORMAT, "hint": ""}}), ""),
        (json.dumps({"refused": {"code": "<b>", "message": "", "hint": ""}}), ""),
        (json.dumps(LETTER), ""),
        (json.dumps(LETTER), '[1,["a"]]\n'),
        (json.dumps(LETTER), '[0,["a"]]\n"end"\n'),
        (json.dumps(LETTER), '[1,"abc"]\n"end"\n'),
        (json.dumps(LETTER), f'[1,[{"1," * 256}1]]\n"end"\n'),
        (json.dumps(LETTER), '[1,[{"__class__":"os"}]]\n"end"\n'),
        (json.dumps(LETTER), '[1,[{"date":"tomorrow"}]]\n"end"\n'),
        (json.dumps(LETTER), '[1,[1],[[0,1]],[],[],false]\n"end"\n'),
        (json.dumps(LETTER), f'[1,[{DEEP}]]\n"end"\n'),
        (json.dumps(LETTER), '[1,[1]]\n' * 200_001 + '"end"\n'),
    ],
)  # fmt: skip
def test_an_answer_that_our_own_code_would_not_write_is_not_believed(
    letter: str, rows: str, tmp_path: Path, taken_over: Processes
) -> None:
    said = tmp_path / "said"
    said.write_text(f"{letter}\n{rows}")
    assert refusal(said, taken_over, wall_seconds=IN_A_REQUEST.wall_seconds) == "damaged_file"


def test_without_a_child_nothing_is_read_and_trying_again_may_help(sheet: Path) -> None:
    unable = Processes((), "import os; os._exit(97); ")  # as where the kernel refuses to confine
    with unable._turn, pytest.raises(ReaderFailed) as failed, opened(sheet, processes=unable):
        pass
    assert failed.value.retry


def ods(path: Path, rows: str) -> Path:
    """An OpenDocument spreadsheet of these rows, in XML."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="A">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
    return path


def test_a_few_kilobytes_that_unpack_to_gigabytes_of_cells_cost_the_child_alone(
    tmp_path: Path,
) -> None:
    """Each row is within what is allowed; all of them together are five gigabytes of cells."""
    cell = (
        '<table:table-cell office:value-type="string" table:number-columns-repeated="250">'
        "<text:p>a</text:p></table:table-cell>"
    )
    many = f'<table:table-row table:number-rows-repeated="4900">{cell}</table:table-row>' * 90
    path = ods(tmp_path / "a.ods", many)
    assert path.stat().st_size < 4_000
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert refusal(path, memory_bytes=600 << 20, cpu_seconds=30) == "too_much_memory"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - held < 32 << 10


def test_a_text_that_takes_a_search_quadratic_time_is_ended(tmp_path: Path) -> None:
    open_rows = '<table:table-row a="" table:number-rows-repeated="2"></table:table-row >' * 60_000
    assert refusal(ods(tmp_path / "a.ods", open_rows), cpu_seconds=1) == "too_slow"


@pytest.mark.parametrize(
    "entity",
    ['<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">', '<!ENTITY b SYSTEM "file:///etc/passwd">',
     '<!ENTITY b SYSTEM "http://127.0.0.1:9/">'],
)  # fmt: skip
def test_entities_of_a_translation_are_refused(entity: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xliff"
    path.write_text(f'<!DOCTYPE xliff [{entity}]><xliff version="1.2">&b;</xliff>')
    with pytest.raises(SheetRefused) as refused:
        units_of(path, IN_A_REQUEST)
    assert refused.value.code == "damaged_file"


def test_it_is_told_in_the_readers_language(sheet: Path) -> None:
    sheet.write_bytes(sheet.read_bytes()[:-200])
    [problem] = check(sheet).problems
    assert problem.code == "damaged_file"
    assert "損壞" in problem.text("zh-Hant")[0]
    assert text(damaged().message, "zh-Hant") == "檔案已損壞，讀取失敗"


def test_files_are_opened_in_the_child_alone() -> None:
    """Of all our code only the child's tasks, and what they are made of, open a brand's sheet."""
    ours = [path for room in ("catalog_import", "storefront_backend", "showroom", "i18n")
            for path in (ROOT / room).rglob("*.py")]  # fmt: skip
    opening = (
        "sheets.open_sheets(", "catalog_import.sheets import open_sheets", "bundles.opened(",
        "load_workbook(", "marking.write(",
    )  # fmt: skip
    found = {
        str(path.relative_to(ROOT))
        for path in ours
        if any(word in path.read_text(encoding="utf-8") for word in opening)
    }
    assert found == {
        "catalog_import/marking.py",
        "catalog_import/formats/xlsx_slow.py", "catalog_import/confined/tasks.py",
    }  # fmt: skip
