"""Why a market shows nothing: the rules that keep its listings off sale."""

from __future__ import annotations

from collections import Counter

from storefront_backend.catalog.models import Listing

_LOOKED_AT = 500


def stopping_rules(market: str) -> tuple[str, ...]:
    """Ids of the rules that stop what brands want to sell there, most frequent first.

    One statement.
    """
    rows = Listing.objects.filter(market=market, is_wanted=True, is_live=False).values_list(
        "stopped_by", "ruling__body"
    )[:_LOOKED_AT]
    counted: Counter[str] = Counter()
    for stopped_by, ruling in rows:
        if stopped_by:
            counted[stopped_by] += 1
            continue
        for finding in (ruling or {}).get("findings", ()):
            if finding["outcome"] in ("needs", "not-allowed"):
                counted[finding["rule"]] += 1
    return tuple(rule for rule, _ in counted.most_common())
