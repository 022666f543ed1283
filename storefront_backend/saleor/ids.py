"""Saleor's global ids: base64 of "Type:key"."""

from __future__ import annotations

import base64
import binascii


def encoded(kind: str, key: str) -> str:
    """The id of a thing whose key is known, e.g. ("Checkout", its token)."""
    return base64.b64encode(f"{kind}:{key}".encode()).decode()


def decoded(global_id: str) -> str:
    """The id as "Type:key"; empty where it is none."""
    try:
        return base64.b64decode(global_id, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def key_of(global_id: str) -> str:
    """The key inside an id; empty where it is none."""
    return decoded(global_id).partition(":")[2]
