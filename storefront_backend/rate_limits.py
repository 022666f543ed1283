"""What is limited, and how often it may happen.

Several rates make delays that grow: after 5 tries the rest of a minute, after 10 the rest of a
quarter of an hour, and so on. A window begins with its first count, and a refused try does not
prolong it, so that no one is locked out for good. RATE_LIMITS changes a kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from limits import RateLimitItem, parse_many

OFF = "off"

RATES: Mapping[str, str] = {
    # Wrong passwords: of a client for all accounts; of a client for one account; of a device that
    # signed in to the account before; and of all strangers together for one account.
    "sign-in-client": "20/15 minutes; 60/hour; 300/day",
    "sign-in-pair": "5/minute; 10/15 minutes; 20/hour; 50/day",
    "sign-in-device": "5/minute; 10/15 minutes; 20/hour; 50/day",
    "sign-in-account": "100/15 minutes; 200/hour; 500/day",
    # Codes of a second factor: wrong ones of a device that signed in before, and of all strangers
    # together for one account; and how often a right one works.
    "code-device": "5/minute; 10/15 minutes; 20/hour; 50/day",
    "code-account": "5/minute; 10/15 minutes; 30/hour; 100/day",
    "code-once": "1/5 minutes",
    # Sign-ins with a passkey, of a client: there is nothing to guess, but each takes work.
    "passkey": "30/15 minutes; 200/day",
    # Invitations: of a brand, and mails to one address.
    "invitation": "30/hour; 100/day",
    "invitation-mail": "3/hour; 6/day",
    # Looking at invitations by a link: of a client.
    "invitation-link": "30/15 minutes; 200/day",
    # Links to make an account or choose a password: of a client, and mails to one address.
    "account-link": "10/15 minutes; 30/hour; 60/day",
    "account-mail": "3/hour; 6/day",
    # Back-in-stock notices: of a client, and mails that ask one address to confirm.
    "notice": "10/minute; 30/hour; 60/day",
    "notice-mail": "1/hour; 3/day",
    # Applications as a partner: of a client.
    "partner-application": "5/hour; 10/day",
    "engraving": "60/minute",
    "checkout": "120/minute; 1200/hour",
    "checkout-change": "300/minute",
    "promo-code": "20/minute; 100/hour",
    "payment": "60/minute; 600/hour",
}


@cache
def rates_of(kind: str, changed: str | None) -> tuple[RateLimitItem, ...]:
    """A kind's rates; none where it is off. Raises ValueError for rates that cannot be read."""
    text = RATES[kind] if changed is None else changed
    return () if text == OFF else tuple(sorted(parse_many(text)))


def read_changes(words: Iterable[str]) -> dict[str, str]:
    """RATE_LIMITS as a mapping: `notice=30/minute;100/hour` or `engraving=off`, each a word.

    Raises ValueError for an unknown kind or rates that cannot be read.
    """
    changes = {}
    for word in words:
        kind, _, rates = word.partition("=")
        if kind not in RATES:
            raise ValueError(f"there is no limit {kind!r}; there are {', '.join(RATES)}")
        rates_of(kind, rates)
        changes[kind] = rates
    return changes
