"""Scheduling a campaign, and what stops it."""

from __future__ import annotations

from datetime import datetime

from i18n.rulebook import Rulebook
from storefront_backend.campaigns.claims import findings
from storefront_backend.campaigns.models import Campaign
from storefront_backend.commerce.errors import InvalidRequest


def missing_texts(campaign: Campaign, rulebook: Rulebook) -> list[str]:
    """The languages of its markets, best first, in which no text would stand in: none has a name.

    A market's first language is the least that it needs.
    """
    firsts = [rulebook.market(code).market.languages[0] for code in campaign.markets]
    return sorted({language for language in firsts if not campaign.names.get(language)})


def schedule(campaign: Campaign, rulebook: Rulebook, now: datetime) -> None:
    """From now on the clock decides. Raises InvalidRequest where something forbids it."""
    if not campaign.markets:
        raise InvalidRequest("The campaign has no market", field="markets")
    if lacking := missing_texts(campaign, rulebook):
        raise InvalidRequest(f"The name is missing in {', '.join(lacking)}", field="names")
    if found := findings(campaign, rulebook):
        raise InvalidRequest(f"{len(found)} claims are forbidden", field="claims")
    campaign.scheduled_at = now
    campaign.save(update_fields=("scheduled_at",))


def keep_lawful(campaign: Campaign, rulebook: Rulebook) -> None:
    """A change of a scheduled campaign that brings in a forbidden claim makes it a draft again."""
    if campaign.scheduled_at is not None and findings(campaign, rulebook):
        unschedule(campaign)


def unschedule(campaign: Campaign) -> None:
    """A draft again: shoppers see it no longer, and its offers do not hold."""
    campaign.scheduled_at = None
    campaign.save(update_fields=("scheduled_at",))
