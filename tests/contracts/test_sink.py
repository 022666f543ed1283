"""What every Sink promises; an implementation joins by one line in SINKS."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest

from catalog_import import MemorySink, Sink
from storefront_backend import wiring
from storefront_backend.pricing.import_sink import BrandSink
from tests.builders import make_brand, make_warehouse
from tests.catalog_import.products import product

pytestmark = pytest.mark.django_db

type Opens = Callable[[Path], AbstractContextManager[Sink]]


def _rows(folder: Path) -> Sink:
    return BrandSink(make_brand(), make_warehouse(), folder, wiring.assets(), lambda _pk: None)


SINKS: dict[str, Opens] = {
    "memory": lambda _folder: nullcontext(MemorySink()),
    "a brand's rows": lambda folder: nullcontext(_rows(folder)),
}


@pytest.fixture(params=SINKS)
def sink(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sink]:
    with SINKS[request.param](tmp_path) as opened:
        yield opened


def test_a_new_sink_is_empty(sink: Sink) -> None:
    assert sink.existing() == {}


def test_what_is_put_stands_exactly_as_it_was(sink: Sink) -> None:
    ring = product("KAPOK")
    sink.put(ring)
    assert sink.existing() == {"KAPOK": ring}


def test_putting_twice_is_putting_once(sink: Sink) -> None:
    sink.put(product("KAPOK"))
    sink.put(product("KAPOK"))
    assert sink.existing() == {"KAPOK": product("KAPOK")}


def test_putting_again_replaces_the_whole_product(sink: Sink) -> None:
    sink.put(product("KAPOK", skus=("K-1", "K-2")))
    sink.put(product("KAPOK", skus=("K-2",)))
    assert [variant.sku for variant in sink.existing()["KAPOK"].variants] == ["K-2"]


def test_a_withdrawn_product_stands_no_more_and_others_do(sink: Sink) -> None:
    sink.put(product("KAPOK"))
    sink.put(product("LION"))
    sink.withdraw("KAPOK")
    sink.withdraw("KAPOK")
    assert sink.existing().keys() == {"LION"}


def test_withdrawing_what_never_was_is_no_error(sink: Sink) -> None:
    sink.withdraw("MISSING")
    assert sink.existing() == {}


def test_a_withdrawn_product_comes_back_when_put(sink: Sink) -> None:
    sink.put(product("KAPOK"))
    sink.withdraw("KAPOK")
    sink.put(product("KAPOK"))
    assert sink.existing() == {"KAPOK": product("KAPOK")}


def test_writing_does_not_change_what_was_read_before(sink: Sink) -> None:
    before = sink.existing()
    sink.put(product("KAPOK"))
    assert before == {}
