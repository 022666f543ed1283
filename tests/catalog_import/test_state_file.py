"""The state file survives a crash at any instruction, and two imports at once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from catalog_import import JsonFileSink
from catalog_import.errors import StateRefused
from catalog_import.sink import read_state
from tests.catalog_import.products import product


def test_the_state_file_holds_what_was_put(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    with JsonFileSink(state) as sink:
        sink.put(product("LION"))
        sink.put(product("KAPOK"))
        sink.withdraw("KAPOK")
    assert read_state(state).existing() == {"LION": product("LION")}
    assert [one["code"] for one in json.loads(state.read_text())["withdrawn"]] == ["KAPOK"]


def test_what_a_crash_left_in_the_journal_is_not_lost(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    journal = tmp_path / "state.json.journal"
    whole = json.dumps({"put": product("LION").to_json()}) + "\n"
    journal.write_text(whole + whole.replace("LION", "KAPOK")[:-30])
    assert read_state(state).existing().keys() == {"LION"}
    with JsonFileSink(state) as sink:
        sink.put(product("WAVE"))
    assert read_state(state).existing().keys() == {"LION", "WAVE"}
    assert journal.read_text() == ""


def test_a_second_import_is_told_to_wait(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    with JsonFileSink(state), pytest.raises(StateRefused) as refusal, JsonFileSink(state):
        pass
    assert (refusal.value.code, refusal.value.retry) == ("state_locked", True)


@pytest.mark.parametrize("content", ["", "[]", "{", '{"products": [{}]}', '{"products": 3}'])
def test_a_file_that_is_no_state_is_refused_and_left_alone(tmp_path: Path, content: str) -> None:
    state = tmp_path / "state.json"
    state.write_text(content)
    with pytest.raises(StateRefused), JsonFileSink(state):
        pass
    assert state.read_text() == content
