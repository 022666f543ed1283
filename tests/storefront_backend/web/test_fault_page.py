"""The page of a fault speaks the reader's language and promises what the shop keeps."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils import translation


def test_it_has_the_readers_language_and_direction() -> None:
    for code, direction, says in (
        ("en", "ltr", "a payment you made becomes an order or is refunded automatically"),
        ("ar", "rtl", "يعود إليك تلقائيًا"),
    ):
        with translation.override(code):
            page = render_to_string("500.html")
        assert f'<html lang="{code}" dir="{direction}">' in page
        assert says in page
