"""The columns themselves: no header means two things, and no cell content stops a check."""

from __future__ import annotations

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
