"""Prices follow the rates: a tick is met once and worked at by several workers together."""

from __future__ import annotations

import structlog
from django.conf import settings
from django.tasks import task

from storefront_backend import wiring
from storefront_backend.catalog.models import RateTick, Repricing
from storefront_backend.commerce.errors import CommerceError
from storefront_backend.jobs.saleor_prices import ask_for_prices
from storefront_backend.pricing.repricing import ask

log = structlog.get_logger(__name__)


@task(queue_name="default")
def follow_rates() -> str:
    """Fetch the current rates; where they are new and not held, reprice. Returns what became of it.

    Rates that cannot be had, or are too old, leave every price as it is and say so in the log.
    """
    try:
        tick = wiring.rate_desk().meet()
    except CommerceError as error:
        log.warning("rates not applied: prices stay", code=error.code, reason=error.message)
        return error.code
    if tick.state == RateTick.State.ACCEPTED and not _is_done(tick):
        request_repricing(tick, "follow_rates")
    return str(tick.state)


@task(queue_name="default")
def reprice(tick_id: int) -> int:
    """Reprice markets of a tick until none is left that no other holds; returns how many."""
    tick = RateTick.objects.get(pk=tick_id)
    last = wiring.rate_desk().last_accepted()
    if last is not None and last.pk != tick.pk:
        # A newer tick has come; what it writes is all that counts.
        Repricing.objects.filter(tick=tick, done_at=None).delete()
        return 0
    try:
        done = wiring.repricer(tick).work()
    except CommerceError as error:
        log.warning("not repriced: prices stay", code=error.code, reason=error.message)
        return 0
    for work in done:
        log.info(
            "repriced", market=work.market, rates=tick.version, changed=work.changed,
            looked_at=work.looked_at,
        )  # fmt: skip
    if done:
        ask_for_prices(tick)
    return len(done)


def request_repricing(tick: RateTick, by: str) -> None:
    """Put down a tick's markets and call the workers."""
    ask(tick, settings.MARKETS, by, wiring.now())
    for _ in range(settings.REPRICING_WORKERS):
        reprice.enqueue(tick.pk)


def _is_done(tick: RateTick) -> bool:
    """Whether every market of the shop has been repriced to the tick."""
    done = set(tick.repricings.exclude(done_at=None).values_list("market", flat=True))
    return done >= set(settings.MARKETS)
