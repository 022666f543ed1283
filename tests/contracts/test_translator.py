"""What every Translator does."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from storefront_backend.commerce.errors import ProviderError, ProviderUnavailable
from storefront_backend.commerce.ports import Translator
from storefront_backend.translation import deepl_translator
from storefront_backend.translation.deepl_translator import DeepLTranslator
from tests.fakes.deepl_server import KEY, DeepLServer, deepl_server
from tests.fakes.translator import FakeTranslator

type Made = tuple[Translator, Callable[[], None]]


@pytest.fixture
def server(socket_enabled: None) -> Iterator[DeepLServer]:
    with deepl_server() as state:
        yield state


@pytest.fixture(params=["fake", "deepl"])
def made(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Made:
    """A translator, and what takes it away."""
    if request.param == "fake":
        fake = FakeTranslator()
        return fake, lambda: setattr(fake, "away", True)
    server = request.getfixturevalue("server")
    monkeypatch.setattr(deepl_translator.deepl.http_client, "max_network_retries", 0)
    return DeepLTranslator(KEY, server=server.url), lambda: setattr(server, "fails", 503)


def test_one_translation_a_text_in_order(made: Made) -> None:
    found = made[0].translate(["木棉戒指", "荷花吊坠"], source="zh-Hans", target="ja")
    assert found == ["[JA] 木棉戒指", "[JA] 荷花吊坠"]


def test_signs_of_markup_come_back_as_they_were(made: Made) -> None:
    text = "A <fine> ring & “co” 5 > 3"
    assert made[0].translate([text], source="en", target="de") == [f"[DE] {text}"]


def test_both_chinese_scripts_are_languages_of_their_own(made: Made) -> None:
    assert {"zh-Hans", "zh-Hant", "en", "ja"} <= made[0].languages()
    assert "th" not in made[0].languages()


def test_one_that_is_away_may_be_called_again(made: Made) -> None:
    translator, take_away = made
    take_away()
    with pytest.raises(ProviderUnavailable) as raised:
        translator.translate(["ring"], source="en", target="de")
    assert raised.value.retry


def test_names_to_keep_are_marked_for_deepl(server: DeepLServer) -> None:
    deepl = DeepLTranslator(KEY, server=server.url)
    [text] = deepl.translate(["By Lotus & Sons"], source="en", target="de", kept=["Lotus & Sons"])
    assert server.calls[0]["text"] == ["By <keep>Lotus &amp; Sons</keep>"]
    assert server.calls[0]["ignore_tags"] in (["keep"], "keep")
    assert text == "[DE] By Lotus & Sons"


def test_a_month_that_is_used_up_is_no_matter_of_waiting(server: DeepLServer) -> None:
    server.fails = 456
    with pytest.raises(ProviderError, match="used up") as raised:
        DeepLTranslator(KEY, server=server.url).translate(["ring"], source="en", target="de")
    assert not raised.value.retry
