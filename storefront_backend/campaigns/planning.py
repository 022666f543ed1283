"""Scheduling a campaign, and what stops it."""

from __future__ import annotations

from datetime import datetime, timedelta

from i18n.rulebook import Rulebook
from storefront_backend.background.items import each
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
    if found := findings(campaign, rulebook, now.date()):
        raise InvalidRequest(f"{len(found)} claims are forbidden", field="claims")
    campaign.scheduled_at = now
    campaign.save(update_fields=("scheduled_at",))


def keep_lawful(campaign: Campaign, rulebook: Rulebook, now: datetime) -> bool:
    """Make a scheduled campaign with a forbidden claim a draft again; whether it was one."""
    if campaign.scheduled_at is None or not findings(campaign, rulebook, now.date()):
        return False
    unschedule(campaign)
    return True


def keep_all_lawful(rulebook: Rulebook, now: datetime) -> int:
    """The same for each campaign that is not over: laws and pieces change after the scheduling."""
    planned = Campaign.objects.exclude(scheduled_at=None)
    rows = planned.filter(last_day__gte=now.date() - timedelta(days=1))  # by the latest clock
    done = each(
        "campaign-claims",
        rows,
        lambda row: keep_lawful(row, rulebook, now),
        now,
        id_of=lambda row: row.slug,
        most=None,
    )
    return done.done


def unschedule(campaign: Campaign) -> None:
    """A draft again: shoppers see it no longer, and its offers do not hold."""
    campaign.scheduled_at = None
    campaign.save(update_fields=("scheduled_at",))
