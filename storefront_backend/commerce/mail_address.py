"""An e-mail address that a mail can be sent to, checked where it comes in.

Narrower than RFC 5321 allows: no quoted local part, no address literal, and no encoded word, which
a mail server never delivers to and on which the building of a mail fails.
"""

from __future__ import annotations

import re

from storefront_backend.commerce.errors import InvalidRequest

LONGEST = 254
_LONGEST_LOCAL = 64
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


def mail_address(text: str) -> str:
    """The address in lower case. Raises InvalidRequest for what is none."""
    address = text.strip().lower()
    local, at, domain = address.rpartition("@")
    sound = (
        at
        and len(address) <= LONGEST
        and len(local) <= _LONGEST_LOCAL
        and _LOCAL.fullmatch(local)
        and "=?" not in local
        and _is_domain(domain)
    )
    if not sound:
        raise InvalidRequest("That is not an e-mail address", field="email")
    return address


def _is_domain(domain: str) -> bool:
    try:
        labels = domain.encode("idna").decode("ascii").split(".")
    except UnicodeError:
        return False
    if len(labels) < 2 or labels[-1].isdigit():
        return False
    return all(_LABEL.fullmatch(label) for label in labels)
