"""One message to one recipient."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Letter:
    """Written in the recipient's language; `html` may be empty."""

    recipient: str
    subject: str
    text: str
    html: str = ""
