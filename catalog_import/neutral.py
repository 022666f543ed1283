"""Texts that a spreadsheet program would run as a formula, made harmless, and read back.

A program runs what begins with = + - @, a tab or a carriage return (OWASP, "CSV Injection"). An
apostrophe before it makes it a text; one more before a text that begins so already, so that
`read_back(neutral(text)) == text` for every text.
"""

from __future__ import annotations

import re

_RUN = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
_MADE_HARMLESS = re.compile(r"'+[=+\-@\t\r＝＋－＠]")


def neutral(text: str) -> str:
    """The text as a cell that no program runs."""
    return f"'{text}" if _RUN.match(text) else text


def is_neutral(text: str) -> bool:
    """Whether an apostrophe keeps this text from being run."""
    return bool(_MADE_HARMLESS.match(text))


def read_back(text: str) -> str:
    """The text that `neutral` was given."""
    return text[1:] if is_neutral(text) else text
