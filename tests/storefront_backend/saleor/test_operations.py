"""Every operation that we send, against Saleor's own description."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from graphql import OperationDefinitionNode, OperationType, parse, validate

from i18n.locales import LANGUAGES
from storefront_backend.saleor import documents
from storefront_backend.saleor.vocabulary import TRANSLATED, language_code
from tests.fakes.saleor_wire import schema

FOLDER = Path(documents.__file__).parent / "operations"
PATHS = sorted(
    path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.rglob("*.graphql")
)


@pytest.mark.parametrize("path", PATHS)
def test_saleor_knows_the_operation(path: str) -> None:
    errors = validate(schema(), parse(documents.document(path).text))
    assert [error.message for error in errors] == []


@pytest.mark.parametrize("path", PATHS)
def test_an_operation_is_one_named_and_small_enough(path: str) -> None:
    document = documents.document(path)
    parsed = parse(document.text)
    operations = [d for d in parsed.definitions if isinstance(d, OperationDefinitionNode)]
    assert [operation.name and operation.name.value for operation in operations] == [document.name]
    if operations[0].operation is OperationType.MUTATION:
        assert len(operations[0].selection_set.selections) <= 4  # GRAPHQL_MUTATION_COUNT_LIMIT
    else:
        assert document.repeatable


def test_every_language_of_the_shop_is_read() -> None:
    for path in ("catalogue/changed", "catalogue/foreign", "catalogue/standing"):
        text = documents.document(path).text
        read = set(re.findall(r"translation\(languageCode: (\w+)\)", text))
        assert read == {language_code(code) for code in LANGUAGES if code != "en"}
    assert {*TRANSLATED, "en"} == set(LANGUAGES)


@pytest.mark.parametrize("path", ["changed", "foreign", "standing"])
def test_a_language_more_is_a_field_more_that_saleor_knows(path: str) -> None:
    raw = (FOLDER / "catalogue" / f"{path}.graphql").read_text()
    text = documents.with_translations(raw, [*TRANSLATED, "vi", "pt-BR"])
    assert "t_VI: translation(languageCode: VI) { name" in text
    assert "t_PT_BR: translation(languageCode: PT_BR) { name" in text
    assert [error.message for error in validate(schema(), parse(text))] == []


def test_no_two_operations_bear_one_name() -> None:
    names = [documents.document(path).name for path in PATHS]
    assert sorted(names) == sorted(set(names))
