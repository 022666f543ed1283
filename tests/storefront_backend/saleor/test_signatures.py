"""Signatures: what a real Saleor has signed, and forgeries."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from storefront_backend.saleor.errors import NotGenuine, UnknownKey
from storefront_backend.saleor.signatures import KeySet, allowed_to
from tests.fakes.saleor_keys import SigningSaleor
from tests.fakes.saleor_wire import SALEOR_API

RECORDED = (
    "checkout_calculate_taxes",
    "payment_gateway_initialize_session",
    "shipping_list_methods_for_checkout",
    "transaction_initialize_session",
    "transaction_process_session",
)
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def keys() -> KeySet:
    return KeySet.read(json.loads((SALEOR_API / "jwks.json").read_text()))


def recorded(name: str) -> tuple[bytes, str]:
    """The body and the signature of a request that a real Saleor sent."""
    samples = SALEOR_API / "samples"
    headers = json.loads((samples / f"{name}.headers.json").read_text())["headers"]
    return (samples / f"{name}.body").read_bytes(), headers["Saleor-Signature"]


@pytest.mark.parametrize("name", RECORDED)
def test_a_real_request_is_genuine(keys: KeySet, name: str) -> None:
    body, signature = recorded(name)
    keys.verify_webhook(body, signature)


@pytest.mark.parametrize("name", RECORDED)
def test_one_bit_more_is_a_forgery(keys: KeySet, name: str) -> None:
    body, signature = recorded(name)
    changed = body[:40] + bytes([body[40] ^ 1]) + body[41:]
    with pytest.raises(NotGenuine):
        keys.verify_webhook(changed, signature)


def test_the_same_words_written_otherwise_are_not_what_was_signed(keys: KeySet) -> None:
    body, signature = recorded(RECORDED[0])
    with pytest.raises(NotGenuine):
        keys.verify_webhook(json.dumps(json.loads(body), indent=1).encode(), signature)


def test_the_signature_of_another_body_does_not_fit(keys: KeySet) -> None:
    body, _ = recorded(RECORDED[0])
    _, other = recorded(RECORDED[1])
    with pytest.raises(NotGenuine):
        keys.verify_webhook(body, other)


def test_another_saleors_key_is_unknown_and_not_wrong() -> None:
    ours, theirs = SigningSaleor(), SigningSaleor()
    with pytest.raises(UnknownKey):
        KeySet.read(ours.jwks()).verify_webhook(b"{}", theirs.sign(b"{}"))


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none", "b64": False, "crit": ["b64"]},
        {"alg": "HS256", "b64": False, "crit": ["b64"]},
        {"alg": "RS256"},
        {"alg": "RS256", "b64": True, "crit": ["b64"]},
        {"alg": "RS256", "b64": False, "crit": ["b64", "exp"]},
    ],
)
def test_no_header_talks_us_out_of_rs256_over_the_raw_bytes(header: dict[str, object]) -> None:
    saleor = SigningSaleor()
    with pytest.raises(NotGenuine):
        KeySet.read(saleor.jwks()).verify_webhook(b"{}", saleor.sign(b"{}", header=header))


@pytest.mark.parametrize("signature", ["", "a.b", "a.b.c.d", "..", "!!!..???", "bnVsbA..AA"])
def test_nonsense_is_refused(signature: str) -> None:
    with pytest.raises(NotGenuine):
        KeySet.read(SigningSaleor().jwks()).verify_webhook(b"{}", signature)


def test_a_key_that_is_too_short_is_not_taken() -> None:
    assert KeySet.read(SigningSaleor(bits=1024).jwks()).keys == {}


def test_a_dashboard_token_tells_who_may_what() -> None:
    saleor = SigningSaleor()
    token = saleor.token(NOW, app="QXBwOjE=", permissions=["MANAGE_PRODUCTS"])
    claims = KeySet.read(saleor.jwks()).read_token(token, NOW)
    assert allowed_to(claims, saleor.api_url, "QXBwOjE=") == ["MANAGE_PRODUCTS"]


def test_a_token_for_another_app_or_saleor_opens_nothing() -> None:
    saleor = SigningSaleor()
    claims = KeySet.read(saleor.jwks()).read_token(saleor.token(NOW, app="QXBwOjI="), NOW)
    for api_url, app in ((saleor.api_url, "QXBwOjE="), ("https://other.test/", "QXBwOjI=")):
        with pytest.raises(NotGenuine):
            allowed_to(claims, api_url, app)


def test_a_token_that_has_run_out_opens_nothing() -> None:
    saleor = SigningSaleor()
    token = saleor.token(datetime(2026, 11, 24, 8, 0, tzinfo=UTC), app="QXBwOjE=")
    with pytest.raises(NotGenuine):
        KeySet.read(saleor.jwks()).read_token(token, NOW)
