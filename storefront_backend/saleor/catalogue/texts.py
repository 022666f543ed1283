"""Descriptions: plain text with us, Editor.js blocks in Saleor (https://editorjs.io/saving-data)."""

from __future__ import annotations

import html
import json
import re

_TAG = re.compile(r"<[^>]*>")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


def to_blocks(text: str) -> str | None:
    """Paragraphs as JSON; None for no text, which is how Saleor keeps nothing."""
    paragraphs = [part.strip() for part in text.split("\n\n") if part.strip()]
    if not paragraphs:
        return None
    blocks = [
        {
            "type": "paragraph",
            "data": {"text": html.escape(part, quote=False).replace("\n", "<br>")},
        }
        for part in paragraphs
    ]
    return json.dumps({"blocks": blocks}, ensure_ascii=False)


def to_text(blocks: str | None) -> str:
    """The words of any Editor.js value, a paragraph or list item a block; markup is dropped."""
    if not blocks:
        return ""
    try:
        found = json.loads(blocks)
    except ValueError:
        return ""
    parts: list[str] = []
    for block in found.get("blocks", ()) if isinstance(found, dict) else ():
        content = block.get("data", {})
        items = content.get("items") if block.get("type") == "list" else [content.get("text", "")]
        parts += [_plain(item) for item in items or () if isinstance(item, str)]
    return "\n\n".join(part for part in parts if part)


def _plain(text: str) -> str:
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", text))).strip()
