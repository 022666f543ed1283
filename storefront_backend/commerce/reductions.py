"""A price reduction as it may be announced.

In the EU the price before it is the lowest one of the 30 days before the announcement: Directive
98/6/EC, Article 6a, put in by Directive (EU) 2019/2161, Article 2. Elsewhere the brand's own
`compare_at` applies.
"""

from __future__ import annotations

from datetime import timedelta

from i18n.money import Money

PRIOR_PERIOD = timedelta(days=30)


def price_before(
    now: Money, stated: Money | None, lowest_prior: Money | None, *, law_asks_for_lowest: bool
) -> Money | None:
    """The price to show struck through beside `now`; None where no reduction may be announced.

    `stated` is what the brand says it was; without it nothing is announced, however prices moved.
    `lowest_prior` is the lowest price of the prior period, None where the piece is new there.
    """
    if stated is None or stated <= now:
        return None
    if not law_asks_for_lowest:
        return stated
    if lowest_prior is None or lowest_prior <= now:
        return None
    return min(stated, lowest_prior, key=lambda money: money.amount)
