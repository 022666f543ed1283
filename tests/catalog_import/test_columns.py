"""The columns themselves: no header means two things, and no cell content stops a check."""

from __future__ import annotations

import csv
import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from catalog_import import check
from catalog_import.cells import Cell
from catalog_import.columns import column_of, columns
from tests.catalog_import.workbooks import row, text

anything = st.one_of(
    st.text(max_size=60), st.integers(), st.floats(), st.booleans(), st.dates(), st.datetimes(),
    st.timedeltas(), st.none(), st.sampled_from(["=1+1", "#REF!", "½", "1/2", "%", "\0"]),
)  # fmt: skip


def test_no_header_means_two_columns() -> None:
    headers = Counter(header for column in columns().values() for header in set(column.headers))
    assert [header for header, uses in headers.items() if uses > 1] == []


def test_every_column_is_found_by_its_name_however_it_is_written() -> None:
    for name, column in columns().items():
        assert column_of(name) is column
        assert column_of(f" {name.replace('_', ' ').title()} (required) ") is column


def test_every_choice_of_a_column_is_one_it_reads() -> None:
    for column in columns().values():
        assert [column.parse(Cell(str(choice))) for choice in column.choices] == list(
            column.choices
        )


@given(st.sampled_from(sorted(columns())), anything)
def test_no_value_whatever_stops_a_parser(name: str, value: object) -> None:
    columns()[name].parse(Cell(value))


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(sorted(columns())),
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30),
        max_size=6,
    ),
    st.sampled_from(["pendant", "ring"]),
)
def test_no_cell_whatever_stops_a_check(cells: dict[str, str], kind: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        result = check(text(Path(folder) / "a.csv", row(), row(**{"kind": kind, **cells})))
    assert all(problem.code and problem.message for problem in result.problems)


_KNOWN = sorted({word for column in columns().values() for word in (*column.aliases, *column.weak)})
_headers = st.one_of(
    st.sampled_from(_KNOWN),
    st.sampled_from(
        ["Handle", "Title", "Variant Price", "Option1 Name", "Type", "SKU", "Parent", "id", "title",
         "Regular price", "price", "link", "availability", "item_group_id", "US 5", "US 6", "US 7"]
    ),
    st.text(max_size=12),
)  # fmt: skip
_values = st.one_of(
    anything,
    st.sampled_from(
        ["10-16", "18K金", "白/黄", "HK$1", "合计", "variation", "simple", "12/14", "1.28万", "约3"]
    ),
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(_headers, min_size=3, max_size=9),
    st.lists(st.lists(_values, max_size=9), max_size=4),
)
def test_no_mix_of_headers_and_values_stops_a_check(
    headers: list[str], rows: list[list[object]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        with path.open("w", encoding="utf-8", errors="replace", newline="") as stream:
            csv.writer(stream).writerows(
                [[str(cell).replace("\0", "") for cell in line] for line in (headers, *rows)]
            )
        result = check(path)
    assert all(problem.code and problem.text("zh-Hant")[0] for problem in result.problems)
