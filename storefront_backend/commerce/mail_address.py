"""Mail addresses, checked where they come in: what passes here, a mail server can be given.

Stricter than RFC 5322 on purpose. It allows quoted names, comments, encoded words and addresses by
number, which no shop's customer has and which mail libraries refuse when a mail is sent, too late.
"""

from __future__ import annotations

import re

from storefront_backend.commerce.errors import InvalidRequest

LONGEST = 254  # RFC 5321, 4.5.3.1.3: a path of 256 with its brackets
_LONGEST_NAME = 64  # the same, 4.5.3.1.1
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)")


def checked_address(text: str, *, field: str = "email") -> str:
    """The address without blanks around it. Raises InvalidRequest."""
    address = text.strip(" ")
    name, _, domain = address.rpartition("@")
    if not is_deliverable(name, domain):
        raise InvalidRequest(
            "That is not an e-mail address", field=field, hint="Write it like name@example.com."
        )
    return address


def is_deliverable(name: str, domain: str) -> bool:
    """Whether both sides of the @ are what every mail server takes."""
    if len(name) > _LONGEST_NAME or len(name) + 1 + len(domain) > LONGEST:
        return False
    if not _ATOMS.fullmatch(name) or "=?" in name or "?=" in name:  # RFC 2047's encoded words
        return False
    try:
        labels = domain.encode("idna").decode("ascii").split(".")
    except UnicodeError:
        return False
    known = len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels)
    return known and not labels[-1].isdigit()
