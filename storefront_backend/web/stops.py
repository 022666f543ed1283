"""Why nothing can be bought in a market, in the words of the page and with who says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from i18n.law import Period, Source
from i18n.market import Market
from storefront_backend import wiring
from storefront_backend.catalog.stops import stopping_rules
from storefront_backend.web import words
from storefront_backend.web.samples import samples_of
from storefront_backend.web.spoken import in_words


@dataclass(frozen=True, slots=True)
class Stop:
    """The rule that stops all sales: what it says, what it would need, and its source."""

    rule: str
    title: str
    need: str
    state: str
    state_label: str
    source: Source

    @classmethod
    def by(cls, period: Period[Any]) -> Stop:
        """What a period of a rule says."""
        say = in_words()
        need = getattr(period.terms, "need", "") or getattr(period.terms, "because", "")
        return cls(
            rule=period.rule,
            title=say(period.title),
            need=say(need) if need else "",
            state=period.state.value,
            state_label=words.word(words.RULE_STATES, period.state.value),
            source=period.source,
        )


def stop_of(market: Market) -> Stop | None:
    """What stops the market's listings most often; without listings, what stops a gold ring.

    None where no rule does: then nothing was offered there yet.
    """
    law = wiring.rulebook().market(market.code).on(wiring.now().date())
    known = {period.rule: period for period in law.periods}
    for rule in stopping_rules(market.code):
        if rule in known:
            return Stop.by(known[rule])
    stopped = samples_of(market).stopped
    return Stop.by(stopped) if stopped else None
