"""No log line has the token of a checkout, an order or an upload."""

from __future__ import annotations

import logging

import pytest
from django.test import Client

from storefront_backend.log_setup import redact, without_tokens

TOKEN = "86d8e407-e158-4abe-8c51-b2835b84fcaf"


@pytest.fixture
def lines(capsys, settings) -> list[str]:
    """What the shop's own log handler writes."""
    handler = next(h for h in logging.getLogger().handlers if type(h) is logging.StreamHandler)
    written: list[str] = []
    emit = handler.emit
    handler.emit = lambda record: written.append(handler.format(record))  # type: ignore[method-assign]
    yield written
    handler.emit = emit  # type: ignore[method-assign]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/de/en/checkout/{}/", "/de/en/order/{}/", "/nowhere/{}"])
def test_a_token_in_an_address_is_not_logged(path: str, lines: list[str]) -> None:
    Client().get(path.format(TOKEN))
    assert any("[token]" in line for line in lines)
    assert TOKEN not in "\n".join(lines)


@pytest.mark.parametrize(
    "said",
    [
        f"Not Found: /us/en/checkout/{TOKEN}/paid/",
        f"GET https://shop.example/order/{TOKEN.upper()}?a=1",
        f"/sign-in/?next=%2Fus%2Fen%2Forder%2F{TOKEN}%2F",
        f"/checkout/{TOKEN.replace('-', '')}/",
        f"/x/?token={TOKEN}",
    ],
)
def test_a_token_is_replaced_wherever_an_address_has_it(said: str) -> None:
    assert "[token]" in without_tokens(said)
    assert TOKEN.partition("-")[0] not in without_tokens(said).lower()


def test_what_is_no_token_is_left_alone() -> None:
    said = {
        "event": "payment refunded or released",
        "reference": TOKEN,
        "path": "/assets/public/ab/" + "f" * 64,
    }
    assert redact(None, "", dict(said)) == said
