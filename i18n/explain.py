"""A landed cost in sentences: what you pay and why, in the shopper's language.

The sentences are gettext messages, and so are the titles of rules (`rulebook_messages`);
`translate` turns both into the reader's language: i18n.translations.translator, or any gettext.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from i18n.landed_cost import CostLine, LandedCost
from i18n.law import Source, State
from i18n.locales import format_date, format_money, format_rate
from i18n.rulebook.model import Rulebook


def gettext_noop(message: str) -> str:
    """Marks a message for xgettext and leaves it as it is."""
    return message


GOODS = gettext_noop("The goods cost %(amount)s.")
SHIPPING = gettext_noop("Shipping costs %(amount)s.")
INSURANCE = gettext_noop("Insurance costs %(amount)s.")
SHARE = gettext_noop("%(title)s: %(rate)s of %(base)s is %(amount)s.")
SUM = gettext_noop("%(title)s: %(amount)s.")
NOTHING = gettext_noop("%(title)s: nothing to pay.")
AT_DOOR = gettext_noop("You pay this to the carrier on delivery.")
AT_CHECKOUT = gettext_noop("You pay this to us, and we pay it to the authority.")
SOURCE = gettext_noop("Source: %(title)s, read on %(day)s.")
DISPUTED = gettext_noop("Sources disagree about this rule; we go by the reading stated here.")
TOTAL = gettext_noop("In all you pay %(amount)s.")
TOTAL_SPLIT = gettext_noop("In all you pay %(amount)s: %(now)s now and %(later)s on delivery.")

# The labels of lines that no rule sets.
LABELS = (gettext_noop("Goods"), gettext_noop("Shipping"), gettext_noop("Insurance"))

MESSAGES = (
    GOODS, SHIPPING, INSURANCE, SHARE, SUM, NOTHING, AT_DOOR, AT_CHECKOUT, SOURCE, DISPUTED, TOTAL,
    TOTAL_SPLIT, *LABELS,
)  # fmt: skip

_TWO_STOPS = re.compile(r"\.([\u200e\u200f]*)\.(?=\s|$)")
_GIVEN = {"goods": GOODS, "shipping": SHIPPING, "insurance": INSURANCE}


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is paid, who takes it, and who says so; `rule` is empty where no law is behind it."""

    text: str
    rule: str = ""
    payer: str = ""
    says: str = ""
    caution: str = ""
    source: Source | None = None


def explain(
    cost: LandedCost,
    code: str = "en",
    country: str = "",
    *,
    translate: Callable[[str], str] = str,
) -> tuple[Sentence, ...]:
    """One sentence a line and one for the total, in the language of a BCP 47 code.

    Numbers, money and dates are written by that language and country (CLDR). Text that `translate`
    does not know stays English, which a reader can still tell from a number that is wrong.
    """

    def money(line: CostLine) -> str:
        return format_money(line.amount, code, country)

    sentences = []
    for line in cost.lines:
        if line.kind in _GIVEN:
            given = translate(_GIVEN[line.kind]) % {"amount": money(line)}
            sentences.append(Sentence(_one_stop(given)))
            continue
        form = NOTHING if not line.amount else SUM if line.rate is None else SHARE
        text = translate(form) % {
            "title": translate(line.label),
            "rate": "" if line.rate is None else format_rate(line.rate, code, country),
            "base": format_money(line.base, code, country),
            "amount": money(line),
        }
        payer = AT_DOOR if line.payer == "importer" else AT_CHECKOUT
        source = line.source
        sentences.append(
            Sentence(
                _one_stop(text),
                line.rule,
                translate(payer) if line.amount else "",
                ""
                if source is None
                else translate(SOURCE)
                % {"title": source.title, "day": format_date(source.checked, code, country)},
                translate(DISPUTED) if line.state is State.DISPUTED else "",
                source,
            )
        )
    later = cost.at_door
    total = TOTAL_SPLIT if later else TOTAL
    sentences.append(
        Sentence(
            _one_stop(
                translate(total)
                % {
                    "amount": format_money(cost.total, code, country),
                    "now": format_money(cost.at_checkout, code, country),
                    "later": format_money(later, code, country),
                }
            )
        )
    )
    return tuple(sentences)


def _one_stop(text: str) -> str:
    """A currency that is an abbreviation ("د.إ.") brings the full stop with it."""
    return _TWO_STOPS.sub(r".\1", text)


def rulebook_messages(rulebook: Rulebook) -> tuple[str, ...]:
    """Every text of the rulebook that a shopper or a brand reads, once, in order of the markets."""
    found: dict[str, None] = {}
    for market in rulebook.markets:
        for rule in rulebook.market(market.code).rules:
            found.setdefault(rule.title)
            for period in rule.periods:
                for name in ("say", "need", "because", "duty"):
                    text = getattr(period.terms, name, "")
                    if text:
                        found.setdefault(text)
    return tuple(found)
