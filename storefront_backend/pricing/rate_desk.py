"""The desk that rates pass before they move prices: taken, or held for a human."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import structlog
from django.db import transaction
from django.db.models import F

from storefront_backend.catalog.models import RateTick
from storefront_backend.commerce.errors import InvalidRequest, NotFound
from storefront_backend.commerce.ports import RateSource
from storefront_backend.commerce.rates import Rates
from storefront_backend.commerce.variance import jumps

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RateDesk:
    """`limit` is the share by which a rate may move at once; 0.1 lets 10 % pass and no more."""

    source: RateSource
    limit: Decimal
    now: Callable[[], datetime]

    def in_force(self) -> Rates:
        """The rates that prices are made with: the last that were accepted.

        No page waits for a rate server: only `meet` asks the source, and this one does so once, for
        the first tick of a shop. Raises StaleRates where there are no rates at all.
        """
        tick = self.last_accepted() or self.meet()
        return Rates.from_json(tick.rates)

    def meet(self) -> RateTick:
        """Ask the source, and take or hold what it says. The same rates again: the same tick.

        Raises StaleRates where the source has none, ProviderUnavailable where it cannot be reached.
        """
        rates = self.source.rates(self.now())
        known = RateTick.objects.filter(version=rates.version).first()
        if known is not None:
            return known
        before = self.last_accepted()
        found = jumps(Rates.from_json(before.rates), rates, self.limit) if before else ()
        tick, new = RateTick.objects.get_or_create(
            version=rates.version,
            defaults={
                "rates": rates.to_json(),
                "jumps": [jump.to_json() for jump in found],
                "state": RateTick.State.HELD if found else RateTick.State.ACCEPTED,
                "seen_at": self.now(),
                "decided_at": None if found else self.now(),
                "decided_by": "" if found else "variance guard",
            },
        )
        if new and found:
            log.warning("rates held: they jumped", version=tick.version, jumps=tick.jumps)
        return tick

    def approve(self, version: str, by: str) -> RateTick:
        """Let held rates move prices from now on. Raises NotFound, InvalidRequest."""
        return self._decide(version, RateTick.State.ACCEPTED, by)

    def reject(self, version: str, by: str) -> RateTick:
        """Never use held rates. Raises NotFound, InvalidRequest."""
        return self._decide(version, RateTick.State.REJECTED, by)

    def last_accepted(self) -> RateTick | None:
        """The tick in force."""
        return (
            RateTick.objects.filter(state=RateTick.State.ACCEPTED)
            .order_by(F("decided_at").desc(nulls_last=True), "-pk")
            .first()
        )

    def _decide(self, version: str, state: RateTick.State, by: str) -> RateTick:
        with transaction.atomic():
            tick = RateTick.objects.select_for_update().filter(version=version).first()
            if tick is None:
                raise NotFound(f"There are no rates of version {version!r}", field="version")
            if tick.state != RateTick.State.HELD:
                raise InvalidRequest(
                    f"The rates {version} have been {tick.state} already", field="version"
                )
            tick.state, tick.decided_at, tick.decided_by = state, self.now(), by[:150]
            tick.save()
        log.info("held rates decided", version=version, state=state.value, by=by)
        return tick
