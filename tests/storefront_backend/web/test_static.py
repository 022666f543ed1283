"""What the pages are made of: light, and without a word of inline script or style."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

from storefront_backend import web
from tests.builders import make_shop

WEB = Path(web.__file__).parent
_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/ld\+json)")
_INLINE = re.compile(r"\sstyle=|\son[a-z]+=|<style")


def test_the_style_sheet_is_light() -> None:
    assert (WEB / "static/web/shop.css").stat().st_size < 28 * 1024


@pytest.mark.parametrize("template", sorted((WEB / "templates").rglob("*.html")), ids=str)
def test_no_template_holds_inline_script_or_style(template: Path) -> None:
    text = template.read_text()
    assert not _SCRIPT.search(text)
    assert not _INLINE.search(text)


@pytest.mark.django_db
def test_pages_forbid_inline_script_and_style(client: Client) -> None:
    variant = make_shop()
    page = client.get(f"/de/en/jewellery/{variant.product.slug}/")
    policy = page.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "style-src 'self'" in policy
