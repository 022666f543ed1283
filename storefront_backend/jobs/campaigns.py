"""Looks again at what scheduled campaigns say, since laws and pieces change."""

from __future__ import annotations

from django.tasks import task

from storefront_backend import wiring
from storefront_backend.campaigns.planning import keep_all_lawful


@task(queue_name="default")
def keep_claims() -> int:
    """How many campaigns became drafts again."""
    return keep_all_lawful(wiring.rulebook(), wiring.now())
